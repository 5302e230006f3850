"""All that the sandbox holds, as JSON for tests."""

import json
import re
import sqlite3
from collections.abc import Callable
from typing import Any

from sandbox import faults
from sandbox.context import Sandbox
from sandbox.icloud import accounts
from sandbox.icloud.book import BOOK as ICLOUD
from sandbox.mail import messages
from sandbox.settings import all_settings
from sandbox.times import zoom_time
from sandbox.zoom.meetings import join_url

_REFERENCE = re.compile(r"\breference:? (\S+)$", re.IGNORECASE)


def reference(agenda: str) -> str | None:
    """The booking's reference in an agenda's first line; None if there is none."""
    found = _REFERENCE.search(agenda.split("\n", 1)[0].strip())
    return found[1] if found else None


def state(db: sqlite3.Connection, here: Sandbox, only: set[str]) -> dict[str, Any]:
    """The parts of the state that are asked for; all but iCloud's, if none is."""
    return {name: part(db, here) for name, part in _PARTS.items() if not only or name in only} | (
        {"icloud": _icloud(here)} if "icloud" in only else {}
    )


def _users(db: sqlite3.Connection, here: Sandbox) -> list[dict[str, Any]]:
    query = (
        "SELECT id, account_id, email, type, status, added_at,"
        " (SELECT count(*) FROM app_grant WHERE person_id = person.id AND dead_at IS NULL"
        "  AND provider = 'zoom') AS grants_live,"
        " (SELECT count(*) FROM app_grant WHERE person_id = person.id AND provider = 'zoom')"
        " AS grants_total,"
        " (SELECT coalesce(sum(used), 0) FROM quota WHERE person_id = person.id) AS quota_used"
        " FROM person ORDER BY rowid"
    )
    return _rows(db, query)


def _grants(db: sqlite3.Connection, here: Sandbox) -> list[dict[str, Any]]:
    query = (
        "SELECT app_grant.*, email AS user,"
        " (SELECT max(expires_at) FROM token WHERE grant_id = app_grant.id AND kind = 'access'"
        " AND dead_at IS NULL) AS access_expires_at"
        " FROM app_grant JOIN person ON person.id = person_id ORDER BY app_grant.id"
    )
    return [{**row, "scopes": row["scopes"].split()} for row in _rows(db, query)]


def _meetings(db: sqlite3.Connection, here: Sandbox) -> list[dict[str, Any]]:
    query = "SELECT meeting.*, email FROM meeting JOIN person ON person.id = person_id"
    return [
        {
            "id": row["id"],
            "user": row["email"],
            "reference": reference(row["agenda"]),
            "topic": row["topic"],
            "agenda": row["agenda"],
            "start_time": zoom_time(row["start_at"]),
            "duration": row["duration_minutes"],
            "timezone": row["timezone"],
            "password": row["password"],
            "join_url": join_url(row, here.config.public_url),
            "settings": json.loads(row["settings"]),
            "status": row["status"],
            "created_at": row["created_at"],
            "listed_at": row["listed_at"],
            "changes": row["changes"],
            "deleted_at": row["deleted_at"],
            "deleted_by": row["deleted_by"],
        }
        for row in db.execute(f"{query} ORDER BY created_at, meeting.id")
    ]


def _calls(db: sqlite3.Connection, here: Sandbox) -> list[dict[str, Any]]:
    query = (
        "SELECT call.*, email AS user FROM call LEFT JOIN person ON person.id = person_id"
        " ORDER BY call.id"
    )
    return _rows(db, query)


def _calendars(db: sqlite3.Connection, here: Sandbox) -> list[dict[str, Any]]:
    query = (
        "SELECT provider, email AS user, calendar.id, name, main, writable, removed_at"
        " FROM calendar JOIN person ON person.id = person_id ORDER BY number"
    )
    return _rows(db, query)


def _events(db: sqlite3.Connection, here: Sandbox) -> list[dict[str, Any]]:
    """What is, and was, in Google's and Microsoft's calendars; "icloud" has the third's."""
    query = (
        "SELECT provider, email AS user, name AS calendar, main, event.id, made_by, changes,"
        " start_at, end_at, rule, transaction_id, created_at, updated_at, deleted_at, deleted_by,"
        " link_key, body FROM event JOIN calendar ON calendar.number = event.calendar"
        " JOIN person ON person.id = person_id ORDER BY event.number"
    )
    return [{**row, "body": json.loads(row["body"])} for row in _rows(db, query)]


def _icloud(here: Sandbox) -> list[dict[str, Any]]:
    """What is in iCloud's calendars; asking for it starts Radicale."""
    return [
        {
            "user": shelf.user,
            "calendar": shelf.name,
            "main": shelf.main,
            "id": one.id,
            "made_by": one.made_by,
            "title": one.entry.title,
            "start_at": one.entry.starts_at.isoformat(),
            "end_at": one.entry.ends_at.isoformat(),
            "notes": one.entry.notes,
            "place": one.entry.place,
        }
        for shelf in ICLOUD.shelves(here)
        for one in shelf.entries
    ]


def _passwords(db: sqlite3.Connection, here: Sandbox) -> dict[str, str | None]:
    return {row["email"]: row["password"] for row in accounts.listed(db)}


def _compliance(db: sqlite3.Connection, here: Sandbox) -> list[dict[str, Any]]:
    rows = _rows(db, "SELECT * FROM compliance ORDER BY id")
    return [{**row, "body": json.loads(row["body"])} for row in rows]


def _webhooks(db: sqlite3.Connection, here: Sandbox) -> list[dict[str, Any]]:
    rows = _rows(db, "SELECT * FROM webhook ORDER BY id")
    return [{**row, "body": row["body"].decode()} for row in rows]


def _mail(db: sqlite3.Connection, here: Sandbox) -> list[dict[str, Any]]:
    return [messages.as_json(row, row["copies"]) for row in reversed(messages.newest(db))]


def _faults(db: sqlite3.Connection, here: Sandbox) -> list[dict[str, Any]]:
    return faults.listed(db)


def _settings(db: sqlite3.Connection, here: Sandbox) -> dict[str, Any]:
    return all_settings(db)


def _rows(db: sqlite3.Connection, query: str) -> list[dict[str, Any]]:
    return [dict(row) for row in db.execute(query)]


_PARTS: dict[str, Callable[[sqlite3.Connection, Sandbox], Any]] = {
    "users": _users,
    "grants": _grants,
    "meetings": _meetings,
    "calls": _calls,
    "calendars": _calendars,
    "events": _events,
    "passwords": _passwords,
    "compliance": _compliance,
    "webhooks": _webhooks,
    "mail": _mail,
    "faults": _faults,
    "settings": _settings,
}
