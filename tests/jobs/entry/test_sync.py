"""What a sync does about the calendar entry, at the wire."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from bookme.bookings import service as bookings
from bookme.bookings.messages.outbox import MessageKind, owe
from bookme.connections import waiting
from bookme.connections.calendars import changes
from bookme.extensions import db
from bookme.jobs.sync import sync_booking
from bookme.models import (
    Booking,
    BookingStatus,
    Calendar,
    CalendarEntry,
    ConnectionStatus,
    EmailState,
    EventKind,
    Meeting,
    MeetingState,
    Trouble,
)
from tests import factories, mails
from tests.answers import Fault, says
from tests.conftest import NOW
from tests.jobs.calendars.cloud_calendars import calendar, connected, host_with_calendar
from tests.jobs.conftest import After, change, move
from tests.jobs.google import FakeGoogle, reason, time_of


@pytest.fixture
def main(app: Flask) -> Calendar:
    """The calendar in which Mara has bookings added."""
    return host_with_calendar(is_checked=False)


@pytest.fixture
def booking(main: Calendar) -> Booking:
    """Ana's booking with Mara, due, its confirmation owed."""
    return booked(main)


def booked(main: Calendar, **columns: Any) -> Booking:
    made: Booking = factories.booking(
        schedule=factories.schedule(host=main.host), due_at=NOW, **columns
    )
    owe(made, MessageKind.BOOKED, now=NOW)
    db.session.commit()
    return made


def row(booking: Booking) -> CalendarEntry:
    db.session.expire_all()
    assert booking.entry is not None
    return booking.entry


def events(booking: Booking) -> list[EventKind]:
    return [event.kind for event in booking.events if event.kind.startswith("entry")]


def state(booking: Booking) -> tuple[MeetingState, Trouble | None]:
    return row(booking).state, row(booking).trouble


def cancel(booking: Booking) -> None:
    change(booking, MessageKind.CANCELLED, status=BookingStatus.CANCELLED)


def outbox(app: Flask) -> list[Any]:
    return mails.sent(app)


def test_a_booking_appears_in_the_calendar(booking: Booking, google: FakeGoogle) -> None:
    assert booking.booker is not None
    booking.booker.notes = "About http://roof.example"
    booking.booker.phone = "+351 1"
    db.session.commit()
    sync_booking(booking.id)
    made = google.only()
    assert made["summary"] == "Intro call: Ana Costa"
    assert made["location"] == "1 Main Street"
    assert time_of(made) == booking.starts_at
    assert made["description"].splitlines() == [
        "Ana Costa, ana@example.com, +351 1",
        "1 Main Street",
        "",
        "About http: //roof. example",
        "",
        f"In BookMe: http://localhost/dashboard/bookings/{booking.reference}",
    ]
    assert "attendees" not in made
    assert booking.token not in str(google.calls)
    entry = row(booking)
    assert (entry.external_id, entry.provider) == (made["id"], "google")
    assert (entry.made_at, entry.revision, entry.attempted_at) == (NOW, 1, None)
    assert state(booking) == (MeetingState.READY, None)
    assert booking.due_at is None
    assert events(booking) == [EventKind.ENTRY_CREATED]


def test_a_second_sync_does_nothing(booking: Booking, google: FakeGoogle) -> None:
    sync_booking(booking.id)
    booking.due_at = NOW
    db.session.commit()
    sync_booking(booking.id)
    assert google.methods == ["POST"]


def test_without_a_calendar_there_is_no_entry(app: Flask, google: FakeGoogle) -> None:
    booking = factories.booking(due_at=NOW)
    connection = connected(booking.host)
    calendar(connection, takes_bookings=False)
    sync_booking(booking.id)
    assert (google.calls, booking.entry) == ([], None)


def test_a_booking_made_by_the_service_has_its_entry_waiting(main: Calendar) -> None:
    schedule = factories.schedule(host=main.host)
    booker = bookings.Booker(name="Ana", email="ana@example.com", zone="UTC")
    starts_at = NOW + timedelta(days=1, hours=1)
    made = bookings.book(schedule, starts_at, booker, form_key="k" * 32, now=NOW)
    assert made.entry is not None
    assert (made.entry.provider, made.entry.state) == ("google", MeetingState.WAITING)


def test_it_moves_with_the_booking(booking: Booking, google: FakeGoogle) -> None:
    sync_booking(booking.id)
    move(booking, hours=1)
    sync_booking(booking.id)
    assert google.methods == ["POST", "PATCH"]
    assert time_of(google.only()) == booking.starts_at
    assert set(google.body()) == {"start", "end"}, "what else the host has changed stands"
    assert events(booking)[-1] is EventKind.ENTRY_UPDATED


