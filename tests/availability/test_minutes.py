from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookme.availability import span_of, to_datetime, to_minutes, to_minutes_up
from tests.availability.strategies import BOUNDED


@BOUNDED
@given(st.integers(-(10**7), 10**8))
def test_minutes_come_back_from_a_datetime(minutes: int) -> None:
    at = to_datetime(minutes)
    assert at.tzinfo is UTC
    assert to_minutes(at) == to_minutes_up(at) == minutes


@pytest.mark.parametrize(
    ("text", "down", "up"),
    [
        ("1970-01-01T00:00:00+00:00", 0, 0),
        ("1970-01-01T00:01:00.000001+00:00", 1, 2),
        ("1970-01-01T00:01:59+00:00", 1, 2),
        ("1969-12-31T23:59:30+00:00", -1, 0),
        ("1970-01-01T05:45:00+05:45", 0, 0),
    ],
    ids=["epoch", "a moment after", "nearly the next", "before the epoch", "another zone"],
)
def test_seconds_are_cut_off_or_rounded_up(text: str, down: int, up: int) -> None:
    at = datetime.fromisoformat(text)
    assert (to_minutes(at), to_minutes_up(at)) == (down, up)


def test_a_span_covers_both_its_ends() -> None:
    starts_at = datetime(1970, 1, 1, 0, 2, 40, tzinfo=timezone(timedelta(hours=0)))
    assert span_of(starts_at, starts_at + timedelta(seconds=30)) == (2, 4)


@pytest.mark.parametrize("convert", [to_minutes, to_minutes_up], ids=["down", "up"])
def test_a_time_without_a_zone_is_refused(convert: Callable[[datetime], int]) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        convert(datetime(2027, 3, 1, 9))  # noqa: DTZ001  (the point of the test)
