"""Graph's events and calendars as JSON: what is taken, and what is shown."""

import base64
import hashlib
import json
import re
import secrets
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.calendars import Occurrence, Times
from sandbox.entries import Entry
from sandbox.microsoft import teams
from sandbox.microsoft.answers import invalid, refused
from sandbox.microsoft.zones import iana, windows
from sandbox.schemas import Schemas
from sandbox.times import instant

_DOCUMENT: dict[str, Any] = json.loads(
    resources.files("sandbox").joinpath("graph-calendar.json").read_text(encoding="utf-8")
)
_SCHEMAS = Schemas(_DOCUMENT["components"]["schemas"])
_WRITE = {"$ref": "#/components/schemas/EventWrite"}
_LOCAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?", re.ASCII)
#: What Graph says of an event beside what the document names.
_MORE = {"type", "seriesMasterId", "createdDateTime", "lastModifiedDateTime", "bodyPreview"}
_MORE |= {"responseStatus", "originalStartTimeZone", "originalEndTimeZone", "organizer"}
_EVENT = _DOCUMENT["components"]["schemas"]["Event"]["allOf"]
#: What ``$select`` may name.
SELECTABLE = _MORE.union(*(_SCHEMAS.resolved(part)["properties"] for part in _EVENT))
_LONGEST_SUBJECT = 255


def refuse_wrong(body: Mapping[str, Any], *, new: bool) -> None:
    """Refuse a body that is not as Graph's documentation has it, or that would invite somebody.

    :raises Refusal: naming what is wrong.
    """
    if wrong_at := _SCHEMAS.wrong(dict(body), _WRITE):
        raise invalid(wrong_at)
    if body.get("attendees"):
        raise invalid("attendees would be invited at once")
    if len(body.get("subject", "")) > _LONGEST_SUBJECT:
        raise invalid("subject is longer than 255")
    if not new and "transactionId" in body:
        raise refused(400, "ErrorInvalidPropertySet", "transactionId cannot be changed.")
    if new and not body.get("transactionId"):
        raise invalid("without transactionId a repeated request makes a second event")
    if body.get("isOnlineMeeting") and body.get("onlineMeetingProvider") != "teamsForBusiness":
        raise invalid("onlineMeetingProvider")


def times(body: Mapping[str, Any], rule: str = "") -> Times:
    """When an event of this body is.

    :raises Refusal: if a start or an end is missing or no time, or they are the wrong way round.
    """
    start, end = (_instant(body, name) for name in ("start", "end"))
    if end <= start:
        raise refused(400, "ErrorPropertyValidationFailure", "The end is not after the start.")
    return Times(start, end, rule)


def shown(one: Occurrence, calendar: sqlite3.Row, zone: str) -> dict[str, Any]:
    """An event, or one of a row of them, without its meeting; its times in a zone."""
    row = one.row
    body = json.loads(row["body"])
    own = windows(iana(body["start"]["timeZone"]) or "UTC")
    day = body.get("isAllDay", False)
    series = one.repeats
    key = f"{row['id']}.{one.start:%Y%m%d%H%M}" if series else row["id"]
    return {
        "@odata.etag": f'W/"{_change_key(row)}"',
        "location": {"displayName": ""},
        "showAs": "busy",
        "isCancelled": False,
        "isOrganizer": True,
        "isAllDay": False,
        "attendees": [],
        "allowNewTimeProposals": True,
        "hideAttendees": False,
        "responseRequested": True,
        "reminderMinutesBeforeStart": 15,
        "isReminderOn": True,
        "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"},
        "transactionId": row["transaction_id"],
        **body,
        "id": key,
        "changeKey": _change_key(row),
        "iCalUId": hashlib.sha256(row["id"].encode()).hexdigest().upper(),
        "type": "occurrence" if series else "singleInstance",
        "seriesMasterId": row["id"] if series else None,
        "createdDateTime": row["created_at"],
        "lastModifiedDateTime": row["updated_at"],
        "originalStartTimeZone": own,
        "originalEndTimeZone": own,
        "start": _time(one.start, zone, calendar["zone"] if day else None),
        "end": _time(one.end, zone, calendar["zone"] if day else None),
        "webLink": f"https://outlook.office365.com/owa/?itemid={row['id'][:40]}",
    }