def test_it_goes_with_the_booking(booking: Booking, google: FakeGoogle) -> None:
    sync_booking(booking.id)
    cancel(booking)
    sync_booking(booking.id)
    assert google.alive == []
    assert state(booking) == (MeetingState.REMOVED, None)
    assert row(booking).external_id is not None, "so that an old reading of it blocks nothing"
    assert events(booking)[-1] is EventKind.ENTRY_DELETED


def test_cancelled_before_it_was_made(booking: Booking, google: FakeGoogle) -> None:
    cancel(booking)
    sync_booking(booking.id)
    assert (google.calls, booking.entry) == ([], None)


def test_the_link_comes_later(booking: Booking, google: FakeGoogle) -> None:
    booking.meeting = Meeting(provider="zoom")
    db.session.commit()
    sync_booking(booking.id)
    assert "zoom.us" not in str(google.only())
    meeting = booking.meeting
    meeting.join_url, meeting.passcode = "https://zoom.us/j/1", "pw"
    booking.due_at = NOW
    db.session.commit()
    sync_booking(booking.id)
    assert google.methods == ["POST", "GET", "PATCH"]
    assert "Join: https://zoom.us/j/1\nPasscode: pw" in google.only()["description"]


@pytest.mark.parametrize("by_hand", ["title", "place", "time"])
def test_what_the_host_changed_stands_when_the_link_comes(
    booking: Booking, google: FakeGoogle, by_hand: str
) -> None:
    booking.meeting = Meeting(provider="zoom")
    db.session.commit()
    sync_booking(booking.id)
    changed: dict[str, Any] = {
        "title": {"summary": "Ana!"},
        "place": {"location": "Café"},
        "time": {
            "start": {"dateTime": "2027-03-02T15:00:00Z"},
            "end": {"dateTime": "2027-03-02T15:30:00Z"},
        },
    }[by_hand]
    google.only().update(changed)
    booking.meeting.join_url = "https://zoom.us/j/1"
    booking.due_at = NOW
    db.session.commit()
    sync_booking(booking.id)
    made = google.only()
    assert {name: made[name] for name in changed} == changed
    assert "https://zoom.us/j/1" in made["description"]
    assert row(booking).changed_by_hand_at == NOW
    assert events(booking)[1:] == [EventKind.ENTRY_CHANGED_BY_HAND, EventKind.ENTRY_UPDATED]


def test_a_change_of_the_booking_overrides_the_host_s_time(
    booking: Booking, google: FakeGoogle
) -> None:
    sync_booking(booking.id)
    google.only()["start"] = {"dateTime": "2027-03-02T15:00:00Z"}
    move(booking, hours=1)
    sync_booking(booking.id)
    assert time_of(google.only()) == booking.starts_at
    assert row(booking).changed_by_hand_at is None


def test_deleted_by_hand_it_stays_so_until_the_booking_changes(
    booking: Booking, google: FakeGoogle
) -> None:
    booking.meeting = Meeting(provider="zoom")
    db.session.commit()
    sync_booking(booking.id)
    google.lose()
    booking.meeting.join_url = "https://zoom.us/j/1"
    booking.due_at = NOW
    db.session.commit()
    sync_booking(booking.id)
    assert google.alive == []
    assert state(booking) == (MeetingState.REMOVED, None)
    assert events(booking)[-1] is EventKind.ENTRY_CHANGED_BY_HAND
    booking.due_at = NOW
    db.session.commit()
    sync_booking(booking.id)
    assert google.alive == []
    move(booking, hours=1)
    sync_booking(booking.id)
    assert time_of(google.only()) == booking.starts_at
    assert state(booking) == (MeetingState.READY, None)
    assert row(booking).changed_by_hand_at is None


def test_a_moved_booking_gets_another_entry_for_one_that_is_gone(
    booking: Booking, google: FakeGoogle
) -> None:
    sync_booking(booking.id)
    first = row(booking).external_id
    google.lose()
    move(booking, hours=1)
    sync_booking(booking.id)
    assert google.methods == ["POST", "PATCH", "POST"]
    assert google.only()["id"] != first, "a deleted event keeps its id for ever"
    assert events(booking)[-1] is EventKind.ENTRY_RECREATED


def test_cancelled_after_it_was_deleted_by_hand(booking: Booking, google: FakeGoogle) -> None:
    sync_booking(booking.id)
    google.lose()
    cancel(booking)
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.REMOVED, None)


