from datetime import timedelta

import pytest
from flask import Flask

from bookme.bookings import service as bookings
from bookme.bookings.messages.outbox import MessageKind, owe
from bookme.errors import BookingClosed
from bookme.extensions import db
from bookme.models import Booking, CalendarEntry, EmailState, EventKind, MeetingState, Trouble
from tests import factories

NOW = factories.NOW
LATER = NOW + timedelta(hours=1)


def waiting(**columns: object) -> Booking:
    """A booking at Zoom that is tried again in an hour."""
    booking: Booking = factories.booking(video_provider="zoom")
    assert booking.meeting is not None
    defaults = {"attempts": 7, "next_attempt_at": LATER, "trouble": Trouble.UNAVAILABLE}
    for name, value in (defaults | columns).items():
        setattr(booking.meeting, name, value)
    booking.due_at = LATER
    db.session.commit()
    return booking


@pytest.mark.parametrize("state", [MeetingState.FAILED, MeetingState.WAITING])
def test_a_failed_or_waiting_meeting_is_due_again(app: Flask, state: MeetingState) -> None:
    booking = bookings.retry(waiting(state=state), now=NOW)
    meeting = booking.meeting
    assert meeting is not None
    assert (meeting.state, meeting.trouble, meeting.next_attempt_at, meeting.attempts) == (
        MeetingState.WAITING,
        None,
        None,
        0,
    )
    assert (booking.due_at, booking.revision) == (NOW, 1)
    assert booking.events[-1].kind is EventKind.RETRIED


def test_an_update_that_failed_leaves_the_link_where_it_is(app: Flask) -> None:
    booking = bookings.retry(waiting(state=MeetingState.READY, external_id="1"), now=NOW)
    assert booking.meeting is not None
    assert booking.meeting.state is MeetingState.READY
    assert booking.meeting.next_attempt_at is None


def test_a_refused_update_leaves_the_link_where_it_is(app: Flask) -> None:
    booking = bookings.retry(
        waiting(state=MeetingState.FAILED, external_id="1", made_at=NOW), now=NOW
    )
    assert booking.meeting is not None
    assert booking.meeting.state is MeetingState.READY


def test_an_unknown_outcome_keeps_its_wait(app: Flask) -> None:
    booking = bookings.retry(waiting(attempted_at=NOW, trouble=Trouble.UNKNOWN_OUTCOME), now=NOW)
    assert booking.meeting is not None
    assert booking.meeting.next_attempt_at == LATER
    assert booking.meeting.trouble is Trouble.UNKNOWN_OUTCOME


@pytest.mark.parametrize(
    ("before", "after", "when"),
    [
        (EmailState.FAILED, EmailState.WAITING, NOW),
        (EmailState.WAITING, EmailState.WAITING, NOW),
        (EmailState.SENT, EmailState.SENT, LATER),
        (EmailState.DROPPED, EmailState.DROPPED, LATER),
    ],
)
def test_messages_that_failed_or_wait_are_due_again(
    app: Flask, before: EmailState, after: EmailState, when: object
) -> None:
    booking = factories.booking()
    for email in owe(booking, MessageKind.BOOKED, now=NOW):
        email.state, email.next_attempt_at, email.attempts = before, LATER, 5
    db.session.commit()
    bookings.retry(booking, now=NOW)
    assert [(email.state, email.next_attempt_at) for email in booking.emails] == [(after, when)] * 2


MAY_HELP = {
    Trouble.CLIENT_REFUSED,
    Trouble.LED_ELSEWHERE,
    Trouble.NOT_ALLOWED,
    Trouble.REJECTED,
    Trouble.STORAGE_FULL,
    Trouble.UNAVAILABLE,
}


@pytest.mark.one_database
@pytest.mark.parametrize("trouble", list(Trouble))
@pytest.mark.parametrize("part", ["meeting", "entry"])
def test_trying_again_is_offered_where_it_may_help(app: Flask, part: str, trouble: Trouble) -> None:
    booking = waiting(trouble=None)
    booking.entry = CalendarEntry(provider="google", state=MeetingState.WAITING)
    getattr(booking, part).trouble = trouble
    assert bookings.can_retry(booking, now=NOW) == (trouble in MAY_HELP)
    assert not bookings.can_retry(booking, now=booking.ends_at)


def test_a_message_that_failed_can_be_tried_again_whatever_the_meeting_waits_for(
    app: Flask,
) -> None:
    booking = waiting(trouble=Trouble.NOT_CONNECTED)
    emails = owe(booking, MessageKind.BOOKED, now=NOW)
    assert not bookings.can_retry(booking, now=NOW)
    emails[0].state = EmailState.FAILED
    assert bookings.can_retry(booking, now=NOW)


def test_nothing_is_tried_again_for_what_is_over(app: Flask) -> None:
    with pytest.raises(BookingClosed):
        bookings.retry(factories.booking(starts_at=NOW - timedelta(hours=1)), now=NOW)
