"""The only reader of the clock."""

from datetime import UTC, datetime


def utcnow() -> datetime:
    """The present instant, aware and in UTC.

    Called by routes and jobs; below them ``now`` is passed.
    """
    return datetime.now(UTC)
