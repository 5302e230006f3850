"""What iCloud takes of CalDAV, and what it does not."""

import re
import xml.etree.ElementTree as ET

from flask import request
from icalendar import Calendar, Event

from sandbox.icloud.answers import DavError

_STRONG = re.compile(r'"[^"]+"')
_REPORTS = ("calendar-query", "calendar-multiget", "sync-collection")
_NEEDED = ("UID", "DTSTAMP", "DTSTART")
_MOST_DEPTH = ("0", "1")


def check_propfind(*, principal: bool) -> None:
    """Refuse a PROPFIND that is deeper than iCloud goes.

    :param principal: whether it is about a principal or the way there, where only Depth 0 is taken.
    :raises DavError: if so, or if it does not name what it wants.
    """
    depth = request.headers.get("Depth")
    if depth not in (_MOST_DEPTH[:1] if principal else _MOST_DEPTH):
        raise DavError(400, f"Depth {depth} is not taken here")
    if _root("propfind").find("{DAV:}prop") is None:
        raise DavError(400, "a propfind names its properties")


def check_report() -> None:
    """Refuse reports that iCloud does not make: free-busy-query above all.

    :raises DavError: if it is one, or is about anything but events.
    """
    root = _root("")
    name = root.tag.rpartition("}")[2]
    if name not in _REPORTS:
        raise DavError(403 if name == "principal-property-search" else 400, f"no {name}")
    if name == "calendar-query" and request.headers.get("Depth") != "1":
        raise DavError(400, "a calendar-query has Depth 1")
    for part in root.iter("{urn:ietf:params:xml:ns:caldav}comp-filter"):
        if part.get("name") not in ("VCALENDAR", "VEVENT"):
            raise DavError(400, f"no {part.get('name')}")


def check_put(name: str) -> None:
    """Refuse what iCloud would refuse, understand backwards, or mail to somebody.

    :param name: the file's.
    :raises DavError: saying why.
    """
    new, same = request.headers.get("If-None-Match"), request.headers.get("If-Match")
    if (new is None) == (same is None) or new not in (None, "*"):
        raise DavError(400, "either If-None-Match: * or If-Match")
    if same is not None:
        check_match(same)
    if request.mimetype != "text/calendar":
        raise DavError(415, "no text/calendar")
    events = _events(request.get_data())
    if new and name != f"{events[0]['UID']}.ics":
        raise DavError(403, "the file is not named by the UID")


def check_match(etag: str) -> None:
    """Refuse anything but one strong tag; ``*`` works backwards at iCloud.

    :raises DavError: if it is something else.
    """
    if not _STRONG.fullmatch(etag):
        raise DavError(400, "If-Match takes one strong tag")


def _events(content: bytes) -> list[Event]:
    """The events of a file, which are one by their UID."""
    try:
        file = Calendar.from_ical(content)
        events = list(file.events)
        zones = {str(zone["TZID"]) for zone in file.timezones}
    except (ValueError, KeyError) as wrong:
        raise DavError(403, "valid-calendar-data") from wrong
    if not events or "PRODID" not in file or file.get("VERSION") != "2.0" or file.errors:
        raise DavError(403, "valid-calendar-data")
    for event in events:
        _check_event(event, zones)
    if len({str(event["UID"]) for event in events}) != 1:
        raise DavError(403, "valid-calendar-object-resource")
    return events


def _check_event(event: Event, zones: set[str]) -> None:
    if event.errors or any(name not in event for name in _NEEDED):
        raise DavError(403, "valid-calendar-data")
    if "DTEND" not in event and "DURATION" not in event:
        raise DavError(403, "an event without an end")
    if "ORGANIZER" in event or "ATTENDEE" in event:
        raise DavError(403, "iCloud would invite")
    for name in ("DTSTART", "DTEND"):
        zone = event[name].params.get("TZID") if name in event else None
        if zone is not None and zone not in zones:
            raise DavError(403, f"no VTIMEZONE for {zone}")


def _root(name: str) -> ET.Element:
    try:
        root = ET.fromstring(request.get_data())
    except ET.ParseError as wrong:
        raise DavError(400, "no XML") from wrong
    if name and root.tag != f"{{DAV:}}{name}":
        raise DavError(400, f"no {name}")
    return root
