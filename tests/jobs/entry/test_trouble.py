"""What goes wrong in the middle of a calendar entry's making, and leaves nothing behind."""

from datetime import timedelta

from flask import Flask

from bookme.bookings import service as bookings
from bookme.bookings.dashboard.entry_words import TROUBLES
from bookme.bookings.messages.outbox import MessageKind, owe
from bookme.connections import waiting
from bookme.connections.grants import disconnecting
from bookme.errors import NotAllowed
from bookme.extensions import db
from bookme.jobs.calendars.trouble import trouble
from bookme.jobs.sync import sync_booking
from bookme.models import Booking, BookingStatus, Calendar, CalendarEntry, MeetingState, Trouble
from bookme.providers.calendar import STORAGE_FULL
from tests import factories
from tests.answers import Fault, says
from tests.conftest import NOW
from tests.jobs.calendars.cloud_calendars import calendar, connected, host_with_calendar
from tests.jobs.conftest import After, change, move
from tests.jobs.google import FakeGoogle, reason, time_of

INVALID = says(400, {"error": {"code": 400, "errors": [{"reason": "invalid"}]}})


def booked(main: Calendar, video: str | None = None) -> Booking:
    made: Booking = factories.booking(
        schedule=factories.schedule(host=main.host), video_provider=video, due_at=NOW
    )
    made.entry = CalendarEntry(provider="google")
    owe(made, MessageKind.BOOKED, now=NOW)
    db.session.commit()
    return made


def entry_of(booking: Booking) -> CalendarEntry:
    db.session.expire_all()
    assert booking.entry is not None
    return booking.entry


def test_disconnected_while_it_is_made_it_is_left_and_nothing_names_the_account(
    app: Flask, google: FakeGoogle
) -> None:
    main = host_with_calendar(is_checked=False)
    booking, connection_id = booked(main), main.connection_id

    def disconnect(_method: str) -> None:
        google.meanwhile = None
        with app.app_context():
            connection = disconnecting.locked(connection_id)
            assert connection is not None
            disconnecting.clear(connection, None, now=NOW)
            db.session.commit()

    google.meanwhile = disconnect
    sync_booking(booking.id)
    entry = entry_of(booking)
    assert (entry.state, entry.calendar_id) == (MeetingState.LEFT, None)
    assert entry.calendar_external_id is None
    assert len(google.alive) == 1
    assert booking.lease_holder is None, "the messages had their turn too"


def test_a_wait_of_years_is_cut_to_a_day(app: Flask, google: FakeGoogle) -> None:
    booking = booked(host_with_calendar(is_checked=False))
    google.fails("POST", Fault(says(503, {}, **{"Retry-After": "31536000"})))
    sync_booking(booking.id)
    again = entry_of(booking).next_attempt_at
    assert again is not None
    assert NOW < again <= NOW + timedelta(hours=25)
    assert booking.due_at is not None
    assert booking.due_at <= again


def test_a_search_that_is_refused_is_not_repeated_without_end(
    app: Flask, google: FakeGoogle
) -> None:
    main = host_with_calendar(external_id="team", is_primary=False)
    booking = booked(main)
    sync_booking(booking.id)
    disconnecting.clear(main.connection, None, now=NOW)
    db.session.commit()
    calendar(connected(booking.host, again="again", connected_at=NOW))
    waiting.make_due(booking.host_id, "google", now=NOW)
    db.session.commit()
    google.calls.clear()
    google.fails("GET", *[Fault(INVALID)] * 9)
    for _ in range(3):
        sync_booking(booking.id)
    assert google.methods == ["GET"]
    assert entry_of(booking).state is MeetingState.LEFT
    assert booking.due_at is None


def test_what_was_made_is_not_forgotten_when_what_follows_is_refused(
    app: Flask, google: FakeGoogle, after: After
) -> None:
    booking = booked(host_with_calendar(is_checked=False), "google_meet")
    google.meet = "failure"
    google.fails("DELETE", reason(403, "rateLimitExceeded"))
    sync_booking(booking.id)
    assert len(google.alive) == 1
    change(booking, MessageKind.CANCELLED, status=BookingStatus.CANCELLED)
    with after(minutes=1):
        sync_booking(booking.id)
    assert google.alive == []
    assert entry_of(booking).state is MeetingState.REMOVED


def test_a_refused_move_of_what_is_gone_by_now_makes_another(
    app: Flask, google: FakeGoogle
) -> None:
    booking = booked(host_with_calendar(is_checked=False))
    sync_booking(booking.id)
    move(booking, hours=1)
    google.fails("PATCH", reason(403, "forbiddenForNonOrganizer"))
    sync_booking(booking.id)
    assert entry_of(booking).state is MeetingState.FAILED
    google.lose()
    bookings.retry(booking, now=NOW)
    db.session.commit()
    sync_booking(booking.id)
    assert entry_of(booking).state is MeetingState.READY
    assert time_of(google.only()) == booking.starts_at


def test_an_account_that_takes_no_meeting_has_the_entry_without_one(
    app: Flask, google: FakeGoogle
) -> None:
    booking = booked(host_with_calendar(is_checked=False), "google_meet")
    google.fails("POST", Fault(INVALID), Fault(INVALID))
    sync_booking(booking.id)
    assert entry_of(booking).state is MeetingState.READY
    assert booking.meeting is not None
    assert (booking.meeting.state, booking.meeting.trouble) == (
        MeetingState.FAILED,
        Trouble.NOT_ALLOWED,
    )
    move(booking, hours=1)
    google.fails("PATCH", Fault(INVALID), Fault(INVALID))
    sync_booking(booking.id)
    assert time_of(google.only()) == booking.starts_at, "the time is right all the same"


def test_an_account_without_room_is_said_so_in_words() -> None:
    full = NotAllowed("icloud", "answered 507", code=STORAGE_FULL)
    assert trouble(full) is Trouble.STORAGE_FULL
    assert "storage is full" in TROUBLES[Trouble.STORAGE_FULL]
