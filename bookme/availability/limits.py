"""Which starts the limits a day and a week leave."""

from collections import Counter
from collections.abc import Iterable

from bookme.availability.local import local_day
from bookme.availability.rules import Limit


def within(limit: Limit, starts: list[int], booked: Iterable[int]) -> list[int]:
    """The starts whose day and week are not full.

    :param booked: the starts that count.
    """
    if not limit:
        return starts
    days = Counter(local_day(start, limit.zone) for start in booked)
    weeks: Counter[int] = Counter()
    for day, count in days.items():
        weeks[_week(day)] += count
    full_days = {day for day in days if _full(days[day], limit.per_day)}
    full_weeks = {week for week in weeks if _full(weeks[week], limit.per_week)}
    if not full_days and not full_weeks:
        return starts
    on = ((start, local_day(start, limit.zone)) for start in starts)
    return [start for start, day in on if day not in full_days and _week(day) not in full_weeks]


def _full(count: int, limit: int | None) -> bool:
    return limit is not None and count >= limit


def _week(day: int) -> int:
    return (day - 1) // 7  # 0001-01-01, day 1, was a Monday
