"""Only what bears our reference is deleted at Zoom, on every way on which anything is deleted."""

from datetime import timedelta

import pytest
import requests
from flask import Flask

from bookme import waits
from bookme.accounts import closing as accounts
from bookme.bookings.dashboard.history_words import EVENTS
from bookme.bookings.messages.outbox import MessageKind
from bookme.connections import service as connections
from bookme.extensions import db
from bookme.jobs import closing
from bookme.jobs.sync import sync_booking
from bookme.models import Booking, BookingStatus, EventKind, Meeting, MeetingState
from tests.answers import Fault, says
from tests.conftest import NOW
from tests.fake_zoom import FakeZoom, code, starts_at
from tests.jobs.conftest import After, change, move, reconnect

TIMED_OUT = requests.ReadTimeout("no answer")
SETTLED = waits.SETTLE_AFTER.total_seconds()
LAST_LOOK = SETTLED + waits.LOOK_AGAIN_AFTER.total_seconds()
#: What the host wrote into a meeting of their own.
WORDS = "Bring the drawings."


def row(booking: Booking) -> Meeting:
    db.session.expire_all()
    assert booking.meeting is not None
    return booking.meeting


def kinds(booking: Booking) -> list[EventKind]:
    return [event.kind for event in booking.events if not event.kind.startswith("email")]


def cancel(booking: Booking) -> None:
    change(booking, MessageKind.CANCELLED, status=BookingStatus.CANCELLED)


def own_meeting(zoom: FakeZoom, booking: Booking, key: str = "5", **fields: str) -> None:
    """One that the host made by hand: of the same name, at the same time, after our attempt."""
    alike = {
        "topic": "Intro call: Ana Costa",
        "start_time": f"{booking.starts_at:%Y-%m-%dT%H:%M:%SZ}",
        "created_at": f"{NOW + timedelta(seconds=5):%Y-%m-%dT%H:%M:%SZ}",
        "agenda": WORDS,
    }
    zoom.holds(key, **(alike | fields))


def unknown(booking: Booking, zoom: FakeZoom, *, done: bool = False) -> None:
    zoom.fails("POST", Fault(TIMED_OUT, done=done))
    sync_booking(booking.id)


@pytest.mark.parametrize("agenda", ["", WORDS, "see BookMe reference x", "BookMe reference other"])
def test_settling_a_cancelled_booking_deletes_no_meeting_of_the_hosts_own(
    booking: Booking, zoom: FakeZoom, after: After, agenda: str
) -> None:
    unknown(booking, zoom)
    own_meeting(zoom, booking, agenda=agenda)
    cancel(booking)
    for seconds in (SETTLED, LAST_LOOK):
        with after(seconds=seconds):
            sync_booking(booking.id)
    assert zoom.only()["agenda"] == agenda
    assert "DELETE" not in zoom.calls
    assert (row(booking).state, booking.due_at) == (MeetingState.REMOVED, None)
    assert EventKind.MEETING_DELETED not in kinds(booking)


