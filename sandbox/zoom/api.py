"""Zoom's REST API v2: the six calls that BookMe is allowed."""

import sqlite3
from datetime import datetime

from flask import Blueprint, Response, jsonify, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from sandbox import people
from sandbox.access import caller, only_me
from sandbox.answers import body_of, error, invalid
from sandbox.checks import json_object, wrong_fields
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.wire import note
from sandbox.zoom import meetings, quota

bp = Blueprint("zoom_api", __name__, url_prefix="/zoom/v2")

_PAGE_TOKEN_SECONDS = 15 * 60
#: Types of people: without a licence, and none.
_WITHOUT_MEETINGS = (4, 99)
_NEEDED = ("topic", "type", "start_time", "duration")


@bp.get("/users/<user>")
def me(user: str) -> Response:
    """Who has authorized the app."""
    with sandbox().store.read() as db:
        person = caller(db, "me")
        only_me(user, "me")
        _query()
    return jsonify(
        body_of(
            "user_me",
            id=person["id"],
            account_id=person["account_id"],
            email=person["email"],
            first_name=person["first_name"],
            last_name=person["last_name"],
            display_name=people.display_name(person),
            type=person["type"],
            status=person["status"],
            timezone=person["timezone"],
            pmi=person["pmi"],
        )
    )


@bp.post("/users/<user>/meetings")
def create(user: str) -> tuple[Response, int]:
    """A new meeting of the caller's."""
    now = utcnow()
    with sandbox().store.write() as db:
        person = caller(db, "create")
        only_me(user, "create")
        _query()
        body = json_object(request.get_data(), request.mimetype)
        if wrong := wrong_fields(body, required=_NEEDED):
            raise invalid(*wrong)
        if person["type"] in _WITHOUT_MEETINGS:
            raise error("api_hosting_forbidden")
        quota.spend(db, person["id"], now)
        made = meetings.create(db, person, body, now)
    note(meeting_id=made["id"])
    return jsonify(meetings.whole(made, person, sandbox().config.public_url)), 201


@bp.get("/users/<user>/meetings")
def upcoming(user: str) -> Response:
    """The caller's meetings that are not over, in pages."""
    with sandbox().store.read() as db:
        person = caller(db, "list")
        only_me(user, "list")
        asked = _query("type", "page_size", "next_page_token")
        if asked.get("type") != "upcoming":
            raise invalid("type")
        size, after = _page_size(asked.get("page_size", "30")), _after(asked, person["id"])
        rows, total = meetings.upcoming(db, person["id"], after, size + 1, utcnow())
    shown = rows[:size]
    more = ""
    if len(rows) > size:
        more = _pages().dumps([person["id"], shown[-1]["start_at"], shown[-1]["id"]])
    return jsonify(
        body_of(
            "meetings_list",
            page_size=size,
            total_records=total,
            next_page_token=more,
            meetings=[meetings.listed(row, sandbox().config.public_url) for row in shown],
        )
    )


@bp.get("/meetings/<meeting_id>")
def show(meeting_id: str) -> Response:
    """One meeting with its passcode."""
    with sandbox().store.read() as db:
        person = caller(db, "get")
        _query()
        row = _meeting(db, meeting_id, person, utcnow())
    return jsonify(meetings.whole(row, person, sandbox().config.public_url))


@bp.patch("/meetings/<meeting_id>")
def update(meeting_id: str) -> tuple[str, int]:
    """Change the fields that are named."""
    now = utcnow()
    with sandbox().store.write() as db:
        person = caller(db, "update")
        _query()
        body = json_object(request.get_data(), request.mimetype)
        if wrong := wrong_fields(body) or ([] if body else ["topic"]):
            raise invalid(*wrong)
        row = _meeting(db, meeting_id, person, now)
        if row["status"] != "waiting":
            raise error("api_update_started")
        quota.spend(db, person["id"], now)
        meetings.change(db, row, body, now)
    return "", 204


@bp.delete("/meetings/<meeting_id>")
def delete(meeting_id: str) -> tuple[str, int]:
    """Take a meeting away."""
    now = utcnow()
    with sandbox().store.write() as db:
        person = caller(db, "delete")
        asked = _query("schedule_for_reminder", "cancel_meeting_reminder")
        if wrong := [name for name, value in asked.items() if value not in ("true", "false")]:
            raise invalid(*wrong)
        row = _meeting(db, meeting_id, person, now)
        if row["status"] == "started":
            raise error("api_delete_in_progress")
        if row["status"] == "ended":
            raise error("api_delete_in_progress", code=3007, message="The meeting has ended.")
        meetings.delete(db, row["id"], "app", now)
    return "", 204


def _query(*known: str) -> dict[str, str]:
    """The query's parameters; what is not known, or stands there twice, is refused."""
    asked = request.args
    if wrong := [name for name in asked if name not in known or len(asked.getlist(name)) != 1]:
        raise invalid(*wrong)
    return asked.to_dict()


def _meeting(
    db: sqlite3.Connection, meeting_id: str, person: sqlite3.Row, now: datetime
) -> sqlite3.Row:
    if not (meeting_id.isascii() and meeting_id.isdigit() and len(meeting_id) <= 18):
        raise error("api_bad_json", message="Invalid meeting id.")
    note(meeting_id=int(meeting_id))
    row = meetings.find(db, int(meeting_id), now)
    if row is None:
        raise error("api_meeting_missing", message=f"Meeting does not exist: {meeting_id}.")
    if row["person_id"] != person["id"]:
        raise error("api_not_host")
    return row


def _page_size(asked: str) -> int:
    if asked.isascii() and asked.isdigit() and 1 <= int(asked) <= 300:
        return int(asked)
    raise invalid("page_size")


def _after(asked: dict[str, str], person_id: str) -> tuple[str, int]:
    token = asked.get("next_page_token")
    if not token:
        return "", 0
    try:
        whose, start, last = _pages().loads(token, max_age=_PAGE_TOKEN_SECONDS)
    except BadSignature as wrong:
        raise invalid("next_page_token") from wrong
    if whose != person_id:
        raise invalid("next_page_token")
    return start, last


def _pages() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(sandbox().config.client_secret, salt="next page")
