"""Arithmetic on half-open spans of whole minutes."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

Span = tuple[int, int]

_begin = itemgetter(0)


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same time as few spans, in order, with a hole before each but the first.

    :param spans: in any order; overlaps allowed, spans that touch become one, empty ones vanish.

    Takes O(n log n) steps; O(n) if they are in order already.
    """
    # Sorting by the first number alone takes half as long as comparing pairs.
    rest = iter(sorted(spans, key=_begin))
    merged: list[Span] = []
    begin, end = next(rest, (0, 0))
    for next_begin, next_end in rest:
        if next_begin > end:
            if begin < end:
                merged.append((begin, end))
            begin, end = next_begin, next_end
        elif next_end > end:
            end = next_end
    if begin < end:
        merged.append((begin, end))
    return merged


def gaps(opens: int, closes: int, taken: Sequence[Span]) -> Iterator[Span]:
    """What ``taken`` leaves of one window, in order; nothing if it leaves nothing.

    :param taken: merged, see :func:`merge`; may reach beyond the window.

    Takes O(log t + k) steps for t spans of which k lie in the window.
    """
    free_from = opens
    index = bisect_right(taken, opens, key=_begin)
    if index and taken[index - 1][1] > opens:
        free_from = taken[index - 1][1]
    while index < len(taken) and taken[index][0] < closes:
        if taken[index][0] > free_from:
            yield free_from, taken[index][0]
        free_from = taken[index][1]
        index += 1
    if free_from < closes:
        yield free_from, closes


def overlaps(one: Span, other: Span) -> bool:
    """Whether two spans share a minute. Touching is not overlapping; an empty span shares none."""
    return max(one[0], other[0]) < min(one[1], other[1])
