"""Creates whose outcome nobody knows: in the end there is one meeting, or none if cancelled."""

from datetime import timedelta

import pytest
import requests
from flask import Flask

from bookme import waits
from bookme.bookings.messages.outbox import MessageKind
from bookme.extensions import db
from bookme.jobs.sync import sync_booking
from bookme.models import Booking, BookingStatus, EventKind, Meeting, MeetingState, Trouble
from tests.answers import Fault, says
from tests.conftest import NOW
from tests.fake_zoom import FakeZoom, starts_at
from tests.jobs.conftest import After, change, disconnect, move, reconnect

TIMED_OUT = requests.ReadTimeout("no answer")
CUT_OFF = requests.ConnectionError("reset")
BAD_GATEWAY = says(502)
NO_JSON = (201, {}, "<html>hello</html>")

SETTLED = waits.SETTLE_AFTER.total_seconds()
LAST_LOOK = SETTLED + waits.LOOK_AGAIN_AFTER.total_seconds()


def row(booking: Booking) -> Meeting:
    db.session.expire_all()
    assert booking.meeting is not None
    return booking.meeting


def kinds(booking: Booking) -> list[EventKind]:
    return [event.kind for event in booking.events if not event.kind.startswith("email")]


def cancel(booking: Booking) -> None:
    change(booking, MessageKind.CANCELLED, status=BookingStatus.CANCELLED)


@pytest.mark.parametrize(
    "outcome", [TIMED_OUT, CUT_OFF, BAD_GATEWAY, NO_JSON], ids=["slow", "cut", "502", "no json"]
)
@pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
def test_an_unknown_outcome_ends_in_one_meeting(
    booking: Booking, zoom: FakeZoom, after: After, outcome: object, done: bool
) -> None:
    zoom.fails("POST", Fault(outcome, done=done))  # type: ignore[arg-type]
    sync_booking(booking.id)
    assert row(booking).attempted_at == NOW
    assert row(booking).trouble is Trouble.UNKNOWN_OUTCOME
    assert booking.due_at == NOW + waits.SETTLE_AFTER
    with after(seconds=SETTLED - 1):
        sync_booking(booking.id)
    assert zoom.calls == ["POST"], "listed before the meeting can be in the list"
    with after(seconds=SETTLED):
        sync_booking(booking.id)
    assert row(booking).external_id == str(zoom.only()["id"])
    assert (row(booking).state, row(booking).trouble) == (MeetingState.READY, None)
    assert row(booking).passcode is not None
    expected = ["POST", "LIST", "GET"] if done else ["POST", "LIST", "POST"]
    assert zoom.calls == expected
    made = EventKind.MEETING_ADOPTED if done else EventKind.MEETING_CREATED
    assert kinds(booking) == [EventKind.MEETING_FAILED, made]
    with after(seconds=LAST_LOOK):
        sync_booking(booking.id)
    assert zoom.calls == [*expected, "LIST"]
    assert (len(zoom.meetings), booking.due_at) == (1, None)


