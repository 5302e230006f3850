"""The end of an account: everybody is told, and then nothing is left."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from bookme import waits
from bookme.accounts import closing as accounts
from bookme.extensions import db
from bookme.jobs import closing
from bookme.jobs.messages.booking import send_email
from bookme.jobs.processes import sweep
from bookme.jobs.sync import sync_booking
from bookme.models import (
    Actor,
    Attendee,
    Booking,
    BookingEvent,
    BookingStatus,
    Connection,
    Email,
    Hold,
    Meeting,
    Schedule,
    Session,
    User,
)
from tests import factories, mails
from tests.factories import NOW
from tests.jobs.conftest import After
from tests.jobs.zoom import FakeZoom

OF_HOSTS = (Attendee, Booking, BookingEvent, Connection, Email, Hold, Meeting, Schedule, Session)
Hints = list[tuple[str, tuple[int, ...]]]


@pytest.fixture
def host(booking: Booking) -> User:
    """Mara, connected to Zoom, with one coming booking, whose account is ending."""
    accounts.begin(booking.host, now=NOW)
    db.session.commit()
    return booking.host


@pytest.fixture
def outbox(app: Flask) -> list[Any]:
    return mails.sent(app)


def counts() -> dict[str, int]:
    found = {}
    for model in (*OF_HOSTS, User):
        count = db.session.scalar(sa.select(sa.func.count()).select_from(model))
        if count:
            found[model.__name__] = count
    db.session.rollback()
    return found


def send_all() -> None:
    for email_id in db.session.scalars(sa.select(Email.id).where(Email.booking_id.is_(None))):
        send_email(email_id)


def revoked(zoom: FakeZoom) -> list[str]:
    """Let Zoom take revocations; the bodies of those that come."""
    bodies: list[str] = []

    def answer(request: Any) -> tuple[int, dict[str, str], str]:
        body = request.body
        bodies.append(body.decode() if isinstance(body, bytes) else body)
        return 200, {}, '{"status": "success"}'

    zoom.mock.add_callback("POST", "https://zoom.us/oauth/revoke", answer)
    return bodies


def test_bookers_are_told_meetings_deleted_and_then_nothing_is_left(
    app: Flask, booking: Booking, zoom: FakeZoom, outbox: list[Any], hints: Hints
) -> None:
    sync_booking(booking.id)
    assert len(zoom.meetings) == 1
    revocations, host_id, booking_id = revoked(zoom), booking.host_id, booking.id
    accounts.begin(booking.host, now=NOW)
    db.session.commit()
    outbox.clear()

    closing.close_account(host_id)
    assert booking.status is BookingStatus.CANCELLED
    assert booking.cancelled_by is Actor.HOST
    assert ("sync.sync_booking", (booking_id,)) in hints
    assert counts()["User"] == 1, "the booker is not told yet"

    sync_booking(booking_id)
    assert zoom.meetings == {}
    closing.close_account(host_id)
    assert counts()["User"] == 1, "the host is not told yet"
    assert revocations == []

    send_all()
    closing.close_account(host_id)
    assert counts() == {}
    assert len(revocations) == 1
    assert "access" in revocations[0]
    told = [form.to for form in outbox]
    assert told.count(["ana@example.com"]) == 1
    assert ["mara@example.com"] in told
    closing.close_account(host_id)


def test_a_mail_server_that_is_away_delays_it_by_an_hour_at_most(
    host: User, zoom: FakeZoom, after: After
) -> None:
    revoked(zoom)
    host_id = host.id
    with after(seconds=waits.CLOSING_PATIENCE.total_seconds() - 1):
        closing.close_account(host_id)
        assert counts()["User"] == 1
    with after(seconds=waits.CLOSING_PATIENCE.total_seconds()):
        closing.close_account(host_id)
    assert counts() == {}


def test_past_bookings_and_their_meetings_are_not_touched_at_zoom(
    host: User, zoom: FakeZoom, after: After
) -> None:
    revoked(zoom)
    with after(days=2):  # all of it is over, and the patience too
        closing.close_account(host.id)
    assert counts() == {}
    assert zoom.methods == []


def test_nothing_of_another_host_is_touched(host: User, zoom: FakeZoom, after: After) -> None:
    revoked(zoom)
    other = factories.host(another=True)
    theirs = factories.booking(schedule=factories.schedule(host=other))
    with after(hours=1):
        closing.close_account(host.id)
        closing.close_account(other.id)
    assert theirs.status is BookingStatus.CONFIRMED
    assert {User.__name__, "Schedule", "Booking", "Hold", "Attendee"} == set(counts())


def test_zoom_not_answering_does_not_keep_the_data(
    host: User, zoom: FakeZoom, after: After
) -> None:
    zoom.mock.post("https://zoom.us/oauth/revoke", status=503)
    with after(hours=1):
        closing.close_account(host.id)
    assert counts() == {}


def test_the_files_of_the_database_forget_too(
    app: Flask, host: User, zoom: FakeZoom, after: After, tmp_path: Path
) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's files are its own")
    revoked(zoom)
    files = [path for path in tmp_path.iterdir() if path.name.startswith("bookme.sqlite")]
    words = (b"mara@example.com", b"Lindqvist", b"ana@example.com", b"Costa")

    def left() -> set[bytes]:
        found = b"".join(path.read_bytes() for path in files if path.exists())
        return {word for word in words if word in found}

    assert left() == set(words)
    with after(hours=1):
        closing.close_account(host.id)
    assert left() == set()


def test_the_sweep_finds_it_and_does_not_flood_the_queue(
    app: Flask, host: User, hints: Hints, after: After
) -> None:
    job = ("closing.close_account", (host.id,))
    sweep.sweep_once(NOW)
    sweep.sweep_once(NOW + timedelta(seconds=15))
    assert hints.count(job) == 1
    sweep.sweep_once(NOW + waits.QUEUED_FOR)
    assert hints.count(job) == 2


def test_a_host_who_asked_for_nothing_is_safe(booking: Booking, zoom: FakeZoom) -> None:
    closing.close_account(booking.host_id)
    assert booking.status is BookingStatus.CONFIRMED
    closing.close_account(4711)
