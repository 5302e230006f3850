"""What others do to a booking while its sync is at the provider, and syncs beside each other."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from bookme.bookings.messages.outbox import MessageKind
from bookme.extensions import db
from bookme.jobs.sync import sync_booking
from bookme.models import Booking, BookingStatus, EmailState, MeetingState
from tests import mails
from tests.fake_zoom import FakeZoom, starts_at
from tests.jobs.conftest import change, disconnect, move, reconnect


def once(app: Flask, booking: Booking, act: Callable[[Booking], None]) -> Callable[[str], None]:
    """Something that another process does during the first call."""
    done = threading.Event()
    booking_id = booking.id
    db.session.commit()

    def meanwhile(_method: str) -> None:
        if not done.is_set():
            done.set()
            with app.app_context():  # a session and a connection of its own
                act(db.session.get_one(Booking, booking_id))

    return meanwhile


def test_an_error_after_an_answer_forgets_no_meeting(
    app: Flask, booking: Booking, zoom: FakeZoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking_id = booking.id
    monkeypatch.setattr("bookme.jobs.messages.booking._composed", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sync_booking(booking_id)
    db.session.remove()
    again = db.session.get_one(Booking, booking_id)
    assert zoom.calls == ["POST"]
    assert again.meeting is not None
    assert again.meeting.state is MeetingState.READY
    assert again.meeting.join_url
    assert {(email.state, email.attempts) for email in again.emails} == {(EmailState.WAITING, 0)}


def test_moved_during_the_create(
    app: Flask, booking: Booking, zoom: FakeZoom, hints: list[tuple[str, tuple[int, ...]]]
) -> None:
    zoom.meanwhile = once(app, booking, lambda other: move(other, hours=1))
    sync_booking(booking.id)
    assert zoom.calls == ["POST"]
    assert hints == [("sync.sync_booking", (booking.id,))]
    assert mails.sent(app) == [], "told of a time that is no more"
    sync_booking(booking.id)
    assert zoom.calls == ["POST", "PATCH"]
    assert starts_at(zoom.only()) == booking.starts_at
    assert booking.due_at is None


def test_cancelled_during_the_create(app: Flask, booking: Booking, zoom: FakeZoom) -> None:
    def cancel(other: Booking) -> None:
        change(other, MessageKind.CANCELLED, status=BookingStatus.CANCELLED)

    zoom.meanwhile = once(app, booking, cancel)
    sync_booking(booking.id)
    sync_booking(booking.id)
    assert (zoom.calls, zoom.meetings) == (["POST", "GET", "DELETE"], {})
    assert mails.sent(app) == []


def test_deleted_during_the_create(app: Flask, booking: Booking, zoom: FakeZoom) -> None:
    def delete(other: Booking) -> None:
        db.session.delete(other)
        db.session.commit()

    zoom.meanwhile = once(app, booking, delete)
    sync_booking(booking.id)
    db.session.expunge_all()
    assert db.session.get(Booking, 1) is None


def test_connected_during_a_sync_that_saw_no_connection(
    app: Flask, booking: Booking, zoom: FakeZoom
) -> None:
    disconnect(booking)
    sync_booking(booking.id)
    assert booking.due_at is None
    reconnect(booking)
    assert booking.due_at is not None


def test_a_lost_lease_writes_nothing_and_says_nothing(
    app: Flask, booking: Booking, zoom: FakeZoom
) -> None:
    def take_over(other: Booking) -> None:
        other.lease_holder = "somebody else"
        db.session.commit()

    zoom.meanwhile = once(app, booking, take_over)
    sync_booking(booking.id)
    db.session.expire_all()
    assert booking.meeting is not None
    assert booking.meeting.external_id is None
    assert booking.meeting.attempted_at is not None, "the next one has to settle it"
    assert booking.lease_holder == "somebody else"
    assert mails.sent(app) == []


def test_a_sync_during_a_sync_does_nothing(app: Flask, booking: Booking, zoom: FakeZoom) -> None:
    zoom.meanwhile = once(app, booking, lambda other: sync_booking(other.id))
    sync_booking(booking.id)
    assert zoom.calls == ["POST"]
    assert len(mails.sent(app)) == 2


def test_many_syncs_at_once_make_one_meeting(app: Flask, booking: Booking, zoom: FakeZoom) -> None:
    booking_id, start = booking.id, threading.Barrier(8)
    db.session.commit()

    def work() -> None:
        with app.app_context():
            start.wait(10)
            sync_booking(booking_id)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    db.session.expire_all()
    assert booking.meeting is not None
    assert booking.meeting.state is MeetingState.READY
    assert zoom.calls == ["POST"]
    assert len(mails.sent(app)) == 2


def test_the_lease_outlives_any_job() -> None:
    from bookme import queue, waits

    assert timedelta(seconds=queue.JOB_TIMEOUT) / waits.FACTOR < waits.BOOKING_LEASE
