"""Google's events and calendars as JSON: what is taken, and what is shown."""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from sandbox.calendars import Occurrence, Times
from sandbox.entries import Entry
from sandbox.google.answers import invalid, refused
from sandbox.times import instant

#: Asking for them walks through the machine's files.
_ZONES = frozenset(available_timezones())
#: Kinds of meeting that every account here may ask for.
_MEETINGS = {"allowedConferenceSolutionTypes": ["hangoutsMeet"]}


def times(body: Mapping[str, Any], calendar: sqlite3.Row) -> Times:
    """When an event of this body is.

    :raises Refusal: if a start or an end is missing or no instant, or they are the wrong way round.
    """
    start, end = (_instant(body, name, calendar["zone"]) for name in ("start", "end"))
    if ("date" in body["start"]) != ("date" in body["end"]):
        raise invalid("end")
    if end <= start:
        raise refused(400, "timeRangeEmpty", "The specified time range is empty.", "timeMax")
    rules = body.get("recurrence") or []
    if len(rules) > 1 or any(not rule.startswith("RRULE:") for rule in rules):
        raise invalid("recurrence")
    return Times(start, end, rules[0].removeprefix("RRULE:") if rules else "")


def refuse_guests(body: Mapping[str, Any]) -> None:
    """Refuse attendees, whom Google might write to.

    :raises Refusal: if there are any.
    """
    if body.get("attendees"):
        raise refused(400, "invalid", "The attendees would be invited.", "attendees")


def shown(one: Occurrence, calendar: sqlite3.Row, owner: str) -> dict[str, Any]:
    """An event, or one of a row of them, without its meeting."""
    row, zone = one.row, calendar["zone"]
    body = json.loads(row["body"])
    day = "date" in body["start"]
    event = {
        "kind": "calendar#event",
        "etag": etag(row),
        "status": "confirmed",
        "htmlLink": f"https://www.google.com/calendar/event?eid={row['id'][:40]}",
        "created": row["created_at"],
        "updated": row["updated_at"],
        "creator": {"email": owner, "self": True},
        "organizer": {"email": calendar["id"], "self": True},
        "iCalUID": f"{row['id']}@google.com",
        "sequence": row["changes"],
        "reminders": {"useDefault": True},
        "eventType": "default",
        **body,
        "id": row["id"],
        "start": _time(one.start, zone, body["start"], day),
        "end": _time(one.end, zone, body["end"], day),
    }
    if row["deleted_at"]:
        event["status"] = "cancelled"
    if one.repeats:
        event.pop("recurrence")
        event["id"] = f"{row['id']}_{one.start:%Y%m%dT%H%M%SZ}"
        event["recurringEventId"] = row["id"]
        event["originalStartTime"] = event["start"]
    return event


def master(row: sqlite3.Row, calendar: sqlite3.Row, owner: str) -> dict[str, Any]:
    """An event as it is kept; its rule is there, its occurrences are not."""
    once = shown(Occurrence(row, instant(row["start_at"]), instant(row["end_at"])), calendar, owner)
    if row["rule"]:
        del once["recurringEventId"], once["originalStartTime"]
        once |= {"id": row["id"], "recurrence": [f"RRULE:{row['rule']}"]}
    return once


def etag(row: sqlite3.Row) -> str:
    """Changes with each change."""
    digest = hashlib.sha256(f"{row['number']}/{row['changes']}".encode()).hexdigest()
    return f'"{int(digest[:12], 16)}"'


def listed(calendar: sqlite3.Row) -> dict[str, Any]:
    """A calendar in its owner's list."""
    entry = {
        "kind": "calendar#calendarListEntry",
        "etag": f'"{calendar["number"]}"',
        "id": calendar["id"],
        "summary": calendar["name"],
        "timeZone": calendar["zone"],
        "colorId": "14",
        "backgroundColor": calendar["colour"],
        "foregroundColor": "#000000",
        "selected": True,
        "accessRole": "owner" if calendar["writable"] else "reader",
        "defaultReminders": [],
        "conferenceProperties": _MEETINGS,
    }
    return {**entry, "primary": True} if calendar["main"] else entry


def body_of(entry: Entry) -> dict[str, Any]:
    """An event as its owner would make it on Google's pages."""
    body: dict[str, Any] = {"summary": entry.title}
    if entry.all_day:
        body |= {"start": {"date": entry.first_day}, "end": {"date": entry.day_after}}
    else:
        for name, at in (("start", entry.starts_at), ("end", entry.ends_at)):
            body[name] = {"dateTime": at.astimezone(UTC).isoformat(), "timeZone": entry.zone}
    optional = {
        "description": entry.notes,
        "location": entry.place,
        "transparency": "transparent" if entry.shows == "free" else "",
        "recurrence": [f"RRULE:{entry.rule}"] if entry.rule else [],
        "attendees": _guests(entry),
    }
    return body | {name: value for name, value in optional.items() if value}


def entry_of(row: sqlite3.Row, zone: str) -> Entry:
    """The same, read back."""
    body = json.loads(row["body"])
    return Entry(
        title=body.get("summary", ""),
        starts_at=instant(row["start_at"]),
        ends_at=instant(row["end_at"]),
        zone=zone,
        all_day="date" in body["start"],
        rule=row["rule"],
        shows="free" if body.get("transparency") == "transparent" else "busy",
        declined=any(one.get("responseStatus") == "declined" for one in body.get("attendees", ())),
        cancelled=bool(row["deleted_at"]),
        notes=body.get("description", ""),
        place=body.get("location", ""),
    )


def _guests(entry: Entry) -> list[dict[str, Any]]:
    if not entry.declined:
        return []
    boss = {"email": "olga@example.net", "organizer": True, "responseStatus": "accepted"}
    return [{"self": True, "email": "me@example.net", "responseStatus": "declined"}, boss]


def _instant(body: Mapping[str, Any], name: str, zone: str) -> datetime:
    given = body.get(name)
    if not isinstance(given, dict):
        raise refused(400, "required", f"Missing {name} time.", name)
    given = {key: value for key, value in given.items() if value is not None}
    named = given.get("timeZone", zone)
    if ("date" in given) == ("dateTime" in given) or named not in _ZONES:
        raise invalid(f"{name}.timeZone" if "dateTime" in given else name)
    at = datetime.fromisoformat(given.get("dateTime") or given["date"])
    if "date" in given:
        return at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if at.tzinfo is None:
        if "timeZone" not in given:
            raise refused(400, "required", f"Missing time zone definition for {name} time.", name)
        at = at.replace(tzinfo=ZoneInfo(named))
    return at.astimezone(UTC)


def _time(at: datetime, zone: str, given: Mapping[str, Any], day: bool) -> dict[str, Any]:
    """Google answers in the calendar's zone, whatever was sent, and repeats the zone's name."""
    local = at.astimezone(ZoneInfo(zone))
    if day:
        return {"date": local.date().isoformat()}
    return {"dateTime": local.isoformat(), "timeZone": given.get("timeZone") or zone}
