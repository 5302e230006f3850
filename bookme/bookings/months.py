"""Months and days on the wall calendar of a zone, for pages on which somebody picks a time."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bookme.availability import to_datetime, to_minutes, to_minutes_up


def before(month: date) -> date:
    """The first day of the month before."""
    return (month.replace(day=1) - timedelta(days=1)).replace(day=1)


def after(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=31)).replace(day=1)


def span(month: date, zone: str) -> tuple[datetime, datetime]:
    """When a month begins and ends."""
    return midnight(month, zone), midnight(after(month), zone)


def by_day(starts: Iterable[datetime], zone: str) -> dict[date, list[datetime]]:
    """Starts under their dates; order stays.

    Those of one date mostly come together, so its ends are found out and not every start's date.
    """
    found: dict[date, list[datetime]] = {}
    begin = end = _NEVER
    times: list[datetime] = []
    for start in starts:
        if not begin <= start < end:
            on = start.astimezone(ZoneInfo(zone)).date()
            times = found.setdefault(on, [])
            begin, end = _whole(on, zone)
        times.append(start)
    return found


def minutes_by_day(starts: Sequence[int], zone: str) -> dict[date, Sequence[int]]:
    """The same of starts in order, in minutes since the epoch; it takes a few steps a date."""
    found: dict[date, Sequence[int]] = {}
    first = 0
    while first < len(starts):
        on, stop = _day_of(starts[first], zone)
        next_one = bisect_left(starts, stop, first)
        times = starts[first:next_one]
        found[on] = [*found[on], *times] if on in found else times
        first = next_one
    return found


def _day_of(start: int, zone: str) -> tuple[date, int]:
    """The date of a start, and a minute up to which all after it have the same."""
    at = to_datetime(start)
    on = at.astimezone(ZoneInfo(zone)).date()
    begin, end = _whole(on, zone)
    return on, to_minutes(end) if begin <= at < end else start + 1


_NEVER = datetime.min.replace(tzinfo=UTC)


@lru_cache(maxsize=4096)
def _whole(on: date, zone: str) -> tuple[datetime, datetime]:
    """From when to when, in UTC, it is a date; nothing where the clocks change on it."""
    first, last = midnight(on, zone), midnight(on + timedelta(days=1), zone)
    if first.utcoffset() != last.utcoffset():
        return _NEVER, _NEVER
    return first.astimezone(UTC), last.astimezone(UTC)


def midnight(on: date, zone: str) -> datetime:
    """When a day begins."""
    return datetime.combine(on, time(), ZoneInfo(zone))


@lru_cache(maxsize=4096)
def midnight_minute(on: date, zone: str) -> int:
    """The same in minutes since the epoch."""
    return to_minutes_up(midnight(on, zone))
