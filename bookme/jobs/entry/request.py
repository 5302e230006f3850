"""The calendar entry that a booking should have, as its provider is asked for it."""

from bookme.bookings import summary
from bookme.bookings.entries import carried_by_entry
from bookme.models import Booking, CalendarEntry, EventKind, Meeting, MeetingState
from bookme.providers.calendar import EntryRequest
from bookme.web.words import spoken_to


def wanted(booking: Booking, entry: CalendarEntry) -> EntryRequest:
    """What the host's calendar should be showing for a booking now.

    Booker and guests stand in the text: whoever stood among the attendees would be invited.
    """
    with spoken_to(booking.host.locale, is_host=True):
        return _wanted(booking, entry)


def _wanted(booking: Booking, entry: CalendarEntry) -> EntryRequest:
    # A meeting that the event carries is shown by its provider.
    meeting = None if carried_by_entry(booking.meeting) else booking.meeting
    return EntryRequest(
        reference=booking.reference,
        attempt=entry.attempt,
        title=summary.title(booking, to_host=True),
        text=_text(booking, meeting),
        location=summary.location(booking, meeting, to_host=True),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        zone=booking.zone,
        url=summary.page(booking, to_host=True),
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


def _text(booking: Booking, meeting: Meeting | None) -> str:
    who_and_where = [*summary.people(booking), summary.place(booking, to_host=True).text]
    return summary.paragraphs(
        [*who_and_where, *summary.way_in(meeting)],
        *([line] for line in summary.answer_lines(booking)),
        [summary.notes(booking).text],
        [summary.page_line(booking)],
    )
