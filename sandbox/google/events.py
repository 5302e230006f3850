"""Google's events, one at a time: insert, get, patch, delete."""

import json
import re
import secrets
import sqlite3
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox import calendars
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.google import discovery, fields, meet, shapes
from sandbox.google.access import calendar, caller
from sandbox.google.answers import error, invalid, refused
from sandbox.google.lists import with_meeting
from sandbox.settings import setting
from sandbox.wire import note

bp = Blueprint("google_events", __name__, url_prefix="/google/calendar/v3")

_ID = re.compile(r"[0-9a-v]{5,1024}")
#: What only Google says of an event, whether or not its document marks it.
_GOOGLES_OWN = {"etag", "kind", "htmlLink", "hangoutLink", "created", "updated", "iCalUID"}
_GOOGLES_OWN |= {"recurringEventId", "originalStartTime", "sequence", "eventType", "locked"}


@bp.post("/calendars/<calendar_id>/events")
def insert(calendar_id: str) -> Response:
    """A new event, under an id of the caller's if one is sent."""
    now = utcnow()
    with sandbox().store.write() as db:
        person = caller(db, "events.insert")
        asked = _write_query("events.insert")
        mask = discovery.mask("events.insert", asked)
        body = _body("events.insert", asked)
        found = calendar(db, person, calendar_id, write=True)
        event_id = body.pop("id", secrets.token_hex(13))
        note(event_id=event_id)
        if not _ID.fullmatch(event_id):
            raise invalid("id", "Invalid resource id value.")
        if calendars.find(db, found["number"], event_id):
            raise error("409")
        wish = meet.wish(body)
        code = meet.new_code() if wish else None
        times = shapes.times(body, found)
        row = calendars.add(db, found["number"], event_id, body, times, now, link_key=code)
        if wish:
            meet.is_new(db, row["number"], wish)
        event = _shown(db, row, found, person)
    return jsonify(fields.cut(event, mask))


@bp.get("/calendars/<calendar_id>/events/<event_id>")
def get(calendar_id: str, event_id: str) -> Response:
    """One event; a deleted one too, as cancelled."""
    with sandbox().store.write() as db:
        person = caller(db, "events.get")
        mask = discovery.mask("events.get", discovery.query("events.get"))
        found = calendar(db, person, calendar_id)
        event = _shown(db, _row(db, found, event_id), found, person)
    return jsonify(fields.cut(event, mask))


@bp.patch("/calendars/<calendar_id>/events/<event_id>")
def patch(calendar_id: str, event_id: str) -> Response:
    """Change what is named; null takes a value away.

    A deleted event is changed without a word and stays deleted, unless its status is set to
    ``confirmed``.
    """
    now = utcnow()
    with sandbox().store.write() as db:
        person = caller(db, "events.patch")
        asked = _write_query("events.patch")
        mask = discovery.mask("events.patch", asked)
        body = _body("events.patch", asked)
        found = calendar(db, person, calendar_id, write=True)
        row = _row(db, found, event_id)
        if request.headers.get("If-Match", shapes.etag(row)) not in (shapes.etag(row), "*"):
            raise error("412")
        if body.pop("id", event_id) != event_id:
            raise invalid("id")
        status = body.pop("status", None)
        old = json.loads(row["body"])
        code = _meeting(db, row, body)
        new = _merged(old, body)
        row = calendars.change(db, row, new, shapes.times(new, found), now, code)
        row = _with_status(db, row, status)
        event = _shown(db, row, found, person)
    return jsonify(fields.cut(event, mask))


@bp.delete("/calendars/<calendar_id>/events/<event_id>")
def delete(calendar_id: str, event_id: str) -> tuple[str, int]:
    """Take an event away; its id stays taken."""
    with sandbox().store.write() as db:
        person = caller(db, "events.delete")
        _write_query("events.delete")
        found = calendar(db, person, calendar_id, write=True)
        row = _row(db, found, event_id)
        if row["deleted_at"]:
            raise error("410")
        calendars.remove(db, row, "app", utcnow())
    return "", 204


def _write_query(method: str) -> dict[str, str]:
    asked = discovery.query(method)
    if asked.get("sendUpdates") != "none":
        raise invalid("sendUpdates", "Somebody might be written to")
    return asked


def _body(method: str, asked: dict[str, str]) -> dict[str, Any]:
    body = discovery.body(method)
    if own := sorted(_GOOGLES_OWN & set(body)):
        raise invalid(own[0])
    if body.get("status") not in (None, "confirmed", "tentative"):
        raise invalid("status")
    shapes.refuse_guests(body)
    if asked.get("conferenceDataVersion") != "1":
        body.pop("conferenceData", None)  # silently, as Google does
    return body


def _row(db: sqlite3.Connection, found: sqlite3.Row, event_id: str) -> sqlite3.Row:
    note(event_id=event_id)
    row = calendars.find(db, found["number"], event_id)
    if row is None:
        raise error("404")
    return row


def _meeting(db: sqlite3.Connection, row: sqlite3.Row, body: dict[str, Any]) -> str | None:
    """The code of the meeting that an event has after a patch.

    A meeting of an event's own may be sent back as it was read. A request that Google has seen is
    ignored.
    """
    before: str | None = row["link_key"]
    if "conferenceData" not in body:
        return before
    if body["conferenceData"] is None:
        return None
    if before and body["conferenceData"].get("conferenceId") == before:
        del body["conferenceData"]
        return before
    wish = meet.wish(body)
    if wish and meet.is_new(db, row["number"], wish):
        return meet.new_code()
    del body["conferenceData"]
    return before


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """What stands after a patch: objects are merged, all else is replaced, null removes."""
    merged = dict(old)
    for name, value in new.items():
        before = merged.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            merged[name] = _merged(before, value)
        elif value is None:
            merged.pop(name, None)
        else:
            merged[name] = value
    return merged


def _with_status(db: sqlite3.Connection, row: sqlite3.Row, status: str | None) -> sqlite3.Row:
    if row["deleted_at"] and status == "confirmed":
        if setting(db, "google_revive") == "forbidden":
            raise refused(403, "forbidden", "Forbidden")
        calendars.remove(db, row, "", utcnow())
    return _again(db, row)


def _again(db: sqlite3.Connection, row: sqlite3.Row) -> sqlite3.Row:
    found = calendars.find(db, row["calendar"], row["id"])
    assert found is not None
    return found


def _shown(
    db: sqlite3.Connection, row: sqlite3.Row, found: sqlite3.Row, person: sqlite3.Row
) -> dict[str, Any]:
    event = shapes.master(row, found, person["email"])
    return with_meeting(db, row, event, count=not row["deleted_at"])
