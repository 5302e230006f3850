"""The times that a picker has to offer, asked for a range of days at once."""

from bisect import bisect_left
from collections.abc import Callable, Hashable
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from zoneinfo import ZoneInfo

from bookme.availability import Span, to_datetime, to_minutes_up
from bookme.bookings import months
from bookme.bookings import service as bookings
from bookme.bookings.slots import open_minutes, reach, rules_for
from bookme.models import Booking, Schedule
from bookme.public.views import View, Within
from bookme.public.weeks import first_weekday

#: With a strip one week more is asked for: where its first week has no times, it begins a week on.
_MORE = 7 * 24 * 60
_NEAR = timedelta(days=31)

#: Finds what is asked for, unless it was found before.
Offered = Callable[[Hashable, Callable[[], list[int]]], list[int]]


class Starts:
    """Free times of a schedule; the one that a booking has now is none of them.

    :param zone: whose days are meant.
    :param minutes: the length that was chosen; None for the one chosen at first.
    :param offered: for who doesn't move a booking.
    :ivar present: when a booking that looks for another time takes place.

    Those of a range are minutes since the epoch: a picker has hundreds, and shows a day's.
    """

    def __init__(
        self,
        schedule: Schedule,
        zone: str,
        *,
        now: datetime,
        moving: Booking | None = None,
        minutes: int | None = None,
        offered: Offered | None = None,
    ) -> None:
        self._schedule, self._zone, self._now = schedule, zone, now
        self._moving, self._minutes, self._offered = moving, minutes, offered
        self.present = moving.starts_at if moving is not None else None
        self._rules = rules_for(schedule, moving, minutes)
        self._range = (0, 0)
        self._known: list[int] = []

    def within(self, locale: str) -> Within:
        """From which to which date can be booked."""
        begin, stop = self._rules.reach(to_minutes_up(self._now))
        first, last = (self.day(to_datetime(at)) for at in (begin, stop - 1))
        begins = first if self._schedule.dates else self.day(self._now)
        return Within(begins, last, first_weekday(locale))

    def day(self, at: datetime) -> date:
        """The date of an instant."""
        return at.astimezone(ZoneInfo(self._zone)).date()

    def of(self, view: View) -> list[int]:
        """Those of the days that are shown."""
        begin, end = (months.midnight_minute(day, self._zone) for day in (view.first, view.stop))
        if not self._range[0] <= begin < end <= self._range[1]:
            self._range = begin, end + _MORE if view.is_strip else end
            self._known = self._between(self._range)
        return self._known[bisect_left(self._known, begin) : bisect_left(self._known, end)]

    @cached_property
    def first(self) -> datetime | None:
        """The first of all."""
        start = bookings.next_slot(
            self._schedule, now=self._now, moving=self._moving, minutes=self._minutes
        )
        # Asked again from there, the present one is left out.
        return self.after(start) if start is not None and start == self.present else start

    @property
    def first_known(self) -> datetime | None:
        """The first of all, as far as that had to be found out."""
        known: datetime | None = vars(self).get("first")
        return known

    @property
    def are_none(self) -> bool:
        """Whether it was found out that there are none at all."""
        return vars(self).get("first", self) is None

    def after(self, at: datetime) -> datetime | None:
        """The first at or after an instant."""
        if self.are_none:
            return None
        end = reach(self._schedule, now=self._now)[1] + timedelta(minutes=1)
        for begin, stop in ((at, min(at + _NEAR, end)), (at + _NEAR, end)):
            asked = to_minutes_up(begin), to_minutes_up(stop)
            if begin < stop and (found := self._between(asked)):
                return to_datetime(found[0])
        return None

    def after_day(self, day: date) -> datetime | None:
        """The first after a day."""
        return self.after(months.midnight(day + timedelta(days=1), self._zone))

    def _between(self, asked: Span) -> list[int]:
        find = partial(
            open_minutes,
            self._schedule,
            asked,
            now=self._now,
            moving=self._moving,
            minutes=self._minutes,
            rules=self._rules,
        )
        if self._offered is not None and self._moving is None:
            return self._offered((self._schedule.id, self._minutes, asked), find)
        found = find()
        if self.present is None:
            return found
        return [one for one in found if to_datetime(one) != self.present]
