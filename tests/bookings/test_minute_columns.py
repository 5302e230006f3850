"""Spans that a database gives in one text take the time that each of them takes."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bookme.availability import Span, merge, span_of
from bookme.bookings.minute_columns import spans_in

_AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
_SECONDS = st.integers(-4000, 4000).map(lambda seconds: _AT + timedelta(seconds=seconds))
_INSTANTS = st.one_of(_SECONDS, _SECONDS.map(lambda at: at + timedelta(microseconds=1)))
_SPANS = st.lists(st.tuples(_INSTANTS, _INSTANTS), min_size=1, max_size=20)


def kept(at: datetime) -> str:
    """As SQLite keeps it."""
    return f"{at:%Y-%m-%d %H:%M:%S.%f}"


@given(_SPANS)
def test_spans_in_one_text_take_the_time_that_each_takes(
    spans: list[tuple[datetime, datetime]],
) -> None:
    text = ",".join(f"{kept(begin)},{kept(end)}" for begin, end in spans)
    each: list[Span] = [span_of(begin, end) for begin, end in spans]
    assert merge(spans_in(text)) == merge(each)
