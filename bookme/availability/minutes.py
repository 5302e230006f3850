"""The edge of the package: aware date-times to whole minutes since the epoch, UTC, and back."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from bookme.availability.intervals import Span

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)


def to_minutes(at: datetime) -> int:
    """The minute that an instant lies in: seconds are cut off.

    :raises ValueError: if it is naive.
    """
    return (_aware(at) - _EPOCH) // _MINUTE


def to_minutes_up(at: datetime) -> int:
    """The first whole minute not before an instant. For ends, and for "now": a start at 10:00 is
    past when it is 10:00:01.

    :raises ValueError: if it is naive.
    """
    return -((_EPOCH - _aware(at)) // _MINUTE)


def to_datetime(minutes: int) -> datetime:
    """The instant, aware and in UTC.

    :raises OverflowError: beyond the years 1 to 9999.
    """
    return _EPOCH + minutes * _MINUTE


def to_datetimes(minutes: Iterable[int]) -> list[datetime]:
    """The same of many."""
    return [_EPOCH + one * _MINUTE for one in minutes]


def span_of(starts_at: datetime, ends_at: datetime) -> Span:
    """The shortest span of whole minutes that covers both ends; for busy times, which may have
    seconds.

    :raises ValueError: if one is naive.
    """
    return to_minutes(starts_at), to_minutes_up(ends_at)


def _aware(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("a date-time without a zone is no instant")
    return at
