"""What Zoom was told of a person goes there too, once they are erased or have corrected it."""

from datetime import timedelta

import pytest

from bookme.bookings import own
from bookme.bookings import service as bookings
from bookme.bookings.own import Correction
from bookme.extensions import db
from bookme.jobs.sync import sync_booking
from bookme.models import Booking, ConnectionStatus, Meeting
from tests.answers import says
from tests.fake_zoom import FakeZoom
from tests.jobs.conftest import NOW, After

LATER = {"days": 8}


@pytest.fixture
def over(booking: Booking, zoom: FakeZoom) -> Booking:
    """Ana's, made at Zoom and told to everybody; it is over once ``LATER`` has come."""
    sync_booking(booking.id)
    zoom.calls.clear()
    zoom.bodies.clear()
    return booking


def erase(booking: Booking) -> None:
    bookings.erase_booker(booking.host, "ana@example.com", now=NOW + timedelta(**LATER))
    db.session.commit()
    sync_booking(booking.id)


def meeting(booking: Booking) -> Meeting:
    db.session.expire_all()
    assert booking.meeting is not None
    return booking.meeting


def test_of_a_meeting_that_is_over_only_the_words_are_changed(
    over: Booking, zoom: FakeZoom, after: After
) -> None:
    with after(**LATER):
        erase(over)
    assert zoom.calls == ["PATCH"]
    (body,) = zoom.bodies
    assert set(body) == {"topic", "agenda"}, "a start in the past would be put at the present"
    assert body["topic"] == "Intro call"
    assert "Ana" not in str(zoom.meetings)
    assert meeting(over).sent is not None
    assert "Ana" not in str(meeting(over).sent)


def test_it_is_done_once(over: Booking, zoom: FakeZoom, after: After) -> None:
    with after(**LATER):
        erase(over)
        over.due_at = NOW
        db.session.commit()
        sync_booking(over.id)
    assert zoom.calls == ["PATCH"]


def test_an_answer_that_nobody_heard_sends_no_time_either(
    over: Booking, zoom: FakeZoom, after: After
) -> None:
    zoom.fails("PATCH", says(503))
    with after(**LATER):
        erase(over)
    with after(**LATER, minutes=5):
        sync_booking(over.id)
    assert zoom.calls == ["PATCH", "PATCH"]
    assert all(set(body) == {"topic", "agenda"} for body in zoom.bodies)
    assert "Ana" not in str(zoom.meetings)


def test_one_that_the_host_has_deleted_stays_deleted(
    over: Booking, zoom: FakeZoom, after: After
) -> None:
    zoom.meetings.clear()
    with after(**LATER):
        erase(over)
        sync_booking(over.id)
    assert zoom.calls == ["PATCH"]
    assert zoom.meetings == {}


def test_without_a_connection_nothing_is_called(
    over: Booking, zoom: FakeZoom, after: After
) -> None:
    with after(**LATER):
        for connection in over.host.connections:
            connection.status = ConnectionStatus.NEEDS_RECONNECT
        erase(over)
    assert zoom.calls == []
    assert "Ana" not in str(meeting(over).sent)


def test_a_name_that_is_corrected_afterwards_is_corrected_there(
    over: Booking, zoom: FakeZoom, after: After
) -> None:
    with after(**LATER):
        to = Correction(name="Ana Prado", phone="", notes="", answers=())
        own.correct(over, to, now=NOW + timedelta(**LATER))
        db.session.commit()
        sync_booking(over.id)
    assert [set(body) for body in zoom.bodies] == [{"topic", "agenda"}]
    assert zoom.bodies[0]["topic"] == "Intro call: Ana Prado"


def test_a_name_that_is_corrected_before_is_corrected_there_at_once(
    over: Booking, zoom: FakeZoom
) -> None:
    own.correct(over, Correction("Ana Prado", "", "", ()), now=NOW)
    db.session.commit()
    sync_booking(over.id)
    assert zoom.bodies[0]["topic"] == "Intro call: Ana Prado"
    assert len(zoom.meetings) == 1
