"""Whether the outside is as BookMe promised. Each check gives its complaints; none is good."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bookme.models import EventKind
from tests.faults.observed import Known, Seen
from tests.faults.persons import GONE

#: A reminder that is due so soon is waited for.
_SOON = timedelta(seconds=15)
#: Zoom's times are whole seconds.
ZOOM_SECOND = timedelta(seconds=1)


def unrest(seen: Seen) -> Iterator[str]:
    """What is still on its way. Of a host who has left Zoom, bookings may look again much later."""
    yield from seen.owed
    for one in seen.bookings:
        is_due = one.due_at is not None and one.makes_meeting in seen.connected
        reminds = one.reminds_at is not None and one.reminds_at < seen.at + _SOON
        if is_due or one.lease_until or one.waiting_mails or one.entry.is_moving or reminds:
            mails = f", {one.waiting_mails} mails" if one.waiting_mails else ""
            entry = f", entry {one.entry.state}" if one.entry.is_moving else ""
            yield f"{one.reference}: {one.state} ({one.trouble}), due {one.due_at}{entry}{mails}"


def meetings(seen: Seen) -> Iterator[str]:
    """Every confirmed booking with Zoom has one meeting, with its start and length; one that waits
    for an answer or has ended none, nor one whose calendar entry carries its meeting.

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
    yield from _too_early(seen)
    known = {one.reference for one in seen.bookings}
    for meeting in seen.meetings:
        is_left = not meeting["deleted_at"] or meeting["reference"]
        if is_left and meeting["reference"] not in known:
            yield f"meeting {meeting['id']} is nobody's"


def _too_early(seen: Seen) -> Iterator[str]:
    """Nothing is made for a booking before it counts, be it deleted since."""
    for one in seen.bookings:
        made = seen.meetings_of(one.reference, living=False)
        since = min((span.since for span in one.spans), default=seen.at)
        times = [datetime.fromisoformat(meeting["created_at"]) for meeting in made]
        if any(at < since - ZOOM_SECOND for at in times):
            yield f"{name(one)} had a meeting before it was confirmed"
        if seen.entries_of(one.reference, living=False) and not one.was_confirmed:
            yield f"{name(one)} had an entry and was never confirmed"


def _exactly(one: Known, living: list[dict[str, Any]]) -> Iterator[str]:
    if len(living) != one.is_confirmed:
        yield f"{name(one)} has {len(living)} meetings; {', '.join(one.history)}"
        return
    for meeting in living:
        there = (start(meeting), meeting["duration"], str(meeting["id"]))
        if there != (_begins(one, meeting), one.minutes, one.meeting_id):
            yield f"{name(one)}: the meeting is {there}, not {one.starts_at}, {one.minutes}"
        if (meeting["join_url"], meeting["password"]) != (one.join_url, one.passcode):
            yield f"{name(one)} has another link or passcode than its meeting"


def _begins(one: Known, meeting: dict[str, Any]) -> datetime:
    """Zoom begins at once what is made after it should have begun."""
    made_at = datetime.fromisoformat(meeting["created_at"]).replace(microsecond=0)
    return max(one.starts_at, made_at)


def _left(one: Known, living: list[dict[str, Any]]) -> Iterator[str]:
    nobody_looked = one.is_unknown or one.looks_again
    explained = one.is_confirmed or nobody_looked or EventKind.MEETING_LEFT in one.history
    if living and not explained:
        yield f"{name(one)} has a meeting, and its history does not say why"
    for meeting in living:
        if str(meeting["id"]) != one.meeting_id and not nobody_looked:
            yield f"{name(one)}: meeting {meeting['id']} is unexplained"


def people(seen: Seen, made: list[Any]) -> Iterator[str]:
    """Every booking that a booker was shown is there, as it was shown, and none besides. Of one
    whose booker has not confirmed the e-mail address in time nothing is left.
    """
    left = list(seen.bookings)
    for booked in made:
        one = next((one for one in left if one.booker == booked.email), None)
        if one is None:
            yield from [f"the booking of {booked.name} is lost"] * (booked.status != GONE)
            continue
        left.remove(one)
        as_shown = booked.starts_at, booked.status, sorted(booked.guests)
        if (one.starts_at, one.status, sorted(one.guests)) != as_shown:
            yield f"{name(one)} is not as its booker was shown: {booked.status}"
        if booked.token not in ("", one.token):
            yield f"{name(one)} is not where its booker was led"
    for one in left:
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
    return f"{one.reference} ({one.status})"
