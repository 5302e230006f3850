"""A sync that is killed anywhere: whoever comes next brings everything to the same end."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from bookme.bookings.messages.outbox import MessageKind
from bookme.extensions import db
from bookme.jobs.sync import sync_booking
from bookme.models import Booking, BookingStatus, Email, EmailState, MeetingState
from tests import mails
from tests.answers import Fault, Killed
from tests.conftest import NOW
from tests.fake_zoom import FakeZoom, starts_at
from tests.jobs.conftest import After, change, connected, move, video_booking
from tests.kept import Moment

#: More commits than any sync makes.
MOST = 30


@contextmanager
def killed_at(number: int, when: str) -> Iterator[list[int]]:
    """The process ends at its commit of this number, or when it begins a transaction again."""
    seen: list[int] = []

    def kill(*_: Any) -> None:
        seen.append(1)
        if len(seen) == number:
            raise Killed

    session = db.session()
    sa.event.listen(session, when, kill)
    try:
        yield seen
    finally:
        sa.event.remove(session, when, kill)


def converge(booking_id: int, after: After) -> None:
    """What the sweep does after the crash: it queues the row whenever it is due."""
    for _ in range(10):
        db.session.rollback()
        due_at = db.session.scalar(sa.select(Booking.due_at).where(Booking.id == booking_id))
        db.session.commit()
        if due_at is None:
            return
        with after(seconds=max((due_at - NOW).total_seconds(), 0)):
            sync_booking(booking_id)
    pytest.fail("does not come to rest")


def prepare(kind: str, zoom: FakeZoom) -> Booking:
    """A booking with its first sync ahead, or one that was moved or cancelled after that."""
    booking = video_booking()
    connected(booking)
    if kind == "book":
        return booking
    sync_booking(booking.id)
    if kind == "lost":
        zoom.lose()
    if kind == "cancel":
        change(booking, MessageKind.CANCELLED, status=BookingStatus.CANCELLED)
    else:
        move(booking, hours=1)
    return booking


def assert_right(booking: Booking, zoom: FakeZoom, outbox: list[Any]) -> None:
    db.session.expire_all()
    meeting = booking.meeting
    assert meeting is not None
    assert booking.lease_holder is None
    if booking.is_confirmed:
        assert meeting.external_id == str(zoom.only()["id"])
        assert starts_at(zoom.only()) == booking.starts_at
        assert meeting.state is MeetingState.READY
    else:
        assert (zoom.meetings, meeting.state) == ({}, MeetingState.REMOVED)
    states = {email.state for email in booking.emails}
    assert states <= {EmailState.SENT, EmailState.DROPPED}
    told = {str(form.made["Message-ID"]): form for form in outbox}
    kept = db.session.scalars(sa.select(Email).where(Email.state == EmailState.SENT)).all()
    assert {f"<{email.dedupe_key}@localhost>" for email in kept} <= set(told)
    for to in ("ana@example.com", "mara@example.com"):
        last = [form for form in outbox if form.to == [to]][-1]
        assert ("Cancelled" in last.subject) is not booking.is_confirmed


#: `make check` kills the first kind only, at every commit.
WHOLE = pytest.mark.whole
KINDS = ["book", "move", "lost", "cancel"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("when", ["before_commit", "after_begin"])
@pytest.mark.parametrize("kind", [KINDS[0], *(pytest.param(k, marks=WHOLE) for k in KINDS[1:])])
def test_killed_between_any_two_calls(
    app: Flask, zoom: FakeZoom, after: After, kind: str, when: str
) -> None:
    outbox = mails.sent(app)
    booking_id = prepare(kind, zoom).id
    moment, told = Moment(zoom.meetings), list(outbox)
    for number in range(1, MOST):
        moment.back()
        outbox[:] = told
        with killed_at(number, when) as seen, suppress(Killed):
            sync_booking(booking_id)
        converge(booking_id, after)
        assert_right(booking_of(booking_id), zoom, outbox)
        if len(seen) < number:
            return
    pytest.fail("a sync takes more transactions than thought")


def booking_of(booking_id: int) -> Booking:
    found = db.session.get(Booking, booking_id)
    assert found is not None
    return found


@pytest.mark.parametrize("done", [True, False], ids=["after its effect", "before its effect"])
@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("book", "POST"),
        ("move", "PATCH"),
        ("lost", "PATCH"),
        ("lost", "POST"),
        ("cancel", "DELETE"),
    ],
)
def test_killed_at_any_call(
    app: Flask, zoom: FakeZoom, after: After, kind: str, method: str, done: bool
) -> None:
    outbox = mails.sent(app)
    booking = prepare(kind, zoom)
    zoom.fails(method, Fault(Killed(), done=done))
    with pytest.raises(Killed):
        sync_booking(booking.id)
    converge(booking.id, after)
    assert_right(booking, zoom, outbox)


@pytest.mark.parametrize("method", ["LIST", "GET"])
@pytest.mark.parametrize("cancelled", [True, False], ids=["cancelled", "confirmed"])
def test_killed_while_settling(
    app: Flask, zoom: FakeZoom, after: After, method: str, cancelled: bool
) -> None:
    outbox = mails.sent(app)
    booking = prepare("book", zoom)
    zoom.fails("POST", Fault(TimeoutError(), done=True))
    zoom.fails(method, Fault(Killed()))
    sync_booking(booking.id)
    if cancelled:
        change(booking, MessageKind.CANCELLED, status=BookingStatus.CANCELLED)
    with after(seconds=30), suppress(Killed):
        sync_booking(booking.id)
    converge(booking.id, after)
    if not cancelled:
        assert_right(booking, zoom, outbox)
    else:
        assert zoom.meetings == {}
        assert outbox == [], "nobody was told of the booking, so nobody is told of its end"


def test_a_killed_sync_keeps_the_booking_until_its_lease_ends(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    zoom.fails("POST", Fault(Killed()))
    with pytest.raises(Killed):
        sync_booking(booking.id)
    db.session.rollback()
    with after(seconds=60):
        sync_booking(booking.id)
    assert zoom.calls == ["POST"]
    assert booking.due_at == booking.lease_until == NOW + timedelta(seconds=120)
