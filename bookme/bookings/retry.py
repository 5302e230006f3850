"""Trying again what failed or waits, because somebody has mended the reason."""

from datetime import datetime

from bookme.bookings.history import record
from bookme.bookings.messages.timed import is_timed
from bookme.errors import BookingClosed
from bookme.extensions import db
from bookme.models import (
    Actor,
    Booking,
    CalendarEntry,
    Email,
    EmailState,
    EventKind,
    Meeting,
    MeetingState,
    Trouble,
)

#: What only reconnecting, another choice or time can mend.
_NOTHING_TO_TRY = {
    Trouble.NOT_CONNECTED,
    Trouble.NEEDS_RECONNECT,
    Trouble.CALENDAR_GONE,
    Trouble.UNKNOWN_OUTCOME,
    Trouble.DAILY_LIMIT,
    Trouble.STARTED,
}


def can_retry(booking: Booking, *, now: datetime) -> bool:
    """Whether trying again may do what the last attempt did not."""
    if booking.is_over(now):
        return False
    outside = _may_work(booking.meeting), _may_work(booking.entry)
    return any(outside) or any(
        _may_go(email) and (email.state is EmailState.FAILED or email.attempts)
        for email in booking.emails
    )


def _may_go(email: Email) -> bool:
    """Whether a message may still go out. A reminder that has failed came too late."""
    waits = email.state is EmailState.WAITING
    return waits or (email.state is EmailState.FAILED and not is_timed(email))


def _may_work(of: Meeting | CalendarEntry | None) -> bool:
    if of is None or of.trouble in _NOTHING_TO_TRY:
        return False
    return of.trouble is not None or of.state is MeetingState.FAILED


def retry(booking: Booking, *, now: datetime) -> Booking:
    """Make a booking's failed or waiting meeting, calendar entry and messages due at once ("Try
    again").

    The revision stays: the outside has nothing new to learn. Where nobody knows whether a meeting
    was made, its wait stays too, because the provider's list may not show it yet.

    :raises BookingClosed: if the appointment is over; nothing more is done for it.
    """
    # Jobs lock this row before they write to the meeting, so nothing is decided on old news.
    db.session.refresh(booking, with_for_update={"key_share": True, "of": Booking})
    if booking.is_over(now):
        raise BookingClosed(f"{booking.reference} is over")
    if booking.meeting is not None:
        db.session.refresh(booking.meeting)
        _meeting_again(booking.meeting)
    if booking.entry is not None:
        db.session.refresh(booking.entry)
        _entry_again(booking.entry, now)
    for email in booking.emails:
        _email_again(email, now)
    booking.due_at, booking.queued_at = now, None
    record(booking, EventKind.RETRIED, Actor.HOST, now)
    db.session.flush()
    return booking


def _meeting_again(meeting: Meeting) -> None:
    outcome_unknown = meeting.attempted_at is not None and meeting.external_id is None
    if outcome_unknown:
        return
    _no_longer_failed(meeting)
    meeting.trouble, meeting.next_attempt_at, meeting.attempts = None, None, 0


def _entry_again(entry: CalendarEntry, now: datetime) -> None:
    _no_longer_failed(entry)
    entry.trouble, entry.next_attempt_at, entry.attempts = None, None, 0
    if entry.link_after is not None:
        entry.link_after = now


def _no_longer_failed(of: Meeting | CalendarEntry) -> None:
    if of.state is MeetingState.FAILED:
        is_there = of.made_at is not None
        of.state = MeetingState.READY if is_there else MeetingState.WAITING


def _email_again(email: Email, now: datetime) -> None:
    if not _may_go(email):
        return
    email.state, email.problem, email.attempts = EmailState.WAITING, None, 0
    email.next_attempt_at, email.queued_at = now, None
