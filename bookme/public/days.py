"""A picker's days, week by week."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from bookme.public.views import View, Within
from bookme.public.weeks import heads, week_of

_WEEK = timedelta(weeks=1)
#: With fewer free days left in a week, the next one is near, too.
_FEW = 3


class Day(NamedTuple):
    """A day of the weeks that are shown."""

    on: date
    free: bool
    today: bool
    shown: bool


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days; None stands for a day of a month that isn't shown.

    :ivar is_near: the day whose times are shown is in it; or in the week before, with few free days
        after it.
    """

    days: list[Day | None]
    is_near: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """The weeks that are shown.

    :ivar earlier, later: the months before and after them, where those can have times.
    :ivar heads: the weekdays as the reader counts them: name, and the same in short.
    :ivar weeks: none while no day that is shown has times.
    :ivar free_days: how many of the days have free times.
    """

    view: View
    earlier: date | None
    later: date | None
    heads: list[tuple[str, str]]
    weeks: list[Week]
    free_days: int


def calendar(
    view: View,
    within: Within,
    *,
    free: Collection[date],
    shown: date | None,
    first: date | None,
    today: date,
) -> Calendar:
    """The weeks of a view.

    :param shown: the day whose times are shown.
    :param first: the first free day of all, where that is known.
    """

    def day(on: date) -> Day | None:
        return Day(on, on in free, on == today, on == shown) if view.has(on) else None

    begin = week_of(view.first, within.monday)
    near = _near(shown or begin, within.monday, free)
    weeks = []
    while begin < view.stop:
        days = [day(begin + timedelta(days=nth)) for nth in range(7)]
        weeks.append(Week(days, begin in near))
        begin += _WEEK
    return Calendar(
        view,
        _earlier(view, within, first),
        view.stop.replace(day=1) if view.stop <= within.last else None,
        heads(within.monday),
        weeks if free or shown else [],
        sum(day is not None and day.free for week in weeks for day in week.days),
    )


def _near(shown: date, monday: int, free: Collection[date]) -> list[date]:
    """Where the weeks begin that are near a day."""
    begin = week_of(shown, monday)
    left = [day for day in free if shown <= day < begin + _WEEK]
    return [begin] if len(left) >= _FEW else [begin, begin + _WEEK]


def _earlier(view: View, within: Within, first: date | None) -> date | None:
    """The month before the days that are shown, unless there can be no times, or are none."""
    if view.first <= max(within.first, first or within.first):
        return None
    return (view.first - timedelta(days=1)).replace(day=1)
