"""Entries that were left when their connection ended, and found over the next one."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from bookme.bookings import busy as takes
from bookme.bookings.messages.outbox import MessageKind
from bookme.connections import waiting
from bookme.connections.grants import disconnecting
from bookme.extensions import db
from bookme.jobs.sync import sync_booking
from bookme.models import Booking, BookingStatus, Calendar, Connection, MeetingState, Trouble
from tests import factories
from tests.answers import Fault
from tests.conftest import NOW
from tests.jobs.calendars.cloud_calendars import busy, calendar, connected, host_with_calendar
from tests.jobs.conftest import After, change, move
from tests.jobs.google import FakeGoogle, reason, time_of


@pytest.fixture
def booking(app: Flask, google: FakeGoogle) -> Booking:
    """Ana's booking, in a calendar of Mara's that was then disconnected."""
    main = host_with_calendar(external_id="team", is_primary=False)
    made: Booking = factories.booking(schedule=factories.schedule(host=main.host), due_at=NOW)
    sync_booking(made.id)
    disconnect(main.connection)
    google.calls.clear()
    return made


def disconnect(connection: Connection) -> None:
    disconnecting.clear(connection, None, now=NOW)
    db.session.commit()


def connect_again(booking: Booking, *, has_team: bool = True) -> Calendar:
    """The main calendar takes the bookings now, as for any new connection."""
    connection = connected(booking.host, again="again", connected_at=NOW)
    main = calendar(connection)
    if has_team:
        calendar(connection, external_id="team", is_primary=False, takes_bookings=False)
    waiting.make_due(booking.host_id, "google", now=NOW)
    db.session.commit()
    return main


def state(booking: Booking) -> tuple[MeetingState, Trouble | None]:
    db.session.expire_all()
    assert booking.entry is not None
    return booking.entry.state, booking.entry.trouble


def cancel(booking: Booking) -> None:
    change(booking, MessageKind.CANCELLED, status=BookingStatus.CANCELLED)


def test_it_is_known_again_in_whichever_calendar_it_is(
    booking: Booking, google: FakeGoogle
) -> None:
    assert state(booking) == (MeetingState.LEFT, None)
    connect_again(booking)
    sync_booking(booking.id)
    assert google.methods == ["GET", "GET"]
    assert state(booking) == (MeetingState.READY, None)
    assert booking.entry is not None
    assert booking.entry.calendar_external_id == "team"
    move(booking, hours=1)
    sync_booking(booking.id)
    assert time_of(google.only()) == booking.starts_at


def test_moved_meanwhile_it_moves_after_connecting(booking: Booking, google: FakeGoogle) -> None:
    move(booking, hours=1)
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.LEFT, Trouble.NOT_CONNECTED)
    connect_again(booking)
    sync_booking(booking.id)
    assert time_of(google.only()) == booking.starts_at
    assert google.methods[-1] == "PATCH"


def test_cancelled_meanwhile_it_goes_after_connecting(booking: Booking, google: FakeGoogle) -> None:
    cancel(booking)
    sync_booking(booking.id)
    assert len(google.alive) == 1
    connect_again(booking)
    sync_booking(booking.id)
    assert google.alive == []
    assert state(booking) == (MeetingState.REMOVED, None)


def test_in_another_account_it_is_looked_for_once_and_stays_left(
    booking: Booking, google: FakeGoogle
) -> None:
    connect_again(booking, has_team=False)
    for _ in range(2):
        sync_booking(booking.id)
        booking.due_at = NOW
        db.session.commit()
    assert google.methods == ["GET"]
    assert state(booking) == (MeetingState.LEFT, None)


def test_in_another_account_a_moved_booking_gets_another_entry(
    booking: Booking, google: FakeGoogle
) -> None:
    connect_again(booking, has_team=False)
    move(booking, hours=1)
    sync_booking(booking.id)
    assert google.methods == ["GET", "POST"]
    assert time_of(google.events["primary", booking.entry.external_id]) == booking.starts_at  # type: ignore[union-attr,index]


def test_in_another_account_nothing_is_made_for_a_cancelled_booking(
    booking: Booking, google: FakeGoogle
) -> None:
    cancel(booking)
    connect_again(booking, has_team=False)
    sync_booking(booking.id)
    assert google.methods == ["GET"]
    assert state(booking) == (MeetingState.LEFT, None)


def test_a_search_that_fails_is_repeated(
    booking: Booking, google: FakeGoogle, after: After
) -> None:
    connect_again(booking)
    google.fails("GET", reason(503, "backendError"))
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.LEFT, Trouble.UNAVAILABLE)
    with after(seconds=5):
        sync_booking(booking.id)
    assert state(booking) == (MeetingState.READY, None)


def test_what_the_host_did_to_it_meanwhile_is_seen(booking: Booking, google: FakeGoogle) -> None:
    google.only()["start"] = {"dateTime": "2027-03-02T15:00:00Z"}
    connect_again(booking)
    sync_booking(booking.id)
    db.session.expire_all()
    assert booking.entry is not None
    assert booking.entry.changed_by_hand_at == NOW


def test_a_meeting_that_it_carries_is_known_again_too(app: Flask, google: FakeGoogle) -> None:
    main = host_with_calendar()
    booking: Booking = factories.booking(
        schedule=factories.schedule(host=main.host), video_provider="google_meet", due_at=NOW
    )
    sync_booking(booking.id)
    disconnect(main.connection)
    sync_booking(booking.id)
    connect_again(booking)
    sync_booking(booking.id)
    db.session.expire_all()
    assert booking.meeting is not None
    assert booking.meeting.state is MeetingState.READY
    assert booking.meeting.join_url == google.only()["hangoutLink"]


def test_known_again_it_stands_in_no_way(booking: Booking, google: FakeGoogle) -> None:
    entry = booking.entry
    assert entry is not None
    entry.external_id = None  # as of a provider whose own ids were deleted with the connection
    main = connect_again(booking)
    busy(main, booking.starts_at, entry_id=google.only()["id"])

    def spans() -> list[Any]:
        day = timedelta(days=1)
        at = booking.starts_at
        found = takes.taken(booking.host_id, at - day, at + day, now=NOW, moving=booking)
        return found.spans

    assert len(spans()) == 1
    sync_booking(booking.id)
    assert spans() == []


@pytest.mark.parametrize("done", [True, False], ids=["made", "not made"])
@pytest.mark.parametrize("is_cancelled", [False, True], ids=["confirmed", "cancelled"])
def test_an_unknown_outcome_is_settled_over_the_next_connection(
    app: Flask, google: FakeGoogle, done: bool, is_cancelled: bool
) -> None:
    main = host_with_calendar(external_id="team", is_primary=False)
    booking: Booking = factories.booking(schedule=factories.schedule(host=main.host), due_at=NOW)
    google.fails("POST", Fault(TimeoutError(), done=done))
    sync_booking(booking.id)
    disconnect(main.connection)
    if is_cancelled:
        cancel(booking)
        sync_booking(booking.id)
    connect_again(booking)
    sync_booking(booking.id)
    assert len(google.alive) == (0 if is_cancelled else 1)
    assert [calendar for calendar, _ in google.events] == (
        ["team"] if done else [] if is_cancelled else ["primary"]
    )
    expected = MeetingState.REMOVED if is_cancelled else MeetingState.READY
    assert state(booking) == (expected, None)
