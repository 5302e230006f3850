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
from tests.answers import says
from tests.connections.making import sent_statements
from tests.factories import NOW
from tests.fake_zoom import FakeZoom
from tests.jobs.conftest import After

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


def test_bookers_are_told_meetings_deleted_and_then_nothing_is_left(
    app: Flask, booking: Booking, zoom: FakeZoom, outbox: list[Any], hints: Hints
) -> None:
    sync_booking(booking.id)
    assert len(zoom.meetings) == 1
    host_id, booking_id = booking.host_id, booking.id
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
    assert "revoke" not in zoom.calls

    send_all()
    closing.close_account(host_id)
    assert counts() == {}
    assert [form["token"] for form in zoom.forms] == ["access"]
    told = [form.to for form in outbox]
    assert told.count(["ana@example.com"]) == 1
    assert ["mara@example.com"] in told
    closing.close_account(host_id)


def test_a_mail_server_that_is_away_delays_it_by_an_hour_at_most(
    host: User, zoom: FakeZoom, after: After
) -> None:
    host_id = host.id
    with after(seconds=waits.CLOSING_PATIENCE.total_seconds() - 1):
        closing.close_account(host_id)
        assert counts()["User"] == 1
    with after(seconds=waits.CLOSING_PATIENCE.total_seconds()):
        closing.close_account(host_id)
    assert counts() == {}


def test_the_host_is_locked_before_rows_go(host: User, zoom: FakeZoom, after: After) -> None:
    host_id = host.id
    with after(hours=1), sent_statements() as sent:
        closing.close_account(host_id)
    first = next(nth for nth, one in enumerate(sent) if one.startswith("DELETE FROM booking"))
    is_locked = sent[first - 1].endswith("FOR NO KEY UPDATE")
    assert is_locked is (db.engine.dialect.name == "postgresql")


def test_past_bookings_and_their_meetings_are_not_touched_at_zoom(
    host: User, zoom: FakeZoom, after: After
) -> None:
    with after(days=2):  # all of it is over, and the patience too
        closing.close_account(host.id)
    assert counts() == {}
    assert zoom.calls == ["revoke"]


def test_nothing_of_another_host_is_touched(host: User, zoom: FakeZoom, after: After) -> None:
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
    zoom.fails("revoke", says(503))
    with after(hours=1):
        closing.close_account(host.id)
    assert counts() == {}


def test_the_files_of_the_database_forget_too(
    app: Flask, host: User, zoom: FakeZoom, after: After, tmp_path: Path
) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's files are its own")
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
