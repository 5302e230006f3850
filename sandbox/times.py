"""Instants as the sandbox keeps them: ISO 8601 in UTC with microseconds, so that text order is
time order.
"""

from datetime import UTC, datetime


def stamp(instant: datetime) -> str:
    """The form in the database."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def instant(text: str) -> datetime:
    """The aware instant of :func:`stamp`'s text."""
    return datetime.fromisoformat(text)


def zoom_time(text: str) -> str:
    """Zoom's form, whole seconds, of :func:`stamp`'s text."""
    return f"{text[:19]}Z"
