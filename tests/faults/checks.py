"""Whether the outside is as BookMe promised. Each check gives its complaints; none is good."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bookme.models import EventKind
from tests.faults.observed import Known, Seen


def unrest(seen: Seen) -> Iterator[str]:
    """What is still on its way. Of a host who has left Zoom, bookings may look again much later."""
    yield from seen.owed
    for one in seen.bookings:
        is_due = one.due_at is not None and one.makes_meeting in seen.connected
        if is_due or one.lease_until or one.waiting_mails or one.entry.is_moving:
            mails = f", {one.waiting_mails} mails" if one.waiting_mails else ""
            entry = f", entry {one.entry.state}" if one.entry.is_moving else ""
            yield f"{one.reference}: {one.state} ({one.trouble}), due {one.due_at}{entry}{mails}"


def meetings(seen: Seen) -> Iterator[str]:
    """Every confirmed booking with Zoom has one meeting, with its start and length; a cancelled one
    none, nor one whose calendar entry carries its meeting.

    The meetings of a host who has left stay as they are: they are explained if the booking's
    history says that they were left, or if nobody could look for them any more.
    """
    for one in seen.bookings:
        living = seen.meetings_of(one.reference)
        if one.carrier:
            yield from (f"{name(one)} has meeting {two['id']} at Zoom as well" for two in living)
        elif one.makes_meeting in seen.connected:
            yield from _exactly(one, living)
        else:
            yield from _left(one, living)
    known = {one.reference for one in seen.bookings}
    for meeting in seen.meetings:
        if not meeting["deleted_at"] and meeting["reference"] not in known:
            yield f"meeting {meeting['id']} is nobody's"


def _exactly(one: Known, living: list[dict[str, Any]]) -> Iterator[str]:
    if len(living) != one.is_confirmed:
        yield f"{name(one)} has {len(living)} meetings; {', '.join(one.history)}"
        return
    for meeting in living:
        there = (start(meeting), meeting["duration"], str(meeting["id"]))
        if there != (one.starts_at, one.minutes, one.meeting_id):
            yield f"{name(one)}: the meeting is {there}, not {one.starts_at}, {one.minutes}"
        if (meeting["join_url"], meeting["password"]) != (one.join_url, one.passcode):
            yield f"{name(one)} has another link or passcode than its meeting"


def _left(one: Known, living: list[dict[str, Any]]) -> Iterator[str]:
    nobody_looked = one.is_unknown or one.looks_again
    explained = one.is_confirmed or nobody_looked or EventKind.MEETING_LEFT in one.history
    if living and not explained:
        yield f"{name(one)} has a meeting, and its history does not say why"
    for meeting in living:
        if str(meeting["id"]) != one.meeting_id and not nobody_looked:
            yield f"{name(one)}: meeting {meeting['id']} is unexplained"


def people(seen: Seen, made: list[Any]) -> Iterator[str]:
    """Every booking that a booker was shown is there, as it was shown, and none besides."""
    by_token = {one.token: one for one in seen.bookings}
    for booked in made:
        one = by_token.pop(booked.token, None)
        if one is None:
            yield f"the booking of {booked.name} is lost"
        elif (one.starts_at, one.is_confirmed) != (booked.starts_at, not booked.is_cancelled):
            yield f"{name(one)} is not as its booker was shown"
    for one in by_token.values():
        yield f"{name(one)} was made by nobody"


def removals(seen: Seen) -> Iterator[str]:
    """BookMe has taken every removal, and confirmed it to Zoom."""
    confirmed = [one["body"]["deauthorization_event_received"] for one in seen.compliance]
    for event in seen.webhooks:
        if event["event"] != "app_deauthorized":
            continue
        if event["status"] != 200:
            yield f"removal {event['id']} was not taken: {event['status']} {event['answer']}"
        elif json.loads(event["body"])["payload"] not in confirmed:
            yield f"removal {event['id']} was never confirmed"


def start(meeting: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(meeting["start_time"]).astimezone(UTC)


def name(one: Known) -> str:
    return f"{one.reference} ({'confirmed' if one.is_confirmed else 'cancelled'})"
