"""Opening hours: windows on the wall clock, and when they are on the time line."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

from bookme.availability.intervals import Span, merge
from bookme.availability.local import DAY, instant, local_day

WEEK = 7 * DAY

_LAST_DAY = date.max.toordinal()
# A window lasts a day at most: one that is open now began today or yesterday, and one that touches
# it then began the day before that.
_LOOK_BACK = 2


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of opening hours, in minutes of the local day on which it begins.

    :param closes: if not after ``opens``, on the next day; 1440 is midnight at the day's end.
    :raises ValueError: if one of them is no such minute.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not (0 <= self.opens < DAY and 0 <= self.closes <= DAY):
            raise ValueError(f"no window of a day: {self.opens} to {self.closes}")

    @property
    def length(self) -> int:
        """How long it is where no clock change falls into it."""
        return self.closes - self.opens + (DAY if self.closes <= self.opens else 0)


Week = tuple[tuple[Window, ...], ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """When a host is open.

    :param week: the windows that begin on each weekday, Monday first, in any order.
    :param overrides: replace the windows that begin on a date; an empty tuple is a day off.
    :raises ValueError: if the week has not seven days.
    """

    week: Week
    overrides: Mapping[date, tuple[Window, ...]]
    zone: ZoneInfo

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError(f"a week of {len(self.week)} days")

    @property
    def never_close(self) -> bool:
        """Whether the week, without overrides, has no hole."""
        if sum(window.length for day in self.week for window in day) < WEEK:
            return False
        spans = [
            (begin, begin + window.length)
            for day, windows in enumerate(self.week)
            for window in windows
            for begin in (day * DAY + window.opens, (day - 7) * DAY + window.opens)
        ]
        return any(begin <= 0 and end >= WEEK for begin, end in merge(spans))


def longest_stretch(hours: Hours, since: date) -> int:
    """The longest time without a break that still comes, on the clock on the wall; an appointment
    must fit in it. 0 if the host is never open again.

    :param since: overrides before this date don't count.

    Longer than a few days counts as a few.
    """
    weeks = [hours.week[day % 7] for day in range(2 * 7)]
    ahead = [on.toordinal() for on in hours.overrides if on >= since]
    around = [
        [_windows(day, hours) for day in range(on - _LOOK_BACK, on + _LOOK_BACK + 1)]
        for on in ahead
    ]
    return max(_longest(days) for days in (weeks, *around))


def _windows(day: int, hours: Hours) -> tuple[Window, ...]:
    if not 1 <= day <= _LAST_DAY:
        return ()
    usual = hours.week[(day - 1) % 7]  # 0001-01-01, day 1, was a Monday
    return hours.overrides.get(date.fromordinal(day), usual) if hours.overrides else usual


def _longest(days: Sequence[tuple[Window, ...]]) -> int:
    spans = (
        (day * DAY + window.opens, day * DAY + window.opens + window.length)
        for day, windows in enumerate(days)
        for window in windows
    )
    return max((closes - opens for opens, closes in merge(spans)), default=0)


def windows_on(day: date, hours: Hours) -> list[Span]:
    """The windows that begin on one local date, as spans of minutes since the epoch.

    A window keeps its wall-clock ends across a clock change, so it may be longer or shorter that
    day. An end that the change skips is the end of the gap, so a window wholly inside it vanishes;
    of an end that happens twice the first counts.

    :return: windows in order, which may overlap; empty on a day off.
    """
    return _windows_on(day.toordinal(), hours)


def _windows_on(day: int, hours: Hours) -> list[Span]:
    spans, zone = [], hours.zone
    for window in _windows(day, hours):
        opens = instant(day, window.opens, zone)
        closes = instant(day + (window.closes <= window.opens), window.closes, zone)
        if opens < closes:
            spans.append((opens, closes))
    return sorted(spans)


def windows_between(begin: int, end: int, hours: Hours) -> list[Span]:
    """The windows open at some minute of [``begin``, ``end``), in order, overlapping or touching
    ones merged.

    Each begins where it truly begins, also before ``begin``, because the grid of starts counts from
    there; none is told beyond ``end``. So a longer look never moves a beginning.

    Hours whose week has no hole never begin. They are cut where the first window of each date
    begins, so that the grid begins anew every day, and only such windows touch the one before.
    """
    if begin >= end:
        return []
    first, last = _first_day(begin, hours), local_day(end - 1, hours.zone) + 1
    days = [_windows_on(day, hours) for day in range(first, last + 1)]
    windows = merge(window for day in days for window in day)
    if hours.never_close:
        windows = list(_cut(windows, sorted(day[0][0] for day in days if day)))
    met = [(opens, closes) for opens, closes in windows if opens < end and begin < closes]
    return [(opens, min(closes, end)) for opens, closes in met]


def _first_day(begin: int, hours: Hours) -> int:
    """The day to look from in order to see the window open at ``begin`` from its beginning."""
    day = local_day(begin, hours.zone) - _LOOK_BACK
    if hours.never_close:
        return day
    near = range(day, day + _LOOK_BACK + 2)
    windows = [window for each in near for window in _windows_on(each, hours)]
    # Windows of days not looked at end before midnight at the end of ``day``: what begins later is
    # not theirs. This ends: the week has a hole, and only so many overrides can fill it.
    while _opened(windows, begin) <= instant(day, DAY, hours.zone):
        day -= 1
        windows += _windows_on(day, hours)
    return day


def _opened(windows: Sequence[Span], at: int) -> int:
    """When the window opened that is open at an instant; later than that, if none is."""
    return next((opens for opens, closes in merge(windows) if closes > at), at)


def _cut(windows: Sequence[Span], edges: Sequence[int]) -> Iterator[Span]:
    for opens, closes in windows:
        inside = edges[bisect_right(edges, opens) : bisect_left(edges, closes)]
        yield from pairwise([opens, *inside, closes])
