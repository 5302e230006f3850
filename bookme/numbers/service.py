"""What a host's bookings come to, by week, schedule, hour and lead time.

Two statements read a few narrow columns of what lies in the period, by an index each; the sums are
made here, because what week and hour an instant lies in depends on the host's zone and its clock
changes, of which SQLite knows nothing.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bookme.extensions import db
from bookme.models import Booking, BookingEvent, BookingStatus, EventKind, User
from bookme.numbers.period import Period, monday

#: Where one group of lead times ends and the next begins.
LEADS = tuple(timedelta(days=days) for days in (1, 3, 7, 14, 28))
_AT_ONCE = 1000


@dataclass(slots=True)
class Tally:
    """How many bookings: made by their bookers, and of the appointments those that took place, had
    been rescheduled, were cancelled, and were missed.
    """

    made: int = 0
    held: int = 0
    moved: int = 0
    cancelled: int = 0
    missed: int = 0


@dataclass(slots=True)
class Numbers:
    """:ivar weeks: by their Mondays, all of the period.
    :ivar schedules: by id, only those with bookings.
    :ivar hours: appointments by the hour in which they start.
    :ivar leads: bookings by how long before the start they were made, a count for each group.
    :ivar usual_lead: half of the bookings were made at least so long before.
    """

    weeks: dict[date, Tally]
    schedules: dict[int, Tally] = field(default_factory=dict)
    total: Tally = field(default_factory=Tally)
    hours: list[int] = field(default_factory=lambda: [0] * 24)
    leads: list[int] = field(default_factory=lambda: [0] * (len(LEADS) + 1))
    usual_lead: timedelta | None = None

    @property
    def is_empty(self) -> bool:
        return self.total == Tally() and not any(self.hours)

    def count(self, week: date, schedule_id: int, *names: str) -> None:
        """One more of each of these kinds."""
        of_schedule = self.schedules.setdefault(schedule_id, Tally())
        for tally in (self.weeks[week], of_schedule, self.total):
            for name in names:
                setattr(tally, name, getattr(tally, name) + 1)


def begun(numbers: Numbers, host: User, period: Period) -> Period:
    """Leave out the weeks before there was anything to count, or the account: a young one's charts
    would be empty for the most part. Returns what is left of the period.
    """
    joined = monday(host.created_at.astimezone(ZoneInfo(period.zone)).date())
    first = min([joined, *(week for week, tally in numbers.weeks.items() if tally != Tally())])
    numbers.weeks = {week: tally for week, tally in numbers.weeks.items() if week >= first}
    return period.begun(first)


def of_host(
    host: User, period: Period, *, schedule_id: int | None = None, now: datetime
) -> Numbers:
    """The numbers of a period: bookings made in it, and appointments in it."""
    theirs = [Booking.host_id == host.id, Booking.status != BookingStatus.HELD]
    if schedule_id is not None:
        theirs.append(Booking.schedule_id == schedule_id)
    numbers = Numbers({week: Tally() for week in period.weeks})
    _count_made(numbers, theirs, period)
    _count_appointments(numbers, theirs, period, now)
    return numbers


def _count_made(numbers: Numbers, theirs: list[Any], period: Period) -> None:
    zone, waits = ZoneInfo(period.zone), []
    for schedule_id, created_at, starts_at in _rows(
        (Booking.schedule_id, Booking.created_at, Booking.starts_at),
        *(*theirs, *_within(Booking.created_at, period)),
    ):
        numbers.count(_week(created_at, zone), schedule_id, "made")
        waits.append(max(starts_at - created_at, timedelta()))
        numbers.leads[sum(waits[-1] >= limit for limit in LEADS)] += 1
    numbers.usual_lead = median(waits) if waits else None


def _count_appointments(numbers: Numbers, theirs: list[Any], period: Period, now: datetime) -> None:
    zone = ZoneInfo(period.zone)
    moved = Booking.events.any(BookingEvent.kind == EventKind.MOVED)
    when = Booking.starts_at, Booking.ends_at
    facts = (Booking.schedule_id, *when, Booking.status, moved, Booking.missed)
    for schedule_id, starts_at, ends_at, status, *was in _rows(
        facts, *(*theirs, *_within(Booking.starts_at, period))
    ):
        names = _become(status, was[0], was[1], is_over=ends_at <= now)
        numbers.count(_week(starts_at, zone), schedule_id, *names)
        if status is BookingStatus.CONFIRMED:
            numbers.hours[starts_at.astimezone(zone).hour] += 1


def _become(status: BookingStatus, moved: bool, missed: bool, *, is_over: bool) -> list[str]:
    names = ["moved"] if moved else []
    if status is BookingStatus.CANCELLED:
        names.append("cancelled")
    elif status is BookingStatus.CONFIRMED and missed:
        names.append("missed")
    elif status is BookingStatus.CONFIRMED and is_over:
        names.append("held")
    return names


def _rows(columns: tuple[Any, ...], *conditions: Any) -> Any:
    query = sa.select(*columns).where(*conditions)
    return db.session.execute(query.execution_options(yield_per=_AT_ONCE))


def _within(column: Any, period: Period) -> tuple[Any, Any]:
    return column >= period.begins_at, column < period.ends_at


def _week(at: datetime, zone: ZoneInfo) -> date:
    return monday(at.astimezone(zone).date())
