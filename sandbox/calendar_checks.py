"""Whether a calendar attachment is one that calendar programs take (RFC 5545, RFC 5546)."""

from collections.abc import Collection
from typing import Any

from icalendar import Calendar, Component

#: What an event must say in a message of each method (RFC 5546, 3.2).
_NEEDED = {
    "REQUEST": ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "ORGANIZER", "ATTENDEE", "SEQUENCE"),
    "CANCEL": ("UID", "DTSTAMP", "DTSTART", "ORGANIZER", "ATTENDEE", "SEQUENCE"),
    "PUBLISH": ("UID", "DTSTAMP", "DTSTART", "SUMMARY"),
}
_ENDS = ("DTSTART", "DTEND")
_LONGEST_LINE = 75


def check_calendar(content: bytes, method: str | None, readers: Collection[str]) -> None:
    """Check the body of a ``text/calendar`` part.

    :param method: what the part's content type says.
    :param readers: the message's recipients, each of whom must be invited, else their calendar
        program shows them somebody else's meeting.
    :raises ValueError: saying what is wrong.
    """
    _check_text(content)
    calendar = _parsed(content)
    said = str(calendar.get("METHOD", ""))
    if method is None or method.upper() != said:
        raise ValueError("METHOD is not the same in the content type and in the body")
    if said not in _NEEDED:
        raise ValueError(f"METHOD {said} is not for sending")
    if str(calendar.get("VERSION", "")) != "2.0" or not calendar.get("PRODID"):
        raise ValueError("VERSION 2.0 and a PRODID must be there")
    if not calendar.events:
        raise ValueError("there is no event")
    for event in calendar.events:
        _check_event(event, said)
        if said != "PUBLISH":
            _check_people(event, readers)


def _check_text(content: bytes) -> None:
    lines = content.split(b"\r\n")
    if lines[-1] != b"" or any(b"\n" in line or b"\r" in line for line in lines):
        raise ValueError("lines end with CR LF")
    if any(len(line) > _LONGEST_LINE for line in lines):
        raise ValueError("lines of more than 75 octets are folded")
    opened: list[bytes] = []
    for line in lines:
        name, _, value = line.upper().partition(b":")
        if name == b"BEGIN":
            opened.append(value)
        elif name == b"END" and (not opened or opened.pop() != value):
            raise ValueError("BEGIN and END do not match")


def _parsed(content: bytes) -> Calendar:
    try:
        found = Calendar.from_ical(content.decode())
    except (ValueError, KeyError, IndexError) as error:
        raise ValueError("it cannot be read") from error
    if not isinstance(found, Calendar):
        raise ValueError("it is not one VCALENDAR")
    if broken := [name for one in found.walk() for name, _ in one.errors]:
        raise ValueError(f"{broken[0]} cannot be read")
    return found


def _check_event(event: Component, method: str) -> None:
    if missing := [name for name in _NEEDED[method] if name not in event]:
        raise ValueError(f"{missing[0]} is missing")
    if "DTEND" not in event and "DURATION" not in event and method != "CANCEL":
        raise ValueError("DTEND or DURATION is missing")
    if method == "CANCEL" and str(event.get("STATUS", "")) != "CANCELLED":
        raise ValueError("STATUS is not CANCELLED")
    moments: list[Any] = [getattr(event[name], "dt", None) for name in _ENDS if name in event]
    if any(getattr(moment, "tzinfo", None) is None for moment in moments):
        raise ValueError("DTSTART and DTEND need a zone")
    if sorted(set(moments)) != moments:
        raise ValueError("DTEND is not after DTSTART")


def _check_people(event: Component, readers: Collection[str]) -> None:
    invited = event["ATTENDEE"] if isinstance(event["ATTENDEE"], list) else [event["ATTENDEE"]]
    addresses = [str(one).casefold() for one in (event["ORGANIZER"], *invited)]
    if not all(one.startswith("mailto:") for one in addresses):
        raise ValueError("ORGANIZER and ATTENDEE are mail addresses")
    if missing := {f"mailto:{one.casefold()}" for one in readers} - set(addresses[1:]):
        raise ValueError(f"{len(missing)} of the recipients are no ATTENDEE")
