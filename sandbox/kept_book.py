"""The calendars of Google and Microsoft, as their owners handle them: see :mod:`.entries`."""

import hashlib
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox import calendars, demo_events, people
from sandbox.calendars import Times
from sandbox.context import Sandbox
from sandbox.entries import Entry, Listed, Shelf

_COLOURS = ("#9fe1e7", "#f691b2", "#c2c2c2")


@dataclass(frozen=True, slots=True)
class KeptBook:
    """One provider's.

    :ivar main_name: what the main calendar is called; None: by its owner's address.
    :ivar calendar_id: makes a calendar's id of its owner's address and its name, empty for main.
    :ivar new_id: makes an event's id.
    :ivar body_of: writes an entry in the provider's JSON; :ivar entry_of: reads it.
    :ivar changed_by_hand: what becomes of an event's JSON when its owner writes another.
    :ivar link: the address of a meeting, of its key.
    """

    name: str
    title: str
    main_name: str | None
    calendar_id: Callable[[str, str], str]
    new_id: Callable[[], str]
    body_of: Callable[[Entry], dict[str, Any]]
    entry_of: Callable[[sqlite3.Row, str], Entry]
    changed_by_hand: Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]
    link: Callable[[str, str], str]

    def add_missing(self, db: sqlite3.Connection, now: datetime) -> None:
        """Make everybody's calendars, with what stands in them, if nobody has any."""
        if db.execute("SELECT 1 FROM calendar WHERE provider = ?", (self.name,)).fetchone():
            return
        for person in people.everybody(db):
            numbers = self._add_calendars(db, person)
            for calendar, entry in demo_events.entries(person["email"], person["timezone"], now):
                self._put(db, numbers[calendar], entry, now)

    def shelves(self, here: Sandbox) -> list[Shelf]:
        with here.store.read() as db:
            return [self._shelf(db, row, here) for row in calendars.of_provider(db, self.name)]

    def add(self, here: Sandbox, key: str, entry: Entry, now: datetime) -> str:
        with here.store.write() as db:
            return self._put(db, int(key), entry, now)

    def change(self, here: Sandbox, key: str, entry_id: str, entry: Entry, now: datetime) -> bool:
        with here.store.write() as db:
            row = self._living(db, key, entry_id)
            if row is None:
                return False
            times = Times(entry.starts_at, entry.ends_at, entry.rule)
            body = self.changed_by_hand(calendars.body(row), self.body_of(entry))
            calendars.change(db, row, body, times, now, row["link_key"])
        return True

    def remove(self, here: Sandbox, key: str, entry_id: str, now: datetime) -> bool:
        with here.store.write() as db:
            row = self._living(db, key, entry_id)
            if row is not None:
                calendars.remove(db, row, "user", now)
        return row is not None

    def drop(self, here: Sandbox, key: str, now: datetime) -> None:
        with here.store.write() as db:
            calendars.drop(db, int(key), now)

    def _add_calendars(self, db: sqlite3.Connection, person: sqlite3.Row) -> dict[str, int]:
        email = person["email"]
        return {
            name: calendars.add_calendar(
                db,
                provider=self.name,
                person_id=person["id"],
                id=self.calendar_id(email, name),
                name=name or self.main_name or email,
                colour=_COLOURS[index % len(_COLOURS)],
                zone=person["timezone"],
                main=not name,
                writable=name != demo_events.READ_ONLY,
            )
            for index, name in enumerate(["", *demo_events.calendar_names(email)])
        }

    def _put(self, db: sqlite3.Connection, number: int, entry: Entry, now: datetime) -> str:
        times = Times(entry.starts_at, entry.ends_at, entry.rule)
        body, event_id = self.body_of(entry), self.new_id()
        row = calendars.add(db, number, event_id, body, times, now, made_by="user")
        if entry.cancelled and "isCancelled" not in body:
            calendars.remove(db, row, "user", now)
        return event_id

    def _shelf(self, db: sqlite3.Connection, row: sqlite3.Row, here: Sandbox) -> Shelf:
        listed = [
            Listed(
                id=event["id"],
                entry=self.entry_of(event, row["zone"]),
                link=self.link(event["link_key"], here.config.public_url)
                if event["link_key"]
                else "",
                made_by=event["made_by"],
            )
            for event in calendars.living(db, row["number"])
        ]
        return Shelf(
            key=str(row["number"]),
            user=row["email"],
            name=row["name"],
            zone=row["zone"],
            main=bool(row["main"]),
            writable=bool(row["writable"]),
            entries=listed,
        )

    def _living(self, db: sqlite3.Connection, key: str, entry_id: str) -> sqlite3.Row | None:
        row = calendars.find(db, int(key), entry_id)
        return None if row is None or row["deleted_at"] else row


def digest(*parts: str) -> str:
    """Forty hexadecimal digits, the same for the same parts."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]
