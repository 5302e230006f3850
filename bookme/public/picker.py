"""What a booker picks a time from: a month, its days with free times, and the times of one day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from bookme.bookings import busy, months
from bookme.bookings import service as bookings
from bookme.bookings.slots import reach
from bookme.models import Booking, Schedule
from bookme.public.offers import length_in
from bookme.public.reader import Reader


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the shown month."""

    on: date
    free: bool
    today: bool
    shown: bool


@dataclass(frozen=True, slots=True)
class Picker:
    """A month and one of its days, on the wall calendar of the reader's zone.

    :ivar asked: the month or day that the address names, as its own arguments.
    :ivar earlier, later: the neighbouring months, where those can have times.
    :ivar weeks: Monday first; None stands for a day of another month.
    :ivar day: the day whose times are shown: the one asked for, else the first with free times.
    :ivar next: the first free time of all.
    :ivar last: the last date that can be booked.
    :ivar minutes: how long an appointment is.
    :ivar lengths: what a booker can choose from; fewer than two are no choice.
    :ivar is_blind: there are no times because a calendar of the host cannot be read.
    """

    asked: dict[str, str]
    month: date
    earlier: date | None
    later: date | None
    weeks: list[list[Day | None]]
    day: date | None
    times: list[datetime]
    next: datetime | None
    last: date
    notices: list[str]
    minutes: int
    lengths: list[int]
    is_blind: bool = False

    @property
    def chosen(self) -> dict[str, str]:
        """The length as an argument of an address, where there is a choice."""
        return {"minutes": str(self.minutes)} if len(self.lengths) > 1 else {}


@dataclass(frozen=True, slots=True)
class _Range:
    """From which date to which times can be booked."""

    today: date
    first: date
    last: date

    def has(self, month: date) -> bool:
        return self.first.replace(day=1) <= month <= self.last


def picker(
    schedule: Schedule,
    reader: Reader,
    args: Mapping[str, str],
    *,
    now: datetime,
    moving: Booking | None = None,
) -> Picker:
    """The month and day that an address asks for; without a wish, those of the next free time.

    Takes a handful of queries, whose number and cost do not depend on how many bookings there are.
    """
    zone = ZoneInfo(reader.zone)
    minutes, odd = _length(args, schedule, moving)
    first, last = reach(schedule, now=now)
    today = now.astimezone(zone).date()
    begins = first.astimezone(zone).date() if schedule.dates else today
    within = _Range(today, begins, last.astimezone(zone).date())
    asked, month, day, notices = _asked(args, within)

    def starts_in(month: date) -> list[datetime]:
        begin, end = months.span(month, reader.zone)
        return bookings.open_slots(schedule, begin, end, now=now, moving=moving, minutes=minutes)

    starts = starts_in(month)
    if starts and month == within.first.replace(day=1):
        following: datetime | None = starts[0]
    else:
        following = bookings.next_slot(schedule, now=now, moving=moving, minutes=minutes)
    if not asked and not starts and following is not None:
        month = following.astimezone(zone).date().replace(day=1)
        starts = starts_in(month)

    free = months.by_day(starts, reader.zone)
    shown = day or next(iter(free), None)
    return Picker(
        asked=asked,
        month=month,
        earlier=_if(months.before(month), within),
        later=_if(months.after(month), within),
        weeks=_weeks(month, free, within.today, shown),
        day=shown,
        times=free.get(shown, []) if shown else [],
        next=following,
        last=within.last,
        notices=odd + notices,
        minutes=minutes or schedule.duration_minutes,
        lengths=[] if moving else schedule.durations,
        is_blind=following is None and busy.is_blind(schedule.host_id, now=now),
    )


def _length(
    args: Mapping[str, str], schedule: Schedule, moving: Booking | None
) -> tuple[int | None, list[str]]:
    """The length that the address asks for, if it is offered, and what is wrong with it."""
    asked = None if moving else length_in(args.get("minutes"))
    if asked is None or asked in schedule.durations:
        return asked, []
    return None, [_("That length isn’t available. Choose one of these times, or another length.")]


def _asked(
    args: Mapping[str, str], within: _Range
) -> tuple[dict[str, str], date, date | None, list[str]]:
    """What the address names, the month and day it means, and what is wrong with it."""
    here = within.first.replace(day=1)
    day, month = args.get("day"), args.get("month")
    try:
        if day:
            on = date.fromisoformat(day)
            if not within.first <= on <= within.last:
                return {}, here, None, [_("That day isn’t available. Try one of these.")]
            return {"day": on.isoformat()}, on.replace(day=1), on, []
        if month:
            first = date.fromisoformat(f"{month}-01")
            if not within.has(first):
                return {}, here, None, [_("That month isn’t available. Try this one.")]
            return {"month": f"{first:%Y-%m}"}, first, None, []
    except ValueError:
        return {}, here, None, [_("We couldn’t read the date in that address.")]
    return {}, here, None, []


def _weeks(
    month: date, free: Mapping[date, object], today: date, shown: date | None
) -> list[list[Day | None]]:
    days: list[Day | None] = [None] * month.weekday()
    on = month
    while on.month == month.month:
        days.append(Day(on, on in free, on == today, on == shown))
        on += timedelta(days=1)
    days += [None] * (-len(days) % 7)
    return [days[begin : begin + 7] for begin in range(0, len(days), 7)]


def _if(month: date, within: _Range) -> date | None:
    return month if within.has(month) else None
