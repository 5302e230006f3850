"""Google Meet: the calendar entry carries the meeting."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from bookme.bookings import service as bookings
from bookme.bookings.messages.outbox import MessageKind, owe
from bookme.connections import service as connections
from bookme.connections.calendars import changes
from bookme.extensions import db
from bookme.jobs.sync import sync_booking
from bookme.models import (
    Booking,
    BookingStatus,
    Calendar,
    CalendarEntry,
    ConnectionStatus,
    LocationKind,
    Meeting,
    MeetingState,
    Trouble,
)
from tests import factories, mails
from tests.answers import Fault, says
from tests.conftest import NOW
from tests.jobs.calendars.cloud_calendars import calendar, connected, host_with_calendar
from tests.jobs.conftest import After, change, move
from tests.jobs.google import FakeGoogle, reason


@pytest.fixture
def main(app: Flask) -> Calendar:
    return host_with_calendar(is_checked=False)


@pytest.fixture
def booking(main: Calendar) -> Booking:
    """Ana's booking at Google Meet, due, its confirmation owed."""
    made: Booking = factories.booking(
        schedule=factories.schedule(host=main.host), video_provider="google_meet", due_at=NOW
    )
    made.entry = CalendarEntry(provider="google")
    owe(made, MessageKind.BOOKED, now=NOW)
    db.session.commit()
    return made


def meeting(booking: Booking) -> Meeting:
    db.session.expire_all()
    assert booking.meeting is not None
    return booking.meeting


def state(booking: Booking) -> tuple[MeetingState, Trouble | None]:
    return meeting(booking).state, meeting(booking).trouble


def told(app: Flask) -> list[Any]:
    return [m for m in mails.sent(app) if "ana" in m.to[0]]


def test_the_entry_brings_the_link(app: Flask, booking: Booking, google: FakeGoogle) -> None:
    sync_booking(booking.id)
    assert google.methods == ["POST"]
    assert meeting(booking).join_url == google.only()["hangoutLink"]
    assert state(booking) == (MeetingState.READY, None)
    assert booking.due_at is None
    (form,) = told(app)
    assert google.only()["hangoutLink"] in form.body


def test_a_pending_link_is_asked_for_again_and_the_confirmation_waits(
    app: Flask, booking: Booking, google: FakeGoogle, after: After
) -> None:
    google.meet = "pending"
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.WAITING, None)
    assert told(app) == []
    due_at = booking.due_at
    assert due_at is not None
    assert NOW < due_at <= NOW + timedelta(seconds=1)
    google.finish_meetings()
    with after(seconds=1):
        sync_booking(booking.id)
        assert google.methods == ["POST", "GET"]
        assert state(booking) == (MeetingState.READY, None)
        (form,) = told(app)
        assert "meet.google.com" in form.body


def test_a_link_that_stays_away_holds_the_confirmation_up_for_two_minutes(
    app: Flask, booking: Booking, google: FakeGoogle, after: After
) -> None:
    google.meet = "pending"
    sync_booking(booking.id)
    with after(minutes=2):
        sync_booking(booking.id)
        (form,) = told(app)
        assert "the video link in a second message" in form.body
    google.finish_meetings()
    with after(hours=1):
        sync_booking(booking.id)
    assert len(told(app)) == 2
    assert "meet.google.com" in told(app)[1].body


def test_a_meeting_that_fails_leaves_an_entry_without_one(
    app: Flask, booking: Booking, google: FakeGoogle
) -> None:
    google.meet = "failure"
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.FAILED, Trouble.NOT_ALLOWED)
    assert booking.entry is not None
    assert booking.entry.state is MeetingState.READY
    assert "hangoutLink" not in google.only()
    (form,) = told(app)
    assert "will send you the video link" in form.body
    assert booking.due_at is None


def test_a_pending_meeting_that_fails_then(
    booking: Booking, google: FakeGoogle, after: After
) -> None:
    google.meet = "pending"
    sync_booking(booking.id)
    google.finish_meetings("failure")
    with after(seconds=4):
        sync_booking(booking.id)
    assert state(booking) == (MeetingState.FAILED, Trouble.NOT_ALLOWED)
    assert booking.due_at is None
    assert len(google.alive) == 1


@pytest.mark.parametrize("late", [True, False], ids=["failed later", "failed at once"])
def test_trying_again_asks_anew(
    booking: Booking, google: FakeGoogle, after: After, late: bool
) -> None:
    google.meet = "pending" if late else "failure"
    sync_booking(booking.id)
    google.finish_meetings("failure")
    with after(seconds=4):
        sync_booking(booking.id)
    assert state(booking) == (MeetingState.FAILED, Trouble.NOT_ALLOWED)
    google.meet = "success"
    bookings.retry(booking, now=NOW)
    db.session.commit()
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.READY, None)
    assert meeting(booking).join_url == google.only()["hangoutLink"]


