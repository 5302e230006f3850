"""An event as people think of it. Each provider writes it, and reads it back, in its own way."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sandbox.context import Sandbox


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, or a row of them.

    :ivar zone: where it is planned, an IANA name; its rule and its days are of this zone.
    :ivar all_day: from midnight to midnight; ``ends_at`` is the midnight after the last day.
    :ivar rule: RFC 5545's RRULE without its name; empty if it happens once.
    :ivar shows: ``busy``, ``free`` or ``tentative``.
    """

    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str = "UTC"
    all_day: bool = False
    rule: str = ""
    shows: str = "busy"
    declined: bool = False
    cancelled: bool = False
    notes: str = ""
    place: str = ""

    @property
    def first_day(self) -> str:
        """Its first day, in its zone."""
        return self.starts_at.astimezone(ZoneInfo(self.zone)).date().isoformat()

    @property
    def day_after(self) -> str:
        """The day after its last one, in its zone."""
        return self.ends_at.astimezone(ZoneInfo(self.zone)).date().isoformat()


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry where it stands.

    :ivar link: of the meeting that it carries; empty if none.
    :ivar made_by: ``app`` or ``user``.
    """

    id: str
    entry: Entry
    link: str = ""
    made_by: str = "user"


@dataclass(frozen=True, slots=True)
class Shelf:
    """One calendar with what is in it.

    :ivar key: names the calendar to its :class:`Book`.
    :ivar zone: its owner's, in which its days are.
    """

    key: str
    user: str
    name: str
    zone: str
    main: bool
    writable: bool
    entries: list[Listed]


class Book(Protocol):
    """A provider's calendars, as their owners handle them."""

    @property
    def name(self) -> str:
        """As in addresses."""

    @property
    def title(self) -> str:
        """As on pages."""

    def shelves(self, here: Sandbox) -> list[Shelf]:
        """Everybody's calendars, the main one first."""

    def add(self, here: Sandbox, key: str, entry: Entry, now: datetime) -> str:
        """Add an entry; returns its id."""

    def change(self, here: Sandbox, key: str, entry_id: str, entry: Entry, now: datetime) -> bool:
        """Replace title, times, place, notes and ``shows``; False if there is no such entry."""

    def remove(self, here: Sandbox, key: str, entry_id: str, now: datetime) -> bool:
        """Delete an entry; False if there is no such entry."""

    def drop(self, here: Sandbox, key: str, now: datetime) -> None:
        """Remove a whole calendar."""


def midnight(day: datetime, zone: str) -> datetime:
    """The instant at which the zone's day of an instant begins."""
    local = day.astimezone(ZoneInfo(zone)).date()
    return datetime.combine(local, time(), ZoneInfo(zone)).astimezone(UTC)


def days_later(instant: datetime, days: int, zone: str) -> datetime:
    """The same wall time some days later."""
    local = instant.astimezone(ZoneInfo(zone)) + timedelta(days=days)
    return local.astimezone(UTC)
