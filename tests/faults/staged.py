"""Both sides as they should be, for tests of the checks; each test spoils something."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bookme.models import BookingStatus
from tests.faults.entries import Entry
from tests.faults.observed import Known, KnownEntry, Seen, Span

HOST, BOOKER = "wilma@hosts.example", "quirin@bookers.example"
REFERENCE = "0123456789abcdef0123456789abcdef"
LINK = "http://zoom.test/j/85?pwd=geheim"
MEET = "http://google.test/meet/abc"
TITLE = "Call: Quirin"
START = datetime(2027, 3, 2, 9, tzinfo=UTC)


@dataclass
class Shown:
    """A booking as its booker was shown it."""

    email: str = BOOKER
    token: str = "token"
    name: str = "Quirin"
    starts_at: Any = START
    status: str = "confirmed"
    guests: tuple[str, ...] = ()
    reminded: Any = None
    link: str = ""


def known(**changes: Any) -> Known:
    """A confirmed booking at START for 30 minutes, moved once, with a meeting and an entry, at
    rest.
    """
    made = Known(
        reference=REFERENCE,
        title=TITLE,
        token="token",
        host=HOST,
        booker=BOOKER,
        starts_at=START,
        ends_at=START + timedelta(minutes=30),
        minutes=30,
        status=BookingStatus.CONFIRMED,
        video="zoom",
        due_at=None,
        lease_until=None,
        waiting_mails=0,
        meeting_id="85",
        join_url=LINK,
        passcode="pw",
        state="ready",
        trouble=None,
        is_unknown=False,
        looks_again=False,
        starts=frozenset({START, START - timedelta(hours=1)}),
        changed_at=START - timedelta(days=1),
        history=("booked", "meeting_created", "moved", "meeting_updated"),
        entry=known_entry(),
        spans=(Span(START, START - timedelta(days=1), None),),
    )
    return replace(made, **changes)


def known_entry(**changes: Any) -> KnownEntry:
    """Its entry, as BookMe has it."""
    made = KnownEntry("google", "e1", "ready", is_there=True, is_unknown=False, is_moving=False)
    return replace(made, **changes)


def entry(**changes: Any) -> Entry:
    """The entry of that booking, as the sandbox tells it."""
    made = Entry(
        provider="google",
        user="mara@example.com",
        is_main=True,
        id="e1",
        reference=REFERENCE,
        title=TITLE,
        place=LINK,
        text=f"Join: {LINK}",
        starts_at=START,
        ends_at=START + timedelta(minutes=30),
    )
    return replace(made, **changes)


def with_meet(**changes: Any) -> dict[str, Any]:
    """Both sides of a booking whose entry carries its meeting.

    :param changes: of the entry.
    """
    booking = known(video="google_meet", join_url=MEET, meeting_id=None)
    there = entry(**{"place": "Google Meet", "text": "", "link": MEET, **changes})
    told = [mail(place=MEET), mail(to=HOST, place=MEET)]
    return {"bookings": [booking], "entries": [there], "meetings": [], "mail": told}


def meeting(**changes: Any) -> dict[str, Any]:
    """The meeting of that booking, as the sandbox tells it."""
    return {
        "id": 85,
        "reference": REFERENCE,
        "start_time": "2027-03-02T09:00:00Z",
        "duration": 30,
        "join_url": LINK,
        "password": "pw",
        "created_at": "2027-03-01T09:00:01Z",
        "deleted_at": None,
    } | changes


def mail(kind: str = "1.booked", to: str = BOOKER, **changes: Any) -> dict[str, Any]:
    """A confirmation of that booking.

    :param changes: ``start``, ``place``, ``sequence``, ``method`` of its calendar file, or keys of
        the message.
    """
    file = {"start": START, "place": LINK, "sequence": 0, "method": "REQUEST"}
    file |= {name: changes.pop(name) for name in list(changes) if name in file}
    end = "booker" if to == BOOKER else "host"
    return {
        "message_id": f"<{REFERENCE}.{kind}.{end}@localhost>",
        "envelope_to": [to],
        "subject": "Confirmed: Call with Wilma",
        "text": "Your booking is confirmed.",
        "refusal": None,
        "attachments": [_calendar(**file)],
    } | changes


def plain(place: str = LINK, when: str = "09:00 to 09:30", **changes: Any) -> dict[str, Any]:
    """A confirmation to a host who finds the booking in a calendar: without a file."""
    where = f"Where: Zoom\nLink: {place}"
    text = f"Quirin booked “Call” with you.\n\nWhen: Tuesday, 2 March 2027, {when} (UTC)\n{where}\n"
    return mail(to=HOST, text=text, attachments=[], **changes)


def asking(to: str, kind: str = "1.requested", **changes: Any) -> dict[str, Any]:
    """The message that the booking waits for an answer."""
    when = "Tuesday, 2 March 2027, 09:00 to 09:30 (UTC)"
    text = f"When: {when}\nWhere: Zoom\n\nWilma will answer by Monday, 1 March 2027, 09:00 (UTC)."
    text = text if "requested" in kind else f"When: {when}\n"
    start = "Requested" if to == BOOKER else "Answer needed"
    asked = {"subject": f"{start}: Call", "text": text, "attachments": []}
    return mail(kind, to, **asked | changes)


def reminder(
    *,
    to: str = BOOKER,
    kind: str = "before_start",
    minutes: int = 60,
    start: datetime = START,
    id: int = 7,
    end: str = "",
    at: datetime = START - timedelta(minutes=59),
    **changes: Any,
) -> dict[str, Any]:
    """A reminder of that booking, or what follows it.

    :param id: of its reader's row.
    """
    number = int(START.timestamp()) - 60 * minutes if kind == "by_hand" else minutes
    key = f"{REFERENCE}.{kind}.{number}.{int(start.timestamp())}.{end or f'attendee{id}'}"
    sent = {"message_id": f"<{key}@localhost>", "at": at.isoformat()}
    return mail(to=to, **{"text": "A reminder of your appointment."} | sent | changes)


def mails() -> list[dict[str, Any]]:
    """What both sides should have been told."""
    return [mail(), mail(to=HOST)]


def seen(**changes: Any) -> Seen:
    """Both sides, in agreement."""
    connected = {(HOST, "zoom"), (HOST, "google")}
    made = Seen([known()], connected, [], [meeting()], [entry()], mails(), at=START)
    return replace(made, **changes)


def _calendar(start: datetime, place: str, sequence: int, method: str) -> dict[str, str]:
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//test//EN",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{REFERENCE}@localhost",
        f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
        f"DTEND:{start + timedelta(minutes=30):%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{sequence}",
        f"STATUS:{'CANCELLED' if method == 'CANCEL' else 'CONFIRMED'}",
        f"LOCATION:{place}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    kind = f"text/calendar; method={method}"
    return {"filename": "part", "content_type": kind, "text": "\r\n".join((*lines, ""))}