def test_beside_one_of_ours_the_hosts_own_stays(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    unknown(booking, zoom, done=True)
    own_meeting(zoom, booking)
    cancel(booking)
    with after(seconds=SETTLED):
        sync_booking(booking.id)
    assert zoom.only()["agenda"] == WORDS
    assert kinds(booking)[-1] is EventKind.MEETING_DELETED


def test_one_of_ours_that_is_listed_without_its_agenda_is_looked_at_and_deleted(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    unknown(booking, zoom, done=True)
    own_meeting(zoom, booking)
    listed = [{**one, "agenda": ""} for one in zoom.meetings.values()]
    zoom.fails("LIST", Fault(says(200, {"meetings": listed, "next_page_token": ""})))
    cancel(booking)
    with after(seconds=SETTLED):
        sync_booking(booking.id)
    assert zoom.only()["agenda"] == WORDS


def test_the_last_look_deletes_no_meeting_of_the_hosts_own(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    unknown(booking, zoom, done=True)
    with after(seconds=SETTLED):
        sync_booking(booking.id)
    own_meeting(zoom, booking)
    own_meeting(zoom, booking, "6", agenda="BookMe reference other")
    own_meeting(zoom, booking, "7", agenda=f"BookMe reference {booking.reference}")
    with after(seconds=LAST_LOOK):
        sync_booking(booking.id)
    assert set(zoom.meetings) == {"5", "6", row(booking).external_id}
    assert kinds(booking)[-1] is EventKind.SURPLUS_DELETED


def test_adopting_one_of_the_hosts_own_marks_it_and_keeps_its_words(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    unknown(booking, zoom)
    own_meeting(zoom, booking)
    with after(seconds=SETTLED):
        sync_booking(booking.id)
    assert zoom.calls == ["POST", "LIST", "GET", "PATCH"]
    assert zoom.body() == {"agenda": f"BookMe reference {booking.reference}\n{WORDS}"}
    assert row(booking).external_id == "5"
    assert kinds(booking)[-1] is EventKind.MEETING_ADOPTED


def test_an_adopted_meeting_moves_and_goes_with_its_booking(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    unknown(booking, zoom)
    own_meeting(zoom, booking)
    with after(seconds=LAST_LOOK):
        sync_booking(booking.id)
        move(booking, hours=1)
        sync_booking(booking.id)
        assert starts_at(zoom.only()) == booking.starts_at
        assert zoom.only()["agenda"].endswith(WORDS)
        cancel(booking)
        sync_booking(booking.id)
    assert zoom.meetings == {}


@pytest.mark.parametrize("fault", [Fault(TIMED_OUT, done=True), Fault(TIMED_OUT), code(300)])
def test_while_it_cannot_be_marked_it_is_not_adopted(
    booking: Booking, zoom: FakeZoom, after: After, fault: Fault
) -> None:
    unknown(booking, zoom)
    own_meeting(zoom, booking)
    zoom.fails("PATCH", fault)
    with after(seconds=SETTLED):
        sync_booking(booking.id)
    assert row(booking).external_id is None
    again = row(booking).next_attempt_at
    assert again is not None
    with after(seconds=(again - NOW).total_seconds()):
        sync_booking(booking.id)
    assert row(booking).external_id == "5"
    assert zoom.only()["agenda"] == f"BookMe reference {booking.reference}\n{WORDS}"


def test_another_bookings_meeting_is_not_adopted(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    unknown(booking, zoom)
    own_meeting(zoom, booking, agenda="BookMe reference other")
    listed = [{**zoom.only(), "agenda": ""}]
    zoom.fails("LIST", Fault(says(200, {"meetings": listed, "next_page_token": ""})))
    with after(seconds=SETTLED):
        sync_booking(booking.id)
    assert row(booking).external_id != "5"
    assert zoom.meetings["5"]["agenda"] == "BookMe reference other"


@pytest.mark.parametrize("agenda", ["", WORDS, "BookMe reference other"])
def test_a_meeting_that_lost_our_reference_stays_and_the_host_reads_so(
    booking: Booking, zoom: FakeZoom, agenda: str
) -> None:
    sync_booking(booking.id)
    zoom.only()["agenda"] = agenda
    cancel(booking)
    sync_booking(booking.id)
    assert zoom.calls == ["POST", "GET"]
    assert zoom.only()["agenda"] == agenda
    assert (row(booking).state, row(booking).external_id) == (MeetingState.REMOVED, None)
    assert kinds(booking)[-1] is EventKind.MEETING_SPARED
    assert "not deleted" in EVENTS[EventKind.MEETING_SPARED]
    assert booking.due_at is None


def test_over_a_later_connection_only_ours_is_deleted(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    sync_booking(booking.id)
    own_meeting(zoom, booking)
    connection = connections.live(booking.host_id, "zoom")
    assert connection is not None
    connections.disconnect(connection, now=NOW)
    assert len(zoom.meetings) == 2, "a disconnect deletes no meeting"
    cancel(booking)
    sync_booking(booking.id)
    assert len(zoom.meetings) == 2
    with after(minutes=1):
        reconnect(booking, NOW + timedelta(minutes=1))
        sync_booking(booking.id)
    assert zoom.only()["agenda"] == WORDS


def test_the_end_of_an_account_takes_only_ours(
    app: Flask, booking: Booking, zoom: FakeZoom, after: After
) -> None:
    sync_booking(booking.id)
    own_meeting(zoom, booking)
    accounts.begin(booking.host, now=NOW)
    db.session.commit()
    host_id, booking_id = booking.host_id, booking.id
    closing.close_account(host_id)
    sync_booking(booking_id)
    with after(seconds=waits.CLOSING_PATIENCE.total_seconds()):
        closing.close_account(host_id)
    assert db.session.get(Booking, booking_id) is None
    assert zoom.only()["agenda"] == WORDS
