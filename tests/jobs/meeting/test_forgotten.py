"""What Zoom was told of a person goes there too, once they are erased or have corrected it."""

from datetime import timedelta

import pytest
from flask import Flask

from bookme.bookings import own
from bookme.bookings import service as bookings
from bookme.bookings.own import Correction
from bookme.connections import service as connections
from bookme.extensions import db
from bookme.jobs.sync import sync_booking
from bookme.models import Booking, ConnectionStatus, Meeting, MeetingState
from tests.answers import says
from tests.fake_zoom import FakeZoom
from tests.jobs.conftest import NOW, After, disconnect, lose_grant, reconnect
from tests.jobs.test_sync_races import once

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


def mended(booking: Booking) -> None:
    """The host connects again, to the same account; what that makes due is done."""
    lose_grant(booking).status = ConnectionStatus.ACTIVE
    connections.make_due(booking.host_id, "zoom", now=NOW + timedelta(**LATER))
    db.session.commit()
    sync_booking(booking.id)


def test_what_a_broken_connection_kept_from_being_rewritten_is_rewritten_once_it_is_mended(
    over: Booking, zoom: FakeZoom, after: After
) -> None:
    with after(**LATER):
        lose_grant(over)
        erase(over)
        assert "Ana" in str(zoom.meetings)
        assert over.due_at is None
        mended(over)
        assert [set(body) for body in zoom.bodies] == [{"topic", "agenda"}]
        assert "Ana" not in str(zoom.meetings) + str(meeting(over).sent)
        mended(over)
    assert zoom.calls == ["PATCH"], "once"
    assert over.due_at is None


def test_nor_does_a_grant_that_ends_between_two_tries_forget_it(
    over: Booking, zoom: FakeZoom, after: After
) -> None:
    zoom.fails("PATCH", says(503))
    with after(**LATER):
        erase(over)
        lose_grant(over)
        over.due_at = NOW
        db.session.commit()
        sync_booking(over.id)
        mended(over)
    assert "Ana" not in str(zoom.meetings)


def test_connecting_anew_after_a_disconnect_does_it_too(
    over: Booking, zoom: FakeZoom, after: After
) -> None:
    with after(**LATER):
        disconnect(over)
        erase(over)
        reconnect(over, NOW + timedelta(**LATER))
        sync_booking(over.id)
    assert "Ana" not in str(zoom.meetings)


def test_what_was_cancelled_while_it_was_broken_is_deleted_then(
    over: Booking, zoom: FakeZoom, after: After
) -> None:
    lose_grant(over)
    own.erase(over, now=NOW)
    db.session.commit()
    sync_booking(over.id)
    with after(days=3):
        sync_booking(over.id)
        db.session.refresh(over)
        assert over.booker is None
    with after(**LATER):
        mended(over)
    assert zoom.meetings == {}
    assert meeting(over).state is MeetingState.REMOVED


def test_who_is_erased_during_an_update_is_not_written_down_again(
    app: Flask, over: Booking, zoom: FakeZoom, after: After
) -> None:
    def erased(other: Booking) -> None:
        bookings.erase_booker(other.host, "ana@example.com", now=NOW + timedelta(**LATER))
        db.session.commit()

    with after(**LATER):
        own.correct(over, Correction("Ana Prado", "", "", (), ()), now=NOW + timedelta(**LATER))
        db.session.commit()
        zoom.meanwhile = once(app, over, erased)
        sync_booking(over.id)
        assert "Ana" in str(zoom.meetings)
        assert "Ana" not in str(meeting(over).sent)
        sync_booking(over.id)
    assert "Ana" not in str(zoom.meetings) + str(meeting(over).sent)


def test_only_what_has_words_of_somebody_becomes_due_after_the_end(
    over: Booking, zoom: FakeZoom, after: After
) -> None:
    with after(**LATER):
        lose_grant(over)
        mended(over)
    assert zoom.calls == []
    assert over.due_at is None


def test_a_name_that_is_corrected_afterwards_is_corrected_there(
    over: Booking, zoom: FakeZoom, after: After
) -> None:
    with after(**LATER):
        to = Correction(name="Ana Prado", phone="", notes="", answers=(), guests=())
        own.correct(over, to, now=NOW + timedelta(**LATER))
        db.session.commit()
        sync_booking(over.id)
    assert [set(body) for body in zoom.bodies] == [{"topic", "agenda"}]
    assert zoom.bodies[0]["topic"] == "Intro call: Ana Prado"


def test_a_name_that_is_corrected_before_is_corrected_there_at_once(
    over: Booking, zoom: FakeZoom
) -> None:
    own.correct(over, Correction("Ana Prado", "", "", (), ()), now=NOW)
    db.session.commit()
    sync_booking(over.id)
    assert zoom.bodies[0]["topic"] == "Intro call: Ana Prado"
    assert len(zoom.meetings) == 1
