"""Graph's lists: who it is, his calendars, and what happens in one."""

import sqlite3
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, request

from sandbox import calendars, people
from sandbox.context import sandbox
from sandbox.microsoft import accounts, shapes, teams
from sandbox.microsoft.access import SKIP, calendar, caller, owner, query, skip_token, skipped
from sandbox.microsoft.answers import invalid, refused
from sandbox.settings import setting

bp = Blueprint("microsoft_lists", __name__, url_prefix="/microsoft/v1.0/me")

_ME = {"id", "displayName", "mail", "userPrincipalName"}
_CALENDAR = {"id", "name", "color", "hexColor", "isDefaultCalendar", "changeKey", "canShare"}
_CALENDAR |= {"canViewPrivateItems", "canEdit", "isRemovable", "owner"}
_CALENDAR |= {"allowedOnlineMeetingProviders", "defaultOnlineMeetingProvider"}
_MOST = 1000

T = TypeVar("T")


@bp.get("")
def me() -> Response:
    """Who has authorized the app."""
    with sandbox().store.read() as db:
        person = caller(db, "User.Read")
        asked = query("$select")
        account = accounts.of(db, person["id"])
    personal = account["kind"] == "personal"
    shown = {
        "id": account["id"],
        "displayName": people.display_name(person),
        "mail": None if personal else person["email"],
        "userPrincipalName": person["email"],
    }
    return jsonify({"@odata.context": "…#users/$entity", **selected(shown, asked, _ME)})


@bp.get("/calendars")
def list_calendars() -> Response:
    """The caller's calendars, in pages."""
    with sandbox().store.read() as db:
        person, _ = owner(db)
        asked = query("$select", "$top", SKIP)
        meetings = accounts.meetings(accounts.of(db, person["id"]))
        found = calendars.of_person(db, "microsoft", person["id"])
        page, items = _page(db, found, asked, person["id"])
        page["value"] = [
            selected(shapes.listed(one, meetings, person["email"]), asked, _CALENDAR)
            for one in items
        ]
        return jsonify(page)


@bp.get("/calendar")
def main_calendar() -> Response:
    """The main one."""
    with sandbox().store.read() as db:
        person, _ = owner(db)
        asked = query("$select")
        meetings = accounts.meetings(accounts.of(db, person["id"]))
        found = shapes.listed(calendar(db, person, None), meetings, person["email"])
    return jsonify(selected(found, asked, _CALENDAR))


@bp.get("/calendarView", defaults={"calendar_id": None})
@bp.get("/calendars/<calendar_id>/calendarView")
def view(calendar_id: str | None) -> Response:
    """What happens between two instants, in pages."""
    with sandbox().store.read() as db:
        person, zone = owner(db)
        asked = query("startDateTime", "endDateTime", "$select", "$top", SKIP)
        found = calendar(db, person, calendar_id)
        begin, end = _instant(asked, "startDateTime"), _instant(asked, "endDateTime")
        if end <= begin:
            words = "The end of the view is not after its start."
            raise refused(400, "ErrorInvalidParameter", words)
        happening = calendars.between(db, found, begin, end)
        there = [one for one in happening if not one.row["deleted_at"]]
        page, items = _page(db, there, asked, person["id"])
        page["value"] = [
            selected(
                with_meeting(db, one.row, shapes.shown(one, found, zone)), asked, shapes.SELECTABLE
            )
            for one in items
        ]
        return jsonify(page)


def with_meeting(
    db: sqlite3.Connection, row: sqlite3.Row, event: dict[str, Any], *, count: bool = False
) -> dict[str, Any]:
    """An event as shown, its meeting with it.

    :param count: whether this answer brings the meeting's link nearer to being there.
    """
    shown: dict[str, Any] = {
        "isOnlineMeeting": row["link_key"] is not None,
        "onlineMeetingProvider": "unknown",
        "onlineMeeting": None,
        "onlineMeetingUrl": None,
    }
    if row["link_key"] is not None:
        shown["onlineMeetingProvider"] = "teamsForBusiness"
        before = calendars.shown(db, row) if count else row["link_answers"]
        if before >= setting(db, "teams_link_answers"):
            address = teams.link(row["link_key"], sandbox().config.public_url)
            shown["onlineMeeting"] = {"joinUrl": address}
    return {**event, **shown}


def selected(shown: dict[str, Any], asked: dict[str, str], known: set[str]) -> dict[str, Any]:
    """What ``$select`` leaves; the id and the etag always stay.

    :raises Refusal: if it names what there is not.
    """
    if "$select" not in asked:
        return shown
    wanted = asked["$select"].split(",")
    if unknown := set(wanted) - known:
        words = f"Could not find a property named '{sorted(unknown)[0][:50]}'."
        raise refused(400, "RequestBroker--ParseUri", words)
    return {key: shown[key] for key in shown if key in ("id", "@odata.etag", *wanted)}


def _page(
    db: sqlite3.Connection, items: list[T], asked: dict[str, str], person_id: str
) -> tuple[dict[str, Any], list[T]]:
    """A page as far as it is the same for all lists, and what is to stand on it."""
    begin, size = skipped(asked, person_id), min(_top(asked), setting(db, "page_size"))
    page: dict[str, Any] = {}
    if len(items) > begin + size:
        following = {**asked, SKIP: skip_token(asked, person_id, begin + size)}
        address = f"{sandbox().config.public_url}{request.path}?{urlencode(following)}"
        page["@odata.nextLink"] = address
    return page, items[begin : begin + size]


def _top(asked: dict[str, str]) -> int:
    text = asked.get("$top", "10")
    if text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST:
        return int(text)
    raise invalid("$top")


def _instant(asked: dict[str, str], name: str) -> datetime:
    """A bound of the view: an offset counts, and without one it is UTC."""
    try:
        at = datetime.fromisoformat(asked[name])
    except (KeyError, ValueError) as wrong:
        raise invalid(name) from wrong
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
