"""The times that a picker has to offer, asked for a range of days at once."""

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from bookme.bookings import months
from bookme.bookings import service as bookings
from bookme.bookings.slots import reach
from bookme.models import Booking, Schedule
from bookme.public.views import View, Within
from bookme.public.weeks import first_weekday

#: With a strip one week more is asked for: where its first week has no times, it begins a week on.
_MORE = timedelta(weeks=1)
_NEAR = timedelta(days=31)


class Starts:
    """Free times of a schedule; the one that a booking has now is none of them.

    :param zone: whose days are meant.
    :param minutes: the length that was chosen; None for the one chosen at first.
    :ivar present: when a booking that looks for another time takes place.
    """

    def __init__(
        self,
        schedule: Schedule,
        zone: str,
        *,
        now: datetime,
        moving: Booking | None = None,
        minutes: int | None = None,
    ) -> None:
        self._schedule, self._zone, self._now = schedule, zone, now
        self._moving, self._minutes = moving, minutes
        self.present = moving.starts_at if moving is not None else None
        self._begin = self._end = now
        self._known: list[datetime] = []

    def within(self, locale: str) -> Within:
        """From which to which date can be booked."""
        first, last = (self.day(at) for at in reach(self._schedule, now=self._now))
        begins = first if self._schedule.dates else self.day(self._now)
        return Within(begins, last, first_weekday(locale))

    def day(self, at: datetime) -> date:
        """The date of an instant."""
        return at.astimezone(ZoneInfo(self._zone)).date()

    def of(self, view: View) -> list[datetime]:
        """Those of the days that are shown."""
        # In UTC, as all starts are: those of one zone are compared ten times as fast.
        begin, end = (
            months.midnight(day, self._zone).astimezone(UTC) for day in (view.first, view.stop)
        )
        if not self._begin <= begin < end <= self._end:
            self._begin, self._end = begin, end + _MORE if view.is_strip else end
            self._known = self._between(self._begin, self._end)
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
            if begin < stop and (found := self._between(begin, stop)):
                return found[0]
        return None

    def after_day(self, day: date) -> datetime | None:
        """The first after a day."""
        return self.after(months.midnight(day + timedelta(days=1), self._zone))

    def _between(self, begin: datetime, end: datetime) -> list[datetime]:
        found = bookings.open_slots(
            self._schedule,
            begin,
            end,
            now=self._now,
            moving=self._moving,
            minutes=self._minutes,
        )
        return found if self.present is None else [one for one in found if one != self.present]
