"""Files of one entry, and what a reading of them says. The host is in Berlin."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bookme.providers.calendar import Found
from bookme.providers.icloud.ics import Reading

BEGIN, END = datetime(2027, 3, 8, tzinfo=UTC), datetime(2027, 3, 22, tzinfo=UTC)
NINE = ("DTSTART:20270309T090000Z", "DTEND:20270309T100000Z")


def file(*lines: str, head: tuple[str, ...] = ()) -> str:
    """One entry of these lines in a calendar, after the lines of a head."""
    entry = ("BEGIN:VEVENT", "UID:e", "SUMMARY:Dentist", *lines, "END:VEVENT")
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *head, *entry, "END:VCALENDAR", ""))


def zone(name: str, *parts: str) -> tuple[str, ...]:
    """The definition of a zone that is always as far from UTC as the parts say."""
    standard = ("BEGIN:STANDARD", "DTSTART:16010101T000000", *parts, "END:STANDARD")
    return ("BEGIN:VTIMEZONE", f"TZID:{name}", *standard, "END:VTIMEZONE")


def read(*files: str) -> Found:
    """What they take of two weeks, read one after another."""
    reading = Reading(BEGIN, END, zone=ZoneInfo("Europe/Berlin"), own="ana@example.com")
    for one in files:
        reading.take(one)
    return reading.found


def shown(found: Found) -> list[str]:
    """Its times in UTC, in order, such as ``09 09:00-09 10:00``."""
    times = sorted((one.starts_at, one.ends_at) for one in found.busy)
    return [f"{begin:%d %H:%M}-{end:%d %H:%M}" for begin, end in times]