@pytest.mark.parametrize("done", [True, False], ids=["after its effect", "before its effect"])
def test_an_unknown_outcome_makes_no_second_entry(
    booking: Booking, google: FakeGoogle, after: After, done: bool
) -> None:
    google.fails("POST", Fault(TimeoutError(), done=done))
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.WAITING, Trouble.UNAVAILABLE)
    assert row(booking).attempted_at == NOW
    with after(seconds=5):
        sync_booking(booking.id)
    assert google.only()["id"] == row(booking).external_id
    assert state(booking) == (MeetingState.READY, None)


def test_cancelled_after_an_unknown_outcome(
    booking: Booking, google: FakeGoogle, after: After
) -> None:
    google.fails("POST", Fault(TimeoutError(), done=True))
    sync_booking(booking.id)
    cancel(booking)
    with after(seconds=5):
        sync_booking(booking.id)
    assert google.alive == []
    assert state(booking) == (MeetingState.REMOVED, None)


@pytest.mark.parametrize("is_cancelled", [False, True], ids=["confirmed", "cancelled"])
def test_an_unknown_outcome_is_settled_where_it_was_tried(
    main: Calendar, booking: Booking, google: FakeGoogle, after: After, is_cancelled: bool
) -> None:
    google.fails("POST", Fault(TimeoutError(), done=True))
    sync_booking(booking.id)
    main.takes_bookings = False
    db.session.flush()
    calendar(main.connection, external_id="family", is_primary=False)
    if is_cancelled:
        cancel(booking)
    with after(seconds=5):
        sync_booking(booking.id)
    assert len(google.alive) == (0 if is_cancelled else 1)
    assert {of for of, _ in google.events} == {"primary"}


def test_what_went_with_its_calendar_is_made_in_another(
    main: Calendar, booking: Booking, google: FakeGoogle, after: After
) -> None:
    google.fails("POST", Fault(TimeoutError(), done=True), reason(404, "notFound"))
    sync_booking(booking.id)
    with after(seconds=5):
        sync_booking(booking.id)
    main.takes_bookings = False
    db.session.flush()
    family = calendar(main.connection, external_id="family", is_primary=False)
    with after(seconds=20):
        sync_booking(booking.id)
    assert row(booking).calendar_id == family.id
    assert state(booking) == (MeetingState.READY, None)


@pytest.mark.parametrize("is_unknown", [False, True], ids=["made", "unknown"])
def test_what_was_left_at_another_provider_is_said_to_be(
    main: Calendar, booking: Booking, google: FakeGoogle, after: After, is_unknown: bool
) -> None:
    booking.entry = CalendarEntry(provider="icloud", external_id="bookme1", attempt=0)
    booking.entry.attempted_at = NOW if is_unknown else None
    booking.entry.made_at = None if is_unknown else NOW
    db.session.commit()
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.READY, None)
    assert row(booking).provider == "google"
    assert events(booking) == [EventKind.ENTRY_LEFT, EventKind.ENTRY_CREATED]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (reason(403, "forbiddenForNonOrganizer"), (MeetingState.FAILED, Trouble.NOT_ALLOWED)),
        (reason(400, "badRequest"), (MeetingState.FAILED, Trouble.REJECTED)),
        (reason(404, "notFound"), (MeetingState.WAITING, Trouble.CALENDAR_GONE)),
        (Fault(says(503)), (MeetingState.WAITING, Trouble.UNAVAILABLE)),
        (
            reason(403, "insufficientPermissions"),
            (MeetingState.WAITING, Trouble.NEEDS_RECONNECT),
        ),
    ],
)
def test_a_refusal_is_kept_in_words(
    booking: Booking,
    google: FakeGoogle,
    fault: Fault,
    expected: tuple[MeetingState, Trouble],
) -> None:
    google.fails("POST", fault, fault)
    sync_booking(booking.id)
    assert state(booking) == expected
    assert (booking.due_at is None) == (expected[1] is not Trouble.UNAVAILABLE and (
        expected[1] is not Trouble.CALENDAR_GONE
    ))  # fmt: skip
    assert row(booking).attempted_at is None or fault.outcome == says(503)


def test_try_again_after_a_refusal(booking: Booking, google: FakeGoogle) -> None:
    google.fails("POST", reason(403, "forbiddenForNonOrganizer"))
    sync_booking(booking.id)
    bookings.retry(booking, now=NOW)
    db.session.commit()
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.READY, None)


