"""Graph's events, one at a time: create, get, update, delete."""

import sqlite3
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox import calendars, checks
from sandbox.answers import Refusal
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.microsoft import accounts, shapes, teams
from sandbox.microsoft.access import calendar, event, owner, query
from sandbox.microsoft.answers import refused
from sandbox.microsoft.lists import selected, with_meeting
from sandbox.settings import setting
from sandbox.wire import note

bp = Blueprint("microsoft_events", __name__, url_prefix="/microsoft/v1.0/me")


@bp.post("/events", defaults={"calendar_id": None})
@bp.post("/calendars/<calendar_id>/events")
def create(calendar_id: str | None) -> tuple[Response, int]:
    """A new event; one of the same transactionId if there is one already."""
    now = utcnow()
    with sandbox().store.write() as db:
        person, zone = owner(db)
        query()
        body = _body()
        shapes.refuse_wrong(body, new=True)
        found = calendar(db, person, calendar_id, write=True)
        times, transaction_id = shapes.times(body), body.pop("transactionId")
        row = _made_before(db, person, transaction_id)
        if row is None:
            key = _meeting(db, person, body)
            _keep_page(body, key)
            row = calendars.add(
                db,
                found["number"],
                shapes.new_id(),
                body,
                times,
                now,
                transaction_id=transaction_id,
                link_key=key,
            )
        note(event_id=row["id"])
        shown = with_meeting(db, row, shapes.whole(row, found, zone), count=True)
    return jsonify(shown), 201


@bp.get("/events/<event_id>", defaults={"calendar_id": None})
@bp.get("/calendars/<calendar_id>/events/<event_id>")
def get(calendar_id: str | None, event_id: str) -> Response:
    """One event."""
    with sandbox().store.write() as db:
        person, zone = owner(db)
        asked = query("$select")
        row, found = event(db, person, event_id)
        shown = with_meeting(db, row, shapes.whole(row, found, zone), count=True)
    return jsonify(selected(shown, asked, shapes.SELECTABLE))


@bp.patch("/events/<event_id>", defaults={"calendar_id": None})
@bp.patch("/calendars/<calendar_id>/events/<event_id>")
def update(calendar_id: str | None, event_id: str) -> Response:
    """Change what is named. A text without Teams' own part ends the meeting."""
    now = utcnow()
    with sandbox().store.write() as db:
        person, zone = owner(db)
        query()
        body = _body()
        shapes.refuse_wrong(body, new=False)
        row, found = event(db, person, event_id, write=True)
        key = row["link_key"] or _meeting(db, person, body)
        if row["link_key"] and "body" in body:
            part = teams.blob(row["link_key"], sandbox().config.public_url)
            key = row["link_key"] if part in body["body"].get("content", "") else None
        new = {**calendars.body(row), **body}
        _keep_page(new, key)
        row = calendars.change(db, row, new, shapes.times(new, row["rule"]), now, key)
        shown = with_meeting(db, row, shapes.whole(row, found, zone), count=True)
    return jsonify(shown)


@bp.delete("/events/<event_id>", defaults={"calendar_id": None})
@bp.delete("/calendars/<calendar_id>/events/<event_id>")
def delete(calendar_id: str | None, event_id: str) -> tuple[str, int]:
    """Take an event away."""
    with sandbox().store.write() as db:
        person, _ = owner(db)
        query()
        row, _ = event(db, person, event_id, write=True)
        calendars.remove(db, row, "app", utcnow())
    return "", 204


def _body() -> dict[str, Any]:
    try:
        return checks.json_object(request.get_data(), request.mimetype)
    except Refusal as wrong:
        words = "Unable to read JSON request payload."
        raise refused(400, "BadRequest", words) from wrong


def _made_before(
    db: sqlite3.Connection, person: sqlite3.Row, transaction_id: str
) -> sqlite3.Row | None:
    """The event of an earlier request with the same transactionId.

    :raises Refusal: if it has been deleted since, or such requests are to be refused.
    """
    row: sqlite3.Row | None = db.execute(
        "SELECT event.* FROM event JOIN calendar ON calendar.number = event.calendar"
        " WHERE provider = 'microsoft' AND person_id = ? AND transaction_id = ?",
        (person["id"], transaction_id),
    ).fetchone()
    if row and (row["deleted_at"] or setting(db, "graph_duplicates") == "refused"):
        words = "Your request can't be completed. The TransactionId has been used already."
        raise refused(409, "ErrorDuplicateTransactionId", words)
    return row


def _meeting(db: sqlite3.Connection, person: sqlite3.Row, body: dict[str, Any]) -> str | None:
    """The key of a new meeting, if one is asked for and the account can have it. If it cannot,
    nothing is said.
    """
    wanted = bool(body.get("isOnlineMeeting"))
    can = "teamsForBusiness" in accounts.meetings(accounts.of(db, person["id"]))
    return teams.new_key() if wanted and can else None


def _keep_page(body: dict[str, Any], key: str | None) -> None:
    """Make an event's text what Exchange makes of it."""
    given = body.get("body", {})
    content, kind = given.get("content", ""), given.get("contentType", "text")
    page = teams.page(content, kind, key, sandbox().config.public_url)
    body["body"] = {"contentType": "html", "content": page}
