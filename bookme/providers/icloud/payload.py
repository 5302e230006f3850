"""A booking's entry as iCalendar (RFC 5545), for a calendar that keeps files.

There is no organizer and no attendee in it: iCloud would write to them by itself. The end is named,
because iCloud takes no entry without one.
"""

from datetime import UTC, datetime
from typing import Any

from icalendar import Calendar, Event

from bookme.providers.calendar import Entry, EntryRequest
from bookme.providers.icloud import ics


def new(wanted: EntryRequest, now: datetime) -> bytes:
    """The file of an entry that is not there yet."""
    event = Event()
    event.add("uid", wanted.key)
    event.add("status", "CONFIRMED")
    event.add("transp", "OPAQUE")
    _change(event, _properties(wanted), now)
    file = Calendar()
    file.add("prodid", "-//BookMe//Appointments//EN")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add_component(event)
    return file.to_ical()


def changed(
    content: bytes, wanted: EntryRequest, previous: EntryRequest | None, now: datetime
) -> bytes | None:
    """The file with what differs from what was sent last; None if nothing does.

    Start and end go together. All else in the file stays as it is.

    :raises ValueError: if the file has no such entry.
    """
    file = _file(content)
    wish, before = _properties(wanted), _properties(previous) if previous else {}
    changes = {name: value for name, value in wish.items() if before.get(name) != value}
    if not changes:
        return None
    if changes.keys() & {"dtstart", "dtend"}:
        changes |= {"dtstart": wish["dtstart"], "dtend": wish["dtend"]}
    _change(_event(file), changes, now)
    return file.to_ical()


def entry(content: bytes, etag: str | None) -> Entry:
    """Read a file.

    :raises ValueError: if there is no entry in it.
    """
    found = ics.main_entry(content.decode(errors="replace"))
    return Entry(
        id=found.uid,
        etag=etag,
        title=found.title,
        location=found.location,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
    )


def _properties(wanted: EntryRequest) -> dict[str, Any]:
    return {
        "summary": wanted.summary,
        "description": wanted.description,
        "location": wanted.place,
        "url": wanted.url,
        # In UTC: every program shows it in its reader's zone, and no zone has to come along.
        "dtstart": wanted.starts_at.astimezone(UTC).replace(microsecond=0),
        "dtend": wanted.ends_at.astimezone(UTC).replace(microsecond=0),
    }


def _change(event: Event, changes: dict[str, Any], now: datetime) -> None:
    if "dtend" in changes:
        event.pop("duration", None)
    stamp = now.astimezone(UTC).replace(microsecond=0)
    sequence = int(event.get("sequence", -1)) + 1
    bookkeeping = {"dtstamp": stamp, "last-modified": stamp, "sequence": sequence}
    for name, value in {**changes, **bookkeeping}.items():
        event.pop(name, None)
        event.add(name, value)


def _file(content: bytes) -> Any:
    try:
        return Calendar.from_ical(content)
    except (AttributeError, LookupError, TypeError, ArithmeticError) as error:
        raise ValueError("no calendar that can be written again") from error


def _event(file: Any) -> Event:
    found = [part for part in file.walk("VEVENT") if "uid" in part]
    # One that repeats has further parts, for those of its days that differ.
    main = [part for part in found if "recurrence-id" not in part] or found
    if not main:
        raise ValueError("no entry")
    return main[0]
