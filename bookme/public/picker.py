"""What a booker picks a time from: some weeks, their days with free times, and the times of one
day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from bookme.availability import to_datetime, to_datetimes
from bookme.bookings import busy, months
from bookme.models import Booking, Schedule
from bookme.public.days import Calendar, calendar
from bookme.public.offers import length_in
from bookme.public.reader import Reader
from bookme.public.starts import Offered, Starts
from bookme.public.views import View, Wish, Within, around, month_of, wish


@dataclass(frozen=True, slots=True)
class Times:
    """The times of one day.

    :ivar day: the one asked for, else that of the booking which looks for another time, else the
        first with free times.
    :ivar starts: free ones, and the present one of such a booking.
    :ivar present: when such a booking takes place.
    :ivar first: the first free time of all, where that is known.
    :ivar next: where the day has none: the first free time after it.
    """

    day: date | None
    starts: list[datetime]
    present: datetime | None
    first: datetime | None
    next: datetime | None


@dataclass(frozen=True, slots=True)
class Picker:
    """Some weeks and one of their days, on the wall calendar of the reader's zone.

    :ivar asked: the month and day that the address names, as its own arguments.
    :ivar last: the last date that can be booked.
    :ivar minutes: how long an appointment is.
    :ivar lengths: what a booker can choose from; fewer than two are no choice.
    :ivar is_blind: there are no times because a calendar of the host cannot be read.
    """

    asked: dict[str, str]
    calendar: Calendar
    times: Times
    last: date
    notices: list[str]
    minutes: int
    lengths: list[int]
    is_blind: bool = False

    @property
    def chosen(self) -> dict[str, str]:
        """The length as an argument of an address, where there is a choice."""
        return {"minutes": str(self.minutes)} if len(self.lengths) > 1 else {}


def picker(
    schedule: Schedule,
    reader: Reader,
    args: Mapping[str, str],
    *,
    now: datetime,
    moving: Booking | None = None,
    offered: Offered | None = None,
) -> Picker:
    """The days that an address asks for; without a wish those of the booking that looks for another
    time, else those of the first free time.

    Takes a handful of queries, whose number and cost do not depend on how many bookings there are.
    """
    minutes, odd = _length(args, schedule, moving)
    starts = Starts(schedule, reader.zone, now=now, moving=moving, minutes=minutes, offered=offered)
    within = starts.within(reader.locale)
    wished = wish(args, within)
    view, day = _chosen(wished, within, starts)
    free = months.minutes_by_day(starts.of(view), reader.zone)
    times = _times(view, day, free, starts)
    first = starts.day(times.first) if times.first else None
    today = starts.day(now)
    return Picker(
        wished.asked,
        calendar(view, within, free=free, shown=times.day, first=first, today=today),
        times,
        within.last,
        odd + wished.notices,
        minutes or schedule.duration_minutes,
        [] if moving else schedule.durations,
        starts.are_none and busy.is_blind(schedule.host_id, now=now),
    )


def _length(
    args: Mapping[str, str], schedule: Schedule, moving: Booking | None
) -> tuple[int | None, list[str]]:
    """The length that the address asks for, if it is offered, and what is wrong with it."""
    asked = None if moving else length_in(args.get("minutes"))
    if asked is None or asked in schedule.durations:
        return asked, []
    return None, [_("That length isn’t available. Choose one of these times, or another length.")]


def _chosen(wished: Wish, within: Within, starts: Starts) -> tuple[View, date | None]:
    """The days to show, and the one to show times of, if that is said."""
    if wished.month is not None:
        return month_of(wished.month, within), wished.day
    booked = starts.day(starts.present) if starts.present else None
    if wished.day is None and booked and within.first <= booked <= within.last:
        near = around(within.first, within)
        return near if near.has(booked) else month_of(booked, within), booked
    view = _opening(within, starts)
    if wished.day is None or view.has(wished.day):
        return view, wished.day
    return month_of(wished.day, within), wished.day


def _opening(within: Within, starts: Starts) -> View:
    """Where a picker opens: at the first free time."""
    view = around(within.first, within)
    if found := starts.of(view):
        starts.first = to_datetime(found[0])
    return around(starts.day(starts.first), within) if starts.first else view


def _times(
    view: View, day: date | None, free: Mapping[date, Sequence[int]], starts: Starts
) -> Times:
    """The times of a day, of the first free one if none is said; and where to find others."""
    day = day or next(iter(free), None)
    found = to_datetimes(free.get(day, ())) if day else []
    present, later = starts.present, None
    if not found:
        inside = (to_datetime(times[0]) for on, times in free.items() if day is None or on > day)
        later = next(inside, None) or starts.after_day(view.last)
    first = starts.first if not found and later is None else starts.first_known
    if present is not None and starts.day(present) == day:
        found = sorted([*found, present])
    return Times(day, found, present, first, later)