def test_a_meeting_that_shows_up_late_is_deleted_at_the_last_look(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    zoom.fails("POST", Fault(TIMED_OUT, done=True))
    zoom.unlisted.add("85000000001")
    sync_booking(booking.id)
    with after(seconds=SETTLED):
        sync_booking(booking.id)
    assert len(zoom.meetings) == 2
    zoom.unlisted.clear()
    with after(seconds=LAST_LOOK):
        sync_booking(booking.id)
    assert row(booking).external_id == str(zoom.only()["id"])
    assert kinds(booking)[-1] is EventKind.SURPLUS_DELETED


def test_settling_looks_for_what_was_asked_for_then_and_moves_it(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    zoom.fails("POST", Fault(TIMED_OUT, done=True))
    sync_booking(booking.id)
    zoom.only()["agenda"] = "cleared by hand"  # so only topic, start and age tell it
    move(booking, hours=1)
    with after(seconds=SETTLED):
        sync_booking(booking.id)
    assert zoom.calls == ["POST", "LIST", "GET", "PATCH", "PATCH"]
    assert starts_at(zoom.only()) == booking.starts_at
    assert zoom.only()["agenda"] == f"BookMe reference {booking.reference}\ncleared by hand"


@pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
def test_cancelled_meanwhile_it_ends_in_none(
    booking: Booking, zoom: FakeZoom, after: After, done: bool
) -> None:
    zoom.fails("POST", Fault(TIMED_OUT, done=done))
    sync_booking(booking.id)
    cancel(booking)
    sync_booking(booking.id)
    assert zoom.calls == ["POST"]
    with after(seconds=SETTLED):
        sync_booking(booking.id)
    assert zoom.calls == ["POST", "LIST", *(["DELETE"] if done else [])]
    assert (zoom.meetings, row(booking).state) == ({}, MeetingState.REMOVED)
    with after(seconds=LAST_LOOK):
        sync_booking(booking.id)
    assert booking.due_at is None


def test_cancelled_meanwhile_one_that_shows_up_late_is_deleted_too(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    zoom.fails("POST", Fault(TIMED_OUT, done=True))
    zoom.unlisted.add("85000000001")
    sync_booking(booking.id)
    cancel(booking)
    with after(seconds=SETTLED):
        sync_booking(booking.id)
    zoom.unlisted.clear()
    with after(seconds=LAST_LOOK):
        sync_booking(booking.id)
    assert zoom.meetings == {}


def test_a_last_look_that_a_disconnect_put_off_is_taken_when_zoom_is_connected_again(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    zoom.fails("POST", Fault(TIMED_OUT, done=True))
    zoom.unlisted.add("85000000001")
    sync_booking(booking.id)
    with after(seconds=SETTLED):
        sync_booking(booking.id)
    assert len(zoom.meetings) == 2
    zoom.unlisted.clear()
    disconnect(booking)
    with after(seconds=LAST_LOOK):
        sync_booking(booking.id)
    assert len(zoom.meetings) == 2
    with after(seconds=LAST_LOOK + 1):
        reconnect(booking, now=NOW + timedelta(seconds=LAST_LOOK + 1))
        sync_booking(booking.id)
    assert row(booking).external_id == str(zoom.only()["id"])
    assert booking.due_at is None


def test_a_list_that_cannot_be_had_creates_nothing(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    zoom.fails("POST", Fault(TIMED_OUT, done=True))
    zoom.fails("LIST", Fault(says(503)), Fault(CUT_OFF))
    sync_booking(booking.id)
    moment = NOW + waits.SETTLE_AFTER
    for _ in range(2):
        with after(seconds=(moment - NOW).total_seconds()):
            sync_booking(booking.id)
        assert row(booking).attempted_at == NOW
        assert row(booking).next_attempt_at is not None
        moment = row(booking).next_attempt_at or moment
    with after(seconds=(moment - NOW).total_seconds()):
        sync_booking(booking.id)
    assert zoom.calls == ["POST", "LIST", "LIST", "LIST", "GET"]
    assert len(zoom.meetings) == 1


def test_a_failed_last_look_is_taken_again(booking: Booking, zoom: FakeZoom, after: After) -> None:
    zoom.fails("POST", Fault(TIMED_OUT, done=True))
    sync_booking(booking.id)
    with after(seconds=SETTLED):
        sync_booking(booking.id)
    zoom.fails("LIST", Fault(says(503)))
    with after(seconds=LAST_LOOK):
        sync_booking(booking.id)
    assert (row(booking).state, row(booking).trouble) == (MeetingState.READY, None)
    look_at = row(booking).look_again_at
    assert look_at is not None
    with after(seconds=(look_at - NOW).total_seconds()):
        sync_booking(booking.id)
    assert (row(booking).look_again_at, booking.due_at) == (None, None)


def test_other_bookings_meetings_are_left_alone(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    other = {"id": 7, "topic": "Intro call: Ana Costa", "start_time": "2027-03-02T09:00:00Z"}
    zoom.meetings["7"] = other | {"agenda": "BookMe reference other", "join_url": "https://x/7"}
    zoom.meetings["8"] = other | {"id": 8, "agenda": "", "created_at": "2027-02-01T00:00:00Z"}
    zoom.fails("POST", Fault(TIMED_OUT))
    sync_booking(booking.id)
    with after(seconds=SETTLED):
        sync_booking(booking.id)
    with after(seconds=LAST_LOOK):
        sync_booking(booking.id)
    assert {"7", "8"} < set(zoom.meetings)
    assert len(zoom.meetings) == 3


def test_the_last_look_deletes_no_meeting_without_our_reference(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    zoom.fails("POST", Fault(TIMED_OUT, done=True))
    sync_booking(booking.id)
    zoom.only()["agenda"] = "cleared by hand"
    with after(seconds=SETTLED):
        sync_booking(booking.id)
    assert row(booking).external_id == str(zoom.only()["id"]), "adopted, as it is just like ours"
    of_the_host = zoom.only() | {
        "id": 7,
        "agenda": "cleared by hand",
        "created_at": f"{NOW + timedelta(seconds=LAST_LOOK):%Y-%m-%dT%H:%M:%SZ}",
    }
    zoom.lose()  # or the list would show those with our reference only
    zoom.meetings["7"] = of_the_host
    with after(seconds=LAST_LOOK):
        sync_booking(booking.id)
    assert row(booking).look_again_at is None
    assert "7" in zoom.meetings


def test_an_update_of_unknown_outcome_is_sent_whole_once_more(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    sync_booking(booking.id)
    move(booking, hours=1)
    zoom.fails("PATCH", Fault(TIMED_OUT, done=True))
    sync_booking(booking.id)
    move(booking, hours=-1)  # as Zoom had it at first, and has no longer
    with after(minutes=1):
        sync_booking(booking.id)
    assert zoom.calls == ["POST", "PATCH", "PATCH", "GET"]
    assert zoom.body(2)["topic"] == "Intro call: Ana Costa"
    assert starts_at(zoom.only()) == booking.starts_at
    assert row(booking).attempted_at is None


def test_a_refusal_after_an_update_of_unknown_outcome_leaves_it_unknown(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    sync_booking(booking.id)
    move(booking, hours=1)
    zoom.fails("PATCH", Fault(TIMED_OUT, done=True), Fault(says(429)))
    sync_booking(booking.id)
    with after(minutes=1):
        sync_booking(booking.id)
    assert row(booking).attempted_at == NOW
    move(booking, hours=-1)
    with after(minutes=2):
        sync_booking(booking.id)
    assert starts_at(zoom.only()) == booking.starts_at


def test_a_delete_of_unknown_outcome_is_made_again(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    sync_booking(booking.id)
    cancel(booking)
    zoom.fails("DELETE", Fault(TIMED_OUT, done=True))
    sync_booking(booking.id)
    with after(minutes=1):
        sync_booking(booking.id)
    assert zoom.calls == ["POST", "GET", "DELETE", "GET"]
    assert row(booking).state is MeetingState.REMOVED


def test_after_a_connection_changed_meanwhile_the_new_account_is_looked_into(
    app: Flask, booking: Booking, zoom: FakeZoom, after: After
) -> None:
    zoom.fails("POST", Fault(TIMED_OUT, done=True))
    sync_booking(booking.id)
    disconnect(booking)
    with after(seconds=SETTLED):
        sync_booking(booking.id)
    assert row(booking).trouble is Trouble.NOT_CONNECTED
    with after(hours=1):
        reconnect(booking, NOW + timedelta(hours=1))
        sync_booking(booking.id)
    assert zoom.calls == ["POST", "LIST", "GET"]
    assert row(booking).state is MeetingState.READY
