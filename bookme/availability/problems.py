"""What is wrong with the opening hours somebody typed, told so that a form can say it beside the
field.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bookme.availability.hours import WEEK, Window
from bookme.availability.local import DAY


class ProblemKind(StrEnum):
    ENDS_AT_START = "ends_at_start"
    OVERLAPS = "overlaps"


@dataclass(frozen=True, slots=True)
class Problem:
    """One window's fault.

    :param day: the weekday it begins on, 0 for Monday; always 0 for the windows of a single date.
    :param index: its place among that day's windows, as given.
    :param other: day and index of the window into which this one begins, if that is the fault.
    """

    kind: ProblemKind
    day: int
    index: int
    other: tuple[int, int] | None = None


# Where a window stands, and from when to when it lasts in minutes of the week.
_Place = tuple[tuple[int, int], int, Window]


def problems_of(week: Sequence[Iterable[Window]]) -> list[Problem]:
    """What is wrong in a week's windows, in the order of the week; normally nothing.

    Windows may touch. Of two that overlap, across midnight or from Sunday into Monday too, the one
    that begins while the other is open is at fault; of two that begin together, the later in the
    list.

    :param week: seven days, Monday first; a day's windows in any order.
    """
    places = [
        ((day, index), day * DAY + window.opens, window)
        for day, windows in enumerate(week)
        for index, window in enumerate(windows)
    ]
    return list(_problems(places))


def problems_of_day(windows: Iterable[Window]) -> list[Problem]:
    """What is wrong among the windows of a single date, as :func:`problems_of` tells it.

    A window that runs into the next date is no problem: it merges with what begins there.
    """
    return problems_of([windows, (), (), (), (), (), ()])


def _problems(places: Sequence[_Place]) -> Iterator[Problem]:
    for place, begin, window in places:
        if window.opens == window.closes:
            yield Problem(ProblemKind.ENDS_AT_START, *place)
            continue
        others = (other for other in places if _begins_inside((place, begin, window), other))
        found = next(others, None)
        if found is not None:
            yield Problem(ProblemKind.OVERLAPS, *place, other=found[0])


def _begins_inside(one: _Place, other: _Place) -> bool:
    if one[0] == other[0] or other[2].opens == other[2].closes:
        return False
    late = (one[1] - other[1]) % WEEK
    return late < other[2].length and (late > 0 or one[0] > other[0])
