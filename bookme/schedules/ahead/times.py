"""Free times of schedules, one that is only typed so far among them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bookme import availability
from bookme.availability import to_datetime, to_minutes_up
from bookme.bookings import busy
from bookme.bookings.busy import Taken
from bookme.models import Schedule

#: How far ahead the next free time is looked for, and how many days the preview has.
_NEAR, DAYS = timedelta(days=31), 14
#: An appointment and its buffers are no longer.
_AROUND = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the preview.

    :ivar runs: from when to when appointments without a break between them can be booked.
    :ivar count: how many starts there are.
    """

    on: date
    runs: list[tuple[datetime, datetime]]
    count: int


def next_free(schedules: Sequence[Schedule], *, now: datetime) -> dict[int, datetime | None]:
    """The next free time of each of a host's schedules in a month, by its id.

    One query for all that have no limit of bookings, and one for each that has.
    """
    shared: Taken | None = None
    found: dict[int, datetime | None] = {}
    for one in schedules:
        if one.rules.limit or one.rules.host_limit:
            taken = _taken(one, now, now + _NEAR)
        else:
            taken = shared = shared or _taken(one, now, now + _NEAR)
        found[one.id] = next(iter(_starts(one, taken, now, now + _NEAR)), None)
    return found


def days(schedule: Schedule, zone: str, *, now: datetime) -> list[Day] | None:
    """The next two weeks of a schedule, as if it took bookings; None if nobody knows what takes
    its host's time.

    :param zone: on whose calendar the days are.
    """
    end = now + timedelta(days=DAYS)
    taken = _taken(schedule, now, end)
    if taken.is_blind:
        return None
    starts, own = _starts(schedule, taken, now, end), ZoneInfo(zone)
    today = now.astimezone(own).date()
    dates = [today + timedelta(days=nth) for nth in range(DAYS)]
    by_date: dict[date, list[datetime]] = {on: [] for on in dates}
    for start in starts:
        by_date.setdefault(start.astimezone(own).date(), []).append(start)
    return [Day(on, _runs(by_date[on], schedule), len(by_date[on])) for on in dates]


def _runs(starts: list[datetime], schedule: Schedule) -> list[tuple[datetime, datetime]]:
    length = timedelta(minutes=schedule.duration_minutes)
    step = max(length, timedelta(minutes=schedule.step_minutes))
    runs: list[tuple[datetime, datetime]] = []
    for start in starts:
        if runs and start <= runs[-1][1] - length + step:
            runs[-1] = runs[-1][0], start + length
        else:
            runs.append((start, start + length))
    return runs


def _taken(schedule: Schedule, begin: datetime, end: datetime) -> Taken:
    return busy.taken(schedule, schedule.rules, begin - _AROUND, end + _AROUND, now=begin)


def _starts(schedule: Schedule, taken: Taken, now: datetime, end: datetime) -> list[datetime]:
    if taken.is_blind:
        return []
    first = to_minutes_up(now)
    asked = first, to_minutes_up(end)
    found = availability.open_slots(schedule.rules, *asked, now=first, plans=taken.plans)
    return [to_datetime(start) for start in found]
