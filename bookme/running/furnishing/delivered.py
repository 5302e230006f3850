"""What BookMe did for the bookings of the story while nobody ran it: the messages that would have
gone out by a moment count as sent then, and what is over was held.
"""

from datetime import datetime, timedelta

from bookme.bookings.messages import reminders
from bookme.bookings.messages.ics import raise_sequence
from bookme.bookings.messages.message_state import tell, truth
from bookme.bookings.messages.timed import is_timed
from bookme.extensions import db
from bookme.jobs.events import note
from bookme.jobs.messages import posting
from bookme.jobs.messages.booking import note_message
from bookme.models import Booking, EmailState, EventKind, MeetingState, ReminderState

#: From a change to its messages.
_SOON = timedelta(seconds=20)


def news(booking: Booking, *, at: datetime) -> None:
    """All that is owed now was sent a moment after ``at``."""
    db.session.flush()
    db.session.refresh(booking, ["emails"])
    waiting = [one for one in booking.emails if one.state is EmailState.WAITING]
    if waiting and not booking.awaits_answer:
        raise_sequence(booking)
    for email in waiting:
        if not is_timed(email):
            tell(email, truth(booking), now=at)
            email.facts = {**email.facts, "attached": booking.is_confirmed}
        posting.accepted(email, now=at + _SOON)
        note_message(booking, email, EventKind.EMAIL_SENT, at + _SOON)
    db.session.flush()


def timed(booking: Booking, *, until: datetime) -> None:
    """The reminders and follow-ups of a booking that would have gone out by a moment."""
    db.session.refresh(booking, ["reminders"])
    waiting = {r.send_at for r in booking.reminders if r.state is ReminderState.WAITING}
    for at in sorted(one for one in waiting if one <= until):
        reminders.release(booking, now=at)
        news(booking, at=at)


def meeting(booking: Booking, *, at: datetime, links_to: str) -> None:
    """The meeting of a booking that is over was made when it was booked."""
    meeting, made_at = booking.meeting, at + _SOON / 2
    if meeting is None or not booking.is_confirmed or meeting.state is MeetingState.READY:
        return
    meeting.state, meeting.made_at, meeting.revision = MeetingState.READY, made_at, booking.revision
    meeting.external_id = str(int(booking.reference[:9], 16))
    meeting.join_url = f"{links_to}{meeting.external_id}"
    note(booking, EventKind.MEETING_CREATED, made_at)
    if booking.entry is not None:
        entry = booking.entry
        entry.state, entry.made_at, entry.revision = meeting.state, made_at, booking.revision
