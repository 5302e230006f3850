"""Calendars and events of Google and Microsoft: rows, with the provider's JSON in them."""

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.recurrence import occurrences
from sandbox.times import instant, stamp


@dataclass(frozen=True, slots=True)
class Times:
    """When an event happens first, and how it goes on."""

    start: datetime
    end: datetime
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An event at one time. ``repeats`` tells whether there are others of it."""

    row: sqlite3.Row
    start: datetime
    end: datetime

    @property
    def repeats(self) -> bool:
        return bool(self.row["rule"])


def of_person(db: sqlite3.Connection, provider: str, person_id: str) -> list[sqlite3.Row]:
    """A person's calendars, the main one first."""
    return db.execute(
        "SELECT * FROM calendar WHERE provider = ? AND person_id = ? AND removed_at IS NULL"
        " ORDER BY main DESC, number",
        (provider, person_id),
    ).fetchall()


def of_provider(db: sqlite3.Connection, provider: str) -> list[sqlite3.Row]:
    """Everybody's calendars, with their owners' addresses."""
    return db.execute(
        "SELECT calendar.*, email FROM calendar JOIN person ON person.id = person_id"
        " WHERE provider = ? AND removed_at IS NULL ORDER BY person.rowid, main DESC, number",
        (provider,),
    ).fetchall()


def add_calendar(db: sqlite3.Connection, **columns: Any) -> int:
    """Add a calendar; returns its number."""
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    query = f"INSERT INTO calendar ({names}) VALUES ({marks}) RETURNING number"
    return int(db.execute(query, (*columns.values(),)).fetchone()["number"])


def add(
    db: sqlite3.Connection,
    calendar: int,
    event_id: str,
    body: dict[str, Any],
    times: Times,
    now: datetime,
    *,
    made_by: str = "app",
    transaction_id: str | None = None,
    link_key: str | None = None,
) -> sqlite3.Row:
    """Add an event.

    :raises sqlite3.IntegrityError: if the calendar has, or had, one of that id.
    """
    columns = {
        "calendar": calendar,
        "id": event_id,
        "body": json.dumps(body),
        "start_at": stamp(times.start),
        "end_at": stamp(times.end),
        "rule": times.rule,
        "transaction_id": transaction_id,
        "link_key": link_key,
        "made_by": made_by,
        "created_at": stamp(now),
        "updated_at": stamp(now),
    }
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    query = f"INSERT INTO event ({names}) VALUES ({marks}) RETURNING *"
    made: sqlite3.Row = db.execute(query, (*columns.values(),)).fetchone()
    return made


def change(
    db: sqlite3.Connection,
    row: sqlite3.Row,
    body: dict[str, Any],
    times: Times,
    now: datetime,
    link_key: str | None,
) -> sqlite3.Row:
    """Replace what an event is; one that was deleted stays so."""
    changed: sqlite3.Row = db.execute(
        "UPDATE event SET body = ?, start_at = ?, end_at = ?, rule = ?, link_key = ?,"
        " changes = changes + 1, updated_at = ? WHERE number = ? RETURNING *",
        (json.dumps(body), stamp(times.start), stamp(times.end), times.rule, link_key)
        + (stamp(now), row["number"]),
    ).fetchone()
    return changed


def remove(db: sqlite3.Connection, row: sqlite3.Row, by: str, now: datetime) -> None:
    """Mark an event as deleted, or not (``by`` empty)."""
    db.execute(
        "UPDATE event SET deleted_at = ?, deleted_by = ?, changes = changes + 1, updated_at = ?"
        " WHERE number = ?",
        (stamp(now) if by else None, by or None, stamp(now), row["number"]),
    )


def find(db: sqlite3.Connection, calendar: int, event_id: str) -> sqlite3.Row | None:
    """An event, deleted or not."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM event WHERE calendar = ? AND id = ?", (calendar, event_id)
    ).fetchone()
    return row


def living(db: sqlite3.Connection, calendar: int) -> list[sqlite3.Row]:
    """A calendar's events that are not deleted, by their first start."""
    return db.execute(
        "SELECT * FROM event WHERE calendar = ? AND deleted_at IS NULL ORDER BY start_at, number",
        (calendar,),
    ).fetchall()


def body(row: sqlite3.Row) -> dict[str, Any]:
    """An event as it was written."""
    found: dict[str, Any] = json.loads(row["body"])
    return found


def drop(db: sqlite3.Connection, calendar: int, now: datetime) -> None:
    """Remove a calendar with all that is in it."""
    db.execute("UPDATE calendar SET removed_at = ? WHERE number = ?", (stamp(now), calendar))


def shown(db: sqlite3.Connection, row: sqlite3.Row) -> int:
    """Count an answer that shows an event's meeting; how many there were before."""
    counted = db.execute(
        "UPDATE event SET link_answers = link_answers + 1 WHERE number = ? RETURNING link_answers",
        (row["number"],),
    ).fetchone()
    return int(counted["link_answers"]) - 1


def between(
    db: sqlite3.Connection, calendar: sqlite3.Row, begin: datetime, end: datetime
) -> list[Occurrence]:
    """What happens between two instants, deleted events too, by start."""
    rows = db.execute(
        "SELECT * FROM event WHERE calendar = ? AND start_at < ? AND (end_at > ? OR rule <> '')",
        (calendar["number"], stamp(end), stamp(begin)),
    )
    found = [
        Occurrence(row, starts, ends)
        for row in rows
        for starts, ends in occurrences(
            instant(row["start_at"]),
            instant(row["end_at"]),
            row["rule"],
            _zone(row, calendar),
            begin,
            end,
        )
    ]
    return sorted(found, key=lambda one: (one.start, one.row["number"]))


def _zone(row: sqlite3.Row, calendar: sqlite3.Row) -> str:
    """The zone that a recurring event is planned in: Google and Microsoft both name it."""
    start = json.loads(row["body"])["start"]
    return str(start.get("timeZone") or calendar["zone"])