def test_an_unknown_outcome_is_repeated_as_it_was(
    booking: Booking, google: FakeGoogle, after: After
) -> None:
    google.fails("POST", Fault(TimeoutError(), done=True))
    sync_booking(booking.id)
    with after(seconds=5):
        sync_booking(booking.id)
    assert len(google.heard) == 1
    assert state(booking) == (MeetingState.READY, None)


def test_a_move_keeps_the_link(booking: Booking, google: FakeGoogle) -> None:
    sync_booking(booking.id)
    before = meeting(booking).join_url
    move(booking, hours=1)
    sync_booking(booking.id)
    assert meeting(booking).join_url == before
    assert "conferenceData" not in google.body()


def test_another_entry_brings_another_link(
    app: Flask, booking: Booking, google: FakeGoogle
) -> None:
    sync_booking(booking.id)
    before = meeting(booking).join_url
    google.lose()
    move(booking, hours=1)
    sync_booking(booking.id)
    assert meeting(booking).join_url == google.only()["hangoutLink"] != before
    assert google.only()["hangoutLink"] in told(app)[-1].body


def test_the_meeting_goes_with_the_entry(booking: Booking, google: FakeGoogle) -> None:
    sync_booking(booking.id)
    change(booking, MessageKind.CANCELLED, status=BookingStatus.CANCELLED)
    sync_booking(booking.id)
    assert google.alive == []
    assert (meeting(booking).state, meeting(booking).join_url) == (MeetingState.REMOVED, None)


def test_an_outage_is_the_meeting_s_trouble_too(booking: Booking, google: FakeGoogle) -> None:
    google.fails("POST", Fault(says(503)))
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.WAITING, Trouble.UNAVAILABLE)


def test_without_a_connection_it_waits_for_one(
    app: Flask, google: FakeGoogle, hints: list[Any]
) -> None:
    schedule = factories.schedule(location_kind=LocationKind.VIDEO, video_provider="google_meet")
    booker = bookings.Booker(name="Ana Costa", email="ana@example.com", zone="UTC")
    starts_at = NOW + timedelta(days=1, hours=1)
    booking = bookings.book(schedule, starts_at, booker, form_key="k" * 32, now=NOW)
    db.session.commit()
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.WAITING, Trouble.NOT_CONNECTED)
    assert "will send you the video link" in told(app)[0].body
    calendar(connected(schedule.host), is_checked=False)
    due = connections.make_due(schedule.host_id, "google", now=NOW)
    db.session.commit()
    assert booking.id in due
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.READY, None)
    assert len(told(app)) == 2


def test_it_lives_in_the_main_calendar(
    main: Calendar, google: FakeGoogle, booking: Booking
) -> None:
    main.takes_bookings = False
    db.session.commit()
    calendar(main.connection, external_id="other", is_primary=False)
    sync_booking(booking.id)
    ((where, _),) = google.events
    assert where == "primary"


def test_a_lost_grant_is_the_meeting_s_trouble_too(booking: Booking, google: FakeGoogle) -> None:
    google.fails("POST", reason(403, "insufficientPermissions"))
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.WAITING, Trouble.NEEDS_RECONNECT)
    connection = connections.live(booking.host_id, "google")
    assert connection is not None
    assert connection.status is ConnectionStatus.NEEDS_RECONNECT


def test_deleted_by_hand_while_its_link_is_pending_another_is_made(
    booking: Booking, google: FakeGoogle, after: After
) -> None:
    google.meet = "pending"
    sync_booking(booking.id)
    google.lose()
    google.meet = "success"
    with after(seconds=4):
        sync_booking(booking.id)
    assert meeting(booking).join_url == google.only()["hangoutLink"]


def test_a_link_that_was_pending_comes_after_connecting_again(
    app: Flask, main: Calendar, booking: Booking, google: FakeGoogle, after: After
) -> None:
    google.meet = "pending"
    sync_booking(booking.id)
    host_id = booking.host_id
    ended = main.connection
    ended.status = ConnectionStatus.INACTIVE
    changes.forget(ended)
    db.session.commit()
    with after(minutes=2):
        sync_booking(booking.id)
    assert state(booking) == (MeetingState.LEFT, Trouble.NOT_CONNECTED)
    assert "will send you the video link" in told(app)[0].body
    google.finish_meetings()
    calendar(connected(booking.host, again=".2"), is_checked=False)
    assert booking.id in connections.make_due(host_id, "google", now=NOW)
    db.session.commit()
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.READY, None)
    assert google.only()["hangoutLink"] == meeting(booking).join_url