def whole(row: sqlite3.Row, calendar: sqlite3.Row, zone: str) -> dict[str, Any]:
    """An event as it is kept."""
    once = Occurrence(row, instant(row["start_at"]), instant(row["end_at"]))
    event = shown(once, calendar, zone)
    return {**event, "id": row["id"], "type": "seriesMaster"} if row["rule"] else event


def listed(calendar: sqlite3.Row, meetings: list[str], owner: str) -> dict[str, Any]:
    """A calendar in its owner's list."""
    return {
        "id": calendar["id"],
        "name": calendar["name"],
        "color": "auto",
        "hexColor": calendar["colour"],
        "isDefaultCalendar": bool(calendar["main"]),
        "changeKey": str(calendar["number"]),
        "canShare": True,
        "canViewPrivateItems": True,
        "canEdit": bool(calendar["writable"]),
        "isRemovable": not calendar["main"],
        "allowedOnlineMeetingProviders": meetings,
        "defaultOnlineMeetingProvider": meetings[0] if meetings else "unknown",
        "owner": {"name": owner, "address": owner},
    }


def new_id() -> str:
    """An event's immutable id: long, and with a character that an address must encode."""
    random = base64.urlsafe_b64encode(secrets.token_bytes(61)).decode()  # "=" at its end
    return f"AAkALgAAAAAAHYQDEapmEc2byACqAC-{random}"


def body_of(entry: Entry) -> dict[str, Any]:
    """An event as its owner would make it in Outlook."""
    zone = ZoneInfo(entry.zone)
    body: dict[str, Any] = {
        "subject": entry.title,
        "body": {"contentType": "html", "content": teams.page(entry.notes, "text", None, "")},
        "location": {"displayName": entry.place},
        "isAllDay": entry.all_day,
        "showAs": "free" if entry.declined else entry.shows,
    }
    for name, at in (("start", entry.starts_at), ("end", entry.ends_at)):
        local = at.astimezone(zone).replace(tzinfo=None)
        body[name] = {"dateTime": local.isoformat(), "timeZone": entry.zone}
    if entry.declined:
        answered = {"response": "declined", "time": entry.starts_at.isoformat()}
        body |= {"isOrganizer": False, "responseStatus": answered}
    return {**body, "isCancelled": True} if entry.cancelled else body


def entry_of(row: sqlite3.Row, zone: str) -> Entry:
    """The same, read back."""
    body = json.loads(row["body"])
    content = body.get("body", {}).get("content", "")
    return Entry(
        title=body.get("subject", ""),
        starts_at=instant(row["start_at"]),
        ends_at=instant(row["end_at"]),
        zone=zone,
        all_day=body.get("isAllDay", False),
        rule=row["rule"],
        shows=body.get("showAs", "busy"),
        declined=body.get("responseStatus", {}).get("response") == "declined",
        cancelled=body.get("isCancelled", False),
        notes=teams.own_text(content),
        place=body.get("location", {}).get("displayName", ""),
    )


def changed_by_hand(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """What stands after its owner has changed an event: Outlook leaves Teams' part alone."""
    page = teams.with_text(old["body"]["content"], new["body"]["content"])
    return {**old, **new, "body": {"contentType": "html", "content": page}}


def _change_key(row: sqlite3.Row) -> str:
    return hashlib.sha256(f"{row['number']}/{row['changes']}".encode()).hexdigest()[:24]


def _instant(body: Mapping[str, Any], name: str) -> datetime:
    given = body.get(name)
    if not isinstance(given, dict):
        raise refused(400, "ErrorInvalidRequest", f"{name} is required.")
    zone = iana(given["timeZone"])
    if zone is None:
        raise refused(400, "TimeZoneNotSupportedException", "A valid TimeZone must be specified.")
    if not _LOCAL.fullmatch(given["dateTime"]):
        raise invalid(f"{name}.dateTime")
    try:
        at = datetime.fromisoformat(given["dateTime"][:26])
    except ValueError as wrong:
        raise invalid(f"{name}.dateTime") from wrong
    return at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _time(at: datetime, zone: str, day_zone: str | None) -> dict[str, str]:
    """A time as wanted. Of a whole day the midnight is said, and with it the wrong zone."""
    local = at.astimezone(ZoneInfo(day_zone or iana(zone) or "UTC"))
    return {"dateTime": f"{local:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": zone}
