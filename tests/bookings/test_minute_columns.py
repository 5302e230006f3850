"""Spans that a database gives in two texts take the time that each of them takes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bookme.availability import Span, merge, span_of
from bookme.bookings.minute_columns import spans_in

_AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
_SECONDS = st.integers(-4000, 4000).map(lambda seconds: _AT + timedelta(seconds=seconds))
_INSTANTS = st.one_of(_SECONDS, _SECONDS.map(lambda at: at + timedelta(microseconds=1)))
_SPAN = st.tuples(_INSTANTS, _INSTANTS).map(sorted).filter(lambda span: span[0] < span[1])
_SPANS = st.lists(_SPAN, min_size=1, max_size=20)


def kept(at: datetime) -> str:
    """As SQLite keeps it."""
    return f"{at:%Y-%m-%d %H:%M:%S.%f}"


@given(_SPANS)
def test_spans_in_two_texts_take_the_time_that_each_takes(
    spans: list[tuple[datetime, datetime]],
) -> None:
    begins, ends = (",".join(map(kept, instants)) for instants in zip(*spans, strict=True))
    each: list[Span] = [span_of(begin, end) for begin, end in spans]
    assert merge(spans_in(begins, ends)) == merge(each)
