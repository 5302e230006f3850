"""The calendar entry that a booking should have, as its provider is asked for it."""

from collections.abc import Iterator

from flask import current_app

from bookme.bookings.entries import carried_by_entry
from bookme.bookings.place import place
from bookme.mail.defuse import theirs
from bookme.models import (
    Attendee,
    Booking,
    CalendarEntry,
    EventKind,
    LocationKind,
    Meeting,
    MeetingState,
    Role,
)
from bookme.providers.calendar import EntryRequest
from bookme.web.words import spoken_to


def wanted(booking: Booking, entry: CalendarEntry) -> EntryRequest:
    """What the host's calendar should be showing for a booking now.

    Booker and guests stand in the text: whoever stood among the attendees would be invited.
    """
    with spoken_to(booking.host.locale):
        return _wanted(booking, entry)


def _wanted(booking: Booking, entry: CalendarEntry) -> EntryRequest:
    booker = booking.booker
    return EntryRequest(
        reference=booking.reference,
        attempt=entry.attempt,
        title=f"{booking.title}: {theirs(booker.name)}" if booker else booking.title,
        text="\n".join(_lines(booking)),
        location=_location(booking),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        zone=booking.zone,
        url=f"{current_app.config['PUBLIC_URL']}/dashboard/bookings/{booking.reference}",
        wants_meeting=_wants_meeting(booking),
        meeting_attempt=_meetings_failed(booking),
    )


def last_sent(entry: CalendarEntry) -> EntryRequest | None:
    """What the provider was sent last; None if that is not kept, or was kept by other rules."""
    if entry.sent is None:
        return None
    try:
        return EntryRequest.from_json(entry.sent)
    except (KeyError, TypeError, ValueError):
        return None


def _wants_meeting(booking: Booking) -> bool:
    """One that the account cannot make is asked for again when the booking changes."""
    meeting = booking.meeting
    if meeting is None or not carried_by_entry(meeting):
        return False
    return meeting.state is not MeetingState.FAILED or meeting.revision != booking.revision


def _meetings_failed(booking: Booking) -> int:
    """How often one could not be made. An attempt of unknown outcome is not among them, so it is
    repeated as it was.
    """
    if not carried_by_entry(booking.meeting):
        return 0
    return sum(event.kind is EventKind.MEETING_FAILED for event in booking.events)


def _lines(booking: Booking) -> Iterator[str]:
    for person in booking.attendees:
        yield _person(person)
    yield place(booking, to_host=True).text
    if booking.meeting is not None and not carried_by_entry(booking.meeting):
        yield from _way_in(booking.meeting)
    if booking.booker is not None and booking.booker.notes:
        yield ""
        yield theirs(booking.booker.notes).text


def _person(person: Attendee) -> str:
    who = f"{theirs(person.name)}, {person.email}"
    who = f"Guest: {who}" if person.role is Role.GUEST else who
    return f"{who}, {theirs(person.phone)}" if person.phone else who


def _way_in(meeting: Meeting) -> Iterator[str]:
    if meeting.join_url:
        yield f"Join: {meeting.join_url}"
        if meeting.passcode:
            yield f"Passcode: {meeting.passcode}"


def _location(booking: Booking) -> str:
    meeting = booking.meeting
    if booking.location_kind is LocationKind.IN_PERSON:
        return booking.address
    if meeting is not None and meeting.join_url and not carried_by_entry(meeting):
        return meeting.join_url
    return place(booking, to_host=True).text
