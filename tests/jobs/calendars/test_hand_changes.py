"""What a reading shows of entries that a host has changed by hand."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from bookme.bookings.messages.outbox import MessageKind
from bookme.extensions import db
from bookme.jobs.calendars.reading import read_busy
from bookme.jobs.sync import sync_booking
from bookme.models import Booking, Calendar, EventKind, MeetingState, Trouble
from tests import factories
from tests.conftest import NOW
from tests.jobs.calendars.cloud_calendars import host_with_calendar
from tests.jobs.conftest import After, change, move
from tests.jobs.google import FakeGoogle, reason, time_of

MOVED = {"start": {"dateTime": "2027-03-02T15:00Z"}, "end": {"dateTime": "2027-03-02T15:30Z"}}


@pytest.fixture
def main(app: Flask) -> Calendar:
    return host_with_calendar()


@pytest.fixture
def booking(main: Calendar, google: FakeGoogle) -> Booking:
    """Ana's booking, in the calendar."""
    made: Booking = factories.booking(schedule=factories.schedule(host=main.host), due_at=NOW)
    sync_booking(made.id)
    return made


def changes(booking: Booking) -> int:
    db.session.expire_all()
    return [event.kind for event in booking.events].count(EventKind.ENTRY_CHANGED_BY_HAND)


@pytest.mark.parametrize(
    ("by_hand", "expected"),
    [
        ({}, 0),
        ({"summary": "Ana"}, 0),
        (MOVED, 1),
        ({"status": "cancelled"}, 1),
        ({"transparency": "transparent"}, 1),
    ],
    ids=["nothing", "another title", "moved", "deleted", "made free"],
)
def test_what_the_host_did_is_noted_once(
    main: Calendar,
    booking: Booking,
    google: FakeGoogle,
    after: After,
    by_hand: dict[str, Any],
    expected: int,
) -> None:
    google.only().update(by_hand)
    for minutes in (5, 30):
        with after(minutes=minutes):
            read_busy(main.id)
    assert changes(booking) == expected
    assert booking.due_at is None, "it stands"


def test_a_reading_that_may_be_behind_says_nothing(
    main: Calendar, booking: Booking, google: FakeGoogle, after: After
) -> None:
    google.only()["status"] = "cancelled"
    with after(seconds=30):
        read_busy(main.id)
    assert changes(booking) == 0


def test_a_move_of_bookme_s_own_is_not_by_hand(
    main: Calendar, booking: Booking, google: FakeGoogle, after: After
) -> None:
    old = dict(google.only())
    with after(minutes=5):
        move(booking, hours=1)
        sync_booking(booking.id)
        google.only().update(old)  # a listing that is behind
        read_busy(main.id)
    assert changes(booking) == 0


def test_a_change_still_under_way_is_not_by_hand(
    main: Calendar, booking: Booking, google: FakeGoogle, after: After
) -> None:
    by = timedelta(hours=1)
    starts_at, ends_at = booking.starts_at + by, booking.ends_at + by
    with after(minutes=5):
        change(booking, MessageKind.MOVED, starts_at=starts_at, ends_at=ends_at)
        read_busy(main.id)
    assert changes(booking) == 0


def test_deleted_by_hand_it_is_made_anew_when_the_booking_moves_after_a_reading_saw_it(
    main: Calendar, booking: Booking, google: FakeGoogle, after: After
) -> None:
    google.lose()
    with after(minutes=5):
        read_busy(main.id)
        sync_booking(booking.id)
        assert google.alive == [], "it stands deleted"
        move(booking, hours=1)
        sync_booking(booking.id)
        assert time_of(google.only()) == booking.starts_at
        sync_booking(booking.id)
    db.session.expire_all()
    assert booking.entry is not None
    assert (booking.entry.state, booking.entry.changed_by_hand_at) == (MeetingState.READY, None)
    assert changes(booking) == 1


def test_an_entry_that_may_not_be_made_anew_has_failed_and_is_not_deleted_by_hand(
    main: Calendar, booking: Booking, google: FakeGoogle, after: After
) -> None:
    google.lose()
    with after(minutes=5):
        read_busy(main.id)
        google.fails("POST", reason(403, "forbidden"))
        move(booking, hours=1)
        sync_booking(booking.id)
        sync_booking(booking.id)
    db.session.expire_all()
    assert booking.entry is not None
    assert (booking.entry.state, booking.entry.trouble) == (
        MeetingState.FAILED,
        Trouble.NOT_ALLOWED,
    )
