import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookme.availability import Span, gaps, merge, overlaps
from tests.availability.strategies import BOUNDED

SPAN = st.tuples(st.integers(-20, 60), st.integers(-20, 60))
SPANS = st.lists(SPAN, max_size=12)


@pytest.mark.parametrize(
    ("given_spans", "merged"),
    [
        ([], []),
        ([(5, 9), (1, 3)], [(1, 3), (5, 9)]),
        ([(1, 4), (2, 6)], [(1, 6)]),
        ([(1, 3), (3, 6)], [(1, 6)]),
        ([(1, 9), (2, 3), (4, 5)], [(1, 9)]),
        ([(2, 2), (7, 5), (8, 9)], [(8, 9)]),
        ([(4, 4)], []),
    ],
    ids=["none", "order", "overlap", "touch", "inside", "empty and inverted", "only empty"],
)
def test_spans_merge(given_spans: list[Span], merged: list[Span]) -> None:
    assert merge(iter(given_spans)) == merged


@pytest.mark.parametrize(
    ("taken", "free"),
    [
        ([], [(10, 20)]),
        ([(12, 14), (16, 18)], [(10, 12), (14, 16), (18, 20)]),
        ([(5, 12), (18, 25)], [(12, 18)]),
        ([(5, 10), (20, 25)], [(10, 20)]),
        ([(0, 30)], []),
        ([(10, 20)], []),
        ([(1, 2), (3, 4), (11, 12), (30, 31)], [(10, 11), (12, 20)]),
    ],
    ids=["free", "inside", "over the edges", "touching", "covered", "exact", "elsewhere too"],
)
def test_gaps_are_what_is_left_of_a_window(taken: list[Span], free: list[Span]) -> None:
    assert list(gaps(10, 20, taken)) == free


@BOUNDED
@given(SPANS)
def test_merging_keeps_every_minute_and_leaves_holes_between(spans: list[Span]) -> None:
    merged = merge(spans)
    assert _minutes(merged) == _minutes(spans)
    assert all(begin < end for begin, end in merged)
    assert all(one[1] < other[0] for one, other in zip(merged, merged[1:], strict=False))


@BOUNDED
@given(SPANS, st.integers(-25, 65), st.integers(0, 40))
def test_gaps_and_what_is_taken_make_up_the_window(
    spans: list[Span], opens: int, length: int
) -> None:
    free = list(gaps(opens, opens + length, merge(spans)))
    assert all(begin < end for begin, end in free)
    assert _minutes(free) == set(range(opens, opens + length)) - _minutes(spans)


@BOUNDED
@given(
    st.tuples(st.integers(0, 9), st.integers(0, 9)), st.tuples(st.integers(0, 9), st.integers(0, 9))
)
def test_spans_overlap_when_they_share_a_minute(one: Span, other: Span) -> None:
    assert overlaps(one, other) == bool(_minutes([one]) & _minutes([other]))


def _minutes(spans: list[Span]) -> set[int]:
    return {minute for span in spans for minute in range(*span)}