def test_a_disconnect_leaves_the_entry(booking: Booking, google: FakeGoogle) -> None:
    sync_booking(booking.id)
    assert booking.entry is not None
    connection = db.session.get_one(Calendar, booking.entry.calendar_id).connection
    connection.status = ConnectionStatus.INACTIVE
    db.session.commit()
    cancel(booking)
    sync_booking(booking.id)
    assert google.methods == ["POST"]
    assert state(booking) == (MeetingState.LEFT, Trouble.NOT_CONNECTED)
    assert events(booking)[-1] is EventKind.ENTRY_LEFT


def test_what_is_over_is_left(booking: Booking, google: FakeGoogle, after: After) -> None:
    with after(days=2):
        sync_booking(booking.id)
    assert google.calls == []


def files(app: Flask, to: str) -> list[bool]:
    """Whether each message to a reader had a file, in order."""
    return ["appointment.ics" in str(form.made) for form in outbox(app) if form.to == [to]]


def test_a_host_who_finds_it_in_the_calendar_gets_no_file(
    app: Flask, booking: Booking, google: FakeGoogle
) -> None:
    sync_booking(booking.id)
    move(booking, hours=1)
    sync_booking(booking.id)
    cancel(booking)
    sync_booking(booking.id)
    assert files(app, "mara@example.com") == [False, False, False]
    assert files(app, "ana@example.com") == [True, True, True]


def test_a_file_that_went_out_is_kept_up_to_date(
    app: Flask, booking: Booking, google: FakeGoogle
) -> None:
    google.fails("POST", reason(403, "forbiddenForNonOrganizer"))
    sync_booking(booking.id)
    assert files(app, "mara@example.com") == [True]
    move(booking, hours=1)
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.READY, None)
    cancel(booking)
    sync_booking(booking.id)
    assert files(app, "mara@example.com") == [True, True, True]


def test_a_copy_of_a_message_has_a_file_if_the_first_had_one(
    app: Flask, booking: Booking, google: FakeGoogle
) -> None:
    sync_booking(booking.id)
    row(booking).state = MeetingState.LEFT
    for email in booking.emails:  # a worker was killed before it could note the server's answer
        email.state, email.maybe_sent = EmailState.WAITING, True
    booking.due_at = NOW
    db.session.commit()
    sync_booking(booking.id)
    assert files(app, "mara@example.com") == [False, False]
    assert files(app, "ana@example.com") == [True, True]


def test_erasing_a_booker_erases_what_was_sent(
    booking: Booking, google: FakeGoogle, after: After
) -> None:
    sync_booking(booking.id)
    cancel(booking)
    booking.entry.sent = {"title": "Ana"}  # type: ignore[union-attr]
    db.session.commit()
    bookings.erase_booker(booking.host, "ana@example.com", now=NOW)
    db.session.commit()
    assert row(booking).sent == {"title": ""}


def test_what_a_broken_connection_kept_from_being_rewritten_is_rewritten_once_it_is_mended(
    booking: Booking, main: Calendar, google: FakeGoogle, after: After
) -> None:
    sync_booking(booking.id)
    connection, later = main.connection, NOW + timedelta(days=8)
    with after(days=8):
        connection.status = ConnectionStatus.NEEDS_RECONNECT
        bookings.erase_booker(booking.host, "ana@example.com", now=later)
        db.session.commit()
        sync_booking(booking.id)
        assert "Ana" in str(google.only())
        connection.status = ConnectionStatus.ACTIVE
        waiting.make_due(booking.host_id, "google", now=later)
        db.session.commit()
        sync_booking(booking.id)
        assert "Ana" not in str(google.only()) + str(row(booking).sent)
        assert google.only()["summary"] == "Intro call"
        calls = len(google.methods)
        waiting.make_due(booking.host_id, "google", now=later)
        db.session.commit()
        sync_booking(booking.id)
        assert len(google.methods) == calls, "once"


def test_an_entry_that_was_left_is_looked_for_to_be_rewritten(
    booking: Booking, main: Calendar, google: FakeGoogle, after: After
) -> None:
    sync_booking(booking.id)
    later = NOW + timedelta(days=8)
    with after(days=8):
        connection = main.connection
        changes.forget(connection)  # as a disconnect does
        connection.status = ConnectionStatus.INACTIVE
        bookings.erase_booker(booking.host, "ana@example.com", now=later)
        db.session.commit()
        sync_booking(booking.id)
        again = connected(booking.host, again="later", connected_at=later)
        calendar(again)
        waiting.make_due(booking.host_id, "google", now=later)
        db.session.commit()
        sync_booking(booking.id)
    assert "Ana" not in str(google.only())
