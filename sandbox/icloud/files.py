"""Entries as iCalendar files, as their owners' programs write them."""

import secrets
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vRecur

from sandbox.entries import Entry, Listed

#: The header of such a file.
TYPE = {"Content-Type": "text/calendar; charset=utf-8"}
_OWN = "sandbox-"


def new_uid() -> str:
    """The UID of an entry that its owner makes."""
    return f"{_OWN}{secrets.token_hex(12)}"


def written(entry: Entry, uid: str, owner: str, now: datetime, old: Event | None = None) -> bytes:
    """The file of an entry; what it has not the words for stays as in ``old``."""
    event = old or Event()
    for name, value in _properties(entry, owner).items():
        event.pop(name, None)
        for one in value if isinstance(value, list) else [value]:
            if one not in ("", None):
                event.add(name, one)
    event["uid"] = uid
    event.pop("dtstamp", None)
    event.add("dtstamp", now.replace(microsecond=0))
    file = Calendar()
    file.add("prodid", "-//Apple Inc.//the sandbox//EN")
    file.add("version", "2.0")
    file.add_component(event)
    file.add_missing_timezones()
    return bytes(file.to_ical())


def events(content: bytes) -> list[Event]:
    """The events of a file or of a whole calendar."""
    return list(Calendar.from_ical(content).events)


def read(event: Event, zone: str, owner: str) -> Listed:
    """An event as its owner sees it.

    :param zone: the owner's.
    """
    found: Any = event  # icalendar's types say that any property may be anything
    start, end, rule = found["dtstart"].dt, found["dtend"].dt, found.get("rrule")
    entry = Entry(
        title=str(event.get("summary", "")),
        starts_at=_instant(start, zone),
        ends_at=_instant(end, zone),
        zone=zone,
        all_day=not isinstance(start, datetime),
        rule=rule.to_ical().decode() if rule else "",
        shows="free" if event.get("transp") == "TRANSPARENT" else "busy",
        declined=_has_declined(event, owner),
        cancelled=event.get("status") == "CANCELLED",
        notes=str(event.get("description", "")),
        place=str(event.get("location", "")),
    )
    uid = str(event["uid"])
    return Listed(id=uid, entry=entry, made_by="user" if uid.startswith(_OWN) else "app")


def _properties(entry: Entry, owner: str) -> dict[str, Any]:
    zone = ZoneInfo(entry.zone)
    start, end = entry.starts_at, entry.ends_at
    if entry.all_day:
        times: tuple[Any, Any] = start.astimezone(zone).date(), end.astimezone(zone).date()
    else:
        there = zone if entry.rule else UTC
        times = start.astimezone(there), end.astimezone(there)
    return {
        "summary": entry.title,
        "dtstart": times[0],
        "dtend": times[1],
        "rrule": vRecur.from_ical(entry.rule) if entry.rule else "",
        "transp": "TRANSPARENT" if entry.shows == "free" else "OPAQUE",
        "status": "CANCELLED" if entry.cancelled else "CONFIRMED",
        "description": entry.notes,
        "location": entry.place,
        "organizer": vCalAddress("mailto:olga@example.net") if entry.declined else "",
        "attendee": [_declining(owner)] if entry.declined else [],
    }


def _declining(owner: str) -> vCalAddress:
    attendee = vCalAddress(f"mailto:{owner}")
    attendee.params["PARTSTAT"] = "DECLINED"
    return attendee


def _has_declined(event: Event, owner: str) -> bool:
    found = event.get("attendee", [])
    guests = found if isinstance(found, list) else [found]
    own = [one for one in guests if str(one).lower() == f"mailto:{owner}"]
    return any(one.params.get("PARTSTAT") == "DECLINED" for one in own)


def _instant(value: date | datetime, zone: str) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return (value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
