"""Zoom's meetings: rows, and the bodies that show them."""

import base64
import json
import secrets
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sandbox.answers import body_of
from sandbox.checks import start_at
from sandbox.settings import setting
from sandbox.times import instant, stamp, zoom_time

#: Lists cut the agenda.
LISTED_AGENDA = 250
#: A meeting's id ends so long after its date.
_LIFE = timedelta(days=30)
_SETTINGS = body_of("meeting_created")["settings"]
_COLUMNS = {"topic": "topic", "agenda": "agenda", "duration": "duration_minutes"}


def create(
    db: sqlite3.Connection, person: sqlite3.Row, body: Mapping[str, Any], now: datetime
) -> sqlite3.Row:
    """A new meeting of checked values. A start that is past becomes now."""
    zone = body.get("timezone", person["timezone"])
    start = max(start_at(body["start_time"], zone), now)
    password = body.get("password", f"{secrets.randbelow(10**6):06}")
    settings = _effective({**_SETTINGS, **body.get("settings", {})}, password)
    columns = {
        "id": _new_id(db),
        "uuid": base64.b64encode(secrets.token_bytes(16)).decode(),
        "person_id": person["id"],
        "topic": body["topic"],
        "start_at": stamp(start),
        "end_at": stamp(start + timedelta(minutes=body["duration"])),
        "duration_minutes": body["duration"],
        "timezone": zone,
        "agenda": body.get("agenda", ""),
        "password": password,
        "pwd": secrets.token_urlsafe(18) if password else "",
        "settings": json.dumps(settings),
        "created_at": stamp(now),
        "listed_at": stamp(now + timedelta(seconds=setting(db, "list_delay_seconds"))),
    }
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    query = f"INSERT INTO meeting ({names}) VALUES ({marks}) RETURNING *"
    made: sqlite3.Row = db.execute(query, (*columns.values(),)).fetchone()
    return made


def change(
    db: sqlite3.Connection, row: sqlite3.Row, body: Mapping[str, Any], now: datetime
) -> None:
    """Change what the checked body names. A start that is past is silently ignored."""
    new = {_COLUMNS[name]: body[name] for name in _COLUMNS if name in body}
    zone = new["timezone"] = body.get("timezone", row["timezone"])
    if "start_time" in body and (start := start_at(body["start_time"], zone)) > now:
        new["start_at"] = stamp(start)
    duration = timedelta(minutes=body.get("duration", row["duration_minutes"]))
    new["end_at"] = stamp(instant(new.get("start_at", row["start_at"])) + duration)
    if body.get("password", row["password"]) != row["password"]:
        new["password"] = body["password"]
        new["pwd"] = secrets.token_urlsafe(18) if body["password"] else ""
    settings = {**json.loads(row["settings"]), **body.get("settings", {})}
    new["settings"] = json.dumps(_effective(settings, new.get("password", row["password"])))
    assignments = ", ".join(f"{column} = ?" for column in new)
    db.execute(
        f"UPDATE meeting SET {assignments}, changes = changes + 1 WHERE id = ?",
        (*new.values(), row["id"]),
    )


def delete(db: sqlite3.Connection, meeting_id: int, by: str, now: datetime) -> None:
    """Mark a meeting as gone. The row stays, so that the demo and tests see what there was."""
    db.execute(
        "UPDATE meeting SET deleted_at = ?, deleted_by = ? WHERE id = ? AND deleted_at IS NULL",
        (stamp(now), by, meeting_id),
    )


def find(db: sqlite3.Connection, meeting_id: int, now: datetime) -> sqlite3.Row | None:
    """A meeting that is neither deleted nor expired."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM meeting WHERE id = ? AND deleted_at IS NULL AND start_at > ?",
        (meeting_id, stamp(now - _LIFE)),
    ).fetchone()
    return row


def upcoming(
    db: sqlite3.Connection, person_id: str, after: tuple[str, int], limit: int, now: datetime
) -> tuple[list[sqlite3.Row], int]:
    """Meetings not over yet, by start, and how many there are in all.

    :param after: start and id of the last one already shown.
    """
    where = (
        "FROM meeting WHERE person_id = ? AND deleted_at IS NULL AND listed_at <= ? AND end_at > ?"
    )
    values = (person_id, stamp(now), stamp(now))
    rows = db.execute(
        f"SELECT * {where} AND (start_at, id) > (?, ?) ORDER BY start_at, id LIMIT ?",
        (*values, *after, limit),
    ).fetchall()
    return rows, db.execute(f"SELECT count(*) {where}", values).fetchone()[0]


def whole(row: sqlite3.Row, host: sqlite3.Row, public_url: str) -> dict[str, Any]:
    """A meeting as creating and getting it answers."""
    return body_of(
        "meeting_created",
        host_email=host["email"],
        status=row["status"],
        start_url=f"{public_url}/zoom/s/{row['id']}?zak={secrets.token_urlsafe(90)}",
        password=row["password"],
        h323_password=row["password"],
        pstn_password=row["password"],
        encrypted_password=row["pwd"],
        settings=json.loads(row["settings"]),
        **_common(row, public_url),
    )


def listed(row: sqlite3.Row, public_url: str) -> dict[str, Any]:
    """A meeting in a list: the agenda cut, no passcode."""
    return {**_common(row, public_url), "agenda": row["agenda"][:LISTED_AGENDA]}


def join_url(row: sqlite3.Row, public_url: str) -> str:
    """The invitees' link."""
    pwd = f"?pwd={row['pwd']}.1" if row["pwd"] else ""
    return f"{public_url}/zoom/j/{row['id']}{pwd}"


def _common(row: sqlite3.Row, public_url: str) -> dict[str, Any]:
    return {
        "uuid": row["uuid"],
        "id": row["id"],
        "host_id": row["person_id"],
        "topic": row["topic"],
        "type": 2,
        "start_time": zoom_time(row["start_at"]),
        "duration": row["duration_minutes"],
        "timezone": row["timezone"],
        "agenda": row["agenda"],
        "created_at": zoom_time(row["created_at"]),
        "join_url": join_url(row, public_url),
    }


def _effective(settings: dict[str, Any], password: str) -> dict[str, Any]:
    """What Zoom makes of settings: some protection there must be, and a waiting room keeps
    everybody out until the host comes.
    """
    if not password:
        settings["waiting_room"] = True
    if settings["waiting_room"]:
        settings["join_before_host"] = False
    return settings


def _new_id(db: sqlite3.Connection) -> int:
    """Eleven digits, too many for 32 bits."""
    while True:
        number = 80_000_000_000 + secrets.randbelow(10**10)
        if not db.execute("SELECT 1 FROM meeting WHERE id = ?", (number,)).fetchone():
            return number
