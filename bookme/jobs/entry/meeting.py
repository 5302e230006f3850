"""The meeting that a calendar entry carries: Google Meet's or Microsoft Teams'.

The meeting's row says what the entry knows of it, so that pages and messages read it as any other.
"""

from datetime import datetime

from bookme import waits
from bookme.bookings.entries import carried_by_entry
from bookme.jobs.events import note
from bookme.models import Booking, CalendarEntry, EventKind, Meeting, MeetingState, Trouble
from bookme.providers.calendar import Entry


def follow(booking: Booking) -> None:
    """Let the meeting's row say what has become of the entry that carries it."""
    meeting, entry = booking.meeting, booking.entry
    if meeting is None or entry is None or not carried_by_entry(meeting):
        return
    refused = meeting.state is MeetingState.FAILED and meeting.revision == booking.revision
    if refused and entry.state in (MeetingState.WAITING, MeetingState.READY):
        return  # the entry comes about without it
    meeting.trouble, meeting.revision = entry.trouble, entry.revision
    meeting.next_attempt_at = entry.next_attempt_at
    if entry.state is MeetingState.REMOVED and not booking.is_confirmed:
        meeting.join_url = meeting.passcode = meeting.made_at = None
    has_link = meeting.join_url is not None
    if entry.state is MeetingState.READY and not has_link:
        meeting.state = MeetingState.WAITING
    elif entry.state is MeetingState.REMOVED and has_link:
        meeting.state = MeetingState.LEFT  # its entry was deleted by hand
    else:
        meeting.state = entry.state


def take(booking: Booking, seen: Entry, *, asked: bool, now: datetime) -> None:
    """Write down what an entry shows of its meeting, and when to look again if it is still made.

    :param asked: whether the entry was to carry one.
    """
    meeting, entry = booking.meeting, booking.entry
    if meeting is None or entry is None or not asked:
        return
    if seen.meeting is not None:
        entry.link_after, entry.attempts = None, 0
        _keep(booking, meeting, seen.meeting.join_url, seen.meeting.passcode, now)
    elif seen.meeting_pending:
        _wait(meeting, entry, now)
    else:
        entry.link_after = None
        cannot_be_made(booking, now=now)


def cannot_be_made(booking: Booking, *, now: datetime) -> None:
    """The account cannot make the meeting."""
    meeting = booking.meeting
    assert meeting is not None
    meeting.state, meeting.trouble = MeetingState.FAILED, Trouble.NOT_ALLOWED
    meeting.join_url = meeting.passcode = meeting.made_at = None
    meeting.revision = booking.revision
    note(booking, EventKind.MEETING_FAILED, now, trouble=str(Trouble.NOT_ALLOWED))


def _keep(
    booking: Booking, meeting: Meeting, join_url: str, passcode: str | None, now: datetime
) -> None:
    if meeting.join_url != join_url:
        again = any(event.kind is EventKind.MEETING_CREATED for event in booking.events)
        note(booking, EventKind.MEETING_RECREATED if again else EventKind.MEETING_CREATED, now)
        meeting.made_at = now
    meeting.join_url, meeting.passcode = join_url, passcode
    meeting.state = MeetingState.READY


def _wait(meeting: Meeting, entry: CalendarEntry, now: datetime) -> None:
    entry.attempts += 1
    entry.link_after = now + waits.backoff(entry.attempts, waits.FIRST_LOOK)
    if meeting.join_url is None:
        meeting.state = MeetingState.WAITING
