"""Entries of a host's calendars that a reading did not understand: how many, and the first few.

A title is the host's own affair: it is sealed like the labels of accounts, and is gone with the
calendar's row, or when the calendar is no longer checked.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bookme.crypto import Unreadable
from bookme.models import Calendar
from bookme.providers.calendar import Unclear
from bookme.sealed import ENTRIES

#: So many are named; the host finds the others beside them.
_NAMED = 5
_FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Report:
    """What the host is told of one calendar.

    :ivar name: the calendar's.
    :ivar first: when they begin, if that was understood, and their titles.
    """

    name: str = field(repr=False)
    count: int
    first: list[tuple[datetime | None, str]] = field(repr=False)

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.first)


def note(calendar: Calendar, found: Sequence[Unclear], *, now: datetime) -> None:
    """Keep what a reading did not understand, those to come first. Does not commit."""
    calendar.unclear_count = len(found)
    if not found:
        calendar.unclear_sealed = None
        return
    first = sorted(found, key=lambda one: _order(one, now))[:_NAMED]
    kept = [[one.starts_at.isoformat() if one.starts_at else None, one.title] for one in first]
    calendar.unclear_sealed = ENTRIES.seal(str(calendar.id), "unclear_sealed", json.dumps(kept))


def report(calendar: Calendar) -> Report:
    """What is kept of a calendar; without the entries' names if no key opens them."""
    kept: list[Any] = []
    if calendar.unclear_sealed is not None:
        try:
            words = ENTRIES.open(str(calendar.id), "unclear_sealed", calendar.unclear_sealed)
            kept = json.loads(words)
        except Unreadable:
            kept = []
    first = [(datetime.fromisoformat(at) if at else None, title) for at, title in kept]
    return Report(calendar.name, calendar.unclear_count, first)


def _order(one: Unclear, now: datetime) -> tuple[bool, datetime]:
    at = one.starts_at
    return (at is not None and at < now, at or _FAR)
