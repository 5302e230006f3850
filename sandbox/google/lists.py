"""Google's lists: a person's calendars, and a calendar's events."""

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from flask import Blueprint, Response, jsonify

from sandbox import calendars
from sandbox.calendars import Occurrence
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.google import discovery, fields, meet, shapes
from sandbox.google.access import calendar, caller, offset, page_token
from sandbox.google.answers import error, invalid
from sandbox.settings import setting
from sandbox.times import instant

bp = Blueprint("google_lists", __name__, url_prefix="/google/calendar/v3")

#: Without bounds, so far from now; the real Google has all there is.
_FAR = timedelta(days=400)

T = TypeVar("T")


@bp.get("/users/me/calendarList")
def list_calendars() -> Response:
    """The caller's calendars, in pages."""
    with sandbox().store.read() as db:
        person = caller(db, "calendarList.list")
        asked = discovery.query("calendarList.list")
        mask = discovery.mask("calendarList.list", asked)
        found = calendars.of_person(db, "google", person["id"])
        if asked.get("minAccessRole") in ("owner", "writer"):
            found = [one for one in found if one["writable"]]
        page, items = _page(db, found, asked, person["id"])
        page["items"] = [shapes.listed(one) for one in items]
    return jsonify(fields.cut({"kind": "calendar#calendarList", "etag": '"1"', **page}, mask))


@bp.get("/users/me/calendarList/<calendar_id>")
def get_calendar(calendar_id: str) -> Response:
    """One of them."""
    with sandbox().store.read() as db:
        person = caller(db, "calendarList.get")
        mask = discovery.mask("calendarList.get", discovery.query("calendarList.get"))
        found = calendar(db, person, calendar_id)
    return jsonify(fields.cut(shapes.listed(found), mask))


@bp.get("/calendars/<calendar_id>/events")
def list_events(calendar_id: str) -> Response:
    """What happens, or what was entered, in pages."""
    with sandbox().store.read() as db:
        person = caller(db, "events.list")
        asked = discovery.query("events.list")
        mask = discovery.mask("events.list", asked)
        found = calendar(db, person, calendar_id)
        begin, end = _bounds(asked)
        happening = calendars.between(db, found, begin, end)
        if asked.get("showDeleted") != "true":
            happening = [one for one in happening if not one.row["deleted_at"]]
        page, rows = _page(db, _wanted(happening, asked), asked, person["id"])
        page["items"] = [_event(db, one, found, person["email"], asked) for one in rows]
    head = {
        "kind": "calendar#events",
        "etag": '"1"',
        "summary": found["name"],
        "updated": f"{utcnow():%Y-%m-%dT%H:%M:%S.000Z}",
        "timeZone": found["zone"],
        "accessRole": "owner" if found["writable"] else "reader",
        "defaultReminders": [],
    }
    return jsonify(fields.cut({**head, **page}, mask))


def with_meeting(
    db: sqlite3.Connection, row: sqlite3.Row, event: dict[str, Any], *, count: bool
) -> dict[str, Any]:
    """An event as shown, its meeting with it."""
    asked = (event.pop("conferenceData", None) or {}).get("createRequest")
    if asked is None or row["link_key"] is None:
        return event
    return event | meet.shown(db, row, asked, sandbox().config.public_url, count=count)


def _bounds(asked: dict[str, str]) -> tuple[datetime, datetime]:
    now = utcnow()
    begin = instant(asked["timeMin"].upper()) if "timeMin" in asked else now - _FAR
    end = instant(asked["timeMax"].upper()) if "timeMax" in asked else now + _FAR
    if end <= begin:
        raise error("400_range")
    if asked.get("orderBy") == "startTime" and asked.get("singleEvents") != "true":
        raise invalid("orderBy", "The requested ordering is not available for the particular query")
    return begin.astimezone(UTC), end.astimezone(UTC)


def _wanted(happening: list[Occurrence], asked: dict[str, str]) -> list[Occurrence]:
    """Occurrences; or each event once, if they are not asked for."""
    if asked.get("singleEvents") != "true":
        return list({one.row["number"]: one for one in happening}.values())
    # Without it "an unspecified, stable order".
    return happening if "orderBy" in asked else happening[::-1]


def _event(
    db: sqlite3.Connection,
    one: Occurrence,
    found: sqlite3.Row,
    owner: str,
    asked: dict[str, str],
) -> dict[str, Any]:
    """An occurrence; or the event as it was entered."""
    if asked.get("singleEvents") == "true":
        event = shapes.shown(one, found, owner)
    else:
        event = shapes.master(one.row, found, owner)
    return with_meeting(db, one.row, event, count=False)


def _page(
    db: sqlite3.Connection, items: list[T], asked: dict[str, str], person_id: str
) -> tuple[dict[str, Any], list[T]]:
    """A page as far as it is the same for all lists, and what is to stand on it."""
    begin = offset(asked, person_id)
    size = min(int(asked.get("maxResults", 250)), setting(db, "page_size"))
    page: dict[str, Any] = {}
    if len(items) > begin + size:
        page["nextPageToken"] = page_token(asked, person_id, begin + size)
    return page, items[begin : begin + size]
