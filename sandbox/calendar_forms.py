"""An entry as forms and the control API write it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.entries import Entry, days_later, midnight

_MOST_MINUTES = 31 * 24 * 60
SHOWS = ("busy", "free")


class WrongEntry(ValueError):
    """Some fields cannot be read. :ivar fields: their names."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(f"wrong: {', '.join(fields)}")
        self.fields = fields


def read(given: Mapping[str, Any], old: Entry | None = None, zone: str = "UTC") -> Entry:
    """The entry of ``title``, ``starts_at`` (ISO 8601, UTC unless it says more), ``minutes``,
    ``all_day``, ``shows``, ``notes`` and ``place``. What is not named stays as it is in ``old``.

    :param zone: of a new entry's days.
    :raises WrongEntry: naming the fields that cannot be.
    """
    entry = old or Entry("", *_soon(), zone)
    texts: dict[str, Any] = {
        name: str(given[name]).replace("\r\n", "\n")
        for name in ("title", "notes", "place")
        if name in given
    }
    wrong = [name for name in ("title",) if not texts.get(name, entry.title).strip()]
    start = _start(given.get("starts_at", entry.starts_at))
    minutes = _minutes(
        given.get("minutes", (entry.ends_at - entry.starts_at).total_seconds() // 60)
    )
    shows = given.get("shows", entry.shows)
    wrong += [] if start else ["starts_at"]
    wrong += [] if minutes else ["minutes"]
    wrong += [] if shows in (*SHOWS, entry.shows) else ["shows"]
    if start is None or minutes is None or wrong:
        raise WrongEntry(wrong)
    made = replace(entry, **texts, starts_at=start, ends_at=start + minutes, shows=shows)
    return (
        _whole_days(made) if given.get("all_day", entry.all_day) else replace(made, all_day=False)
    )


def _whole_days(entry: Entry) -> Entry:
    days = max(1, round((entry.ends_at - entry.starts_at) / timedelta(days=1)))
    first = midnight(entry.starts_at, entry.zone)
    return replace(
        entry, all_day=True, starts_at=first, ends_at=days_later(first, days, entry.zone)
    )


def _start(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        at = datetime.fromisoformat(str(value).strip())
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _minutes(value: Any) -> timedelta | None:
    try:
        number = int(value)
    except (TypeError, ValueError):
        return None
    return timedelta(minutes=number) if 0 < number <= _MOST_MINUTES else None


def _soon() -> tuple[datetime, datetime]:
    """Stands where nothing was said; it is in nobody's way."""
    start = datetime(2000, 1, 1, tzinfo=UTC)
    return start, start + timedelta(hours=1)
