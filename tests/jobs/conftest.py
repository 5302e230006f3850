"""A connected host with a booking, Zoom at the wire, and the mail that went out."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any, Protocol

import pytest
import responses
import time_machine
from flask import Flask

from bookme.bookings.messages.outbox import MessageKind, owe
from bookme.connections import service as connections
from bookme.connections.grants import seals
from bookme.extensions import db
from bookme.models import Booking, Connection, ConnectionStatus
from bookme.providers.http.grant import Grant
from bookme.providers.zoom.client import SCOPES as ZOOM_SCOPES
from tests import factories
from tests.conftest import NOW
from tests.jobs.google import FakeGoogle

GRANT = Grant("access", "refresh", 90 * 86400, frozenset(ZOOM_SCOPES))


class After(Protocol):
    def __call__(self, **length: float) -> AbstractContextManager[Any]: ...


@pytest.fixture
def google(app: Flask) -> Iterator[FakeGoogle]:
    """Google Calendar, as ``zoom``."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        fake = FakeGoogle(mock, db.session())
        yield fake
        assert fake.open_transactions == 0


@pytest.fixture
def booking(app: Flask) -> Booking:
    """Ana's booking with Mara, who is connected to Zoom; due, with its confirmation owed."""
    made = video_booking()
    connected(made)
    return made


@pytest.fixture
def after() -> After:
    """``with after(seconds=30):`` the clock stops so long after NOW."""
    return lambda **length: time_machine.travel(NOW + timedelta(**length), tick=False)


def video_booking(**columns: Any) -> Booking:
    """A booking at Zoom as the service leaves it: due, with its confirmation owed."""
    made: Booking = factories.booking(**{"video_provider": "zoom", "due_at": NOW} | columns)
    owe(made, MessageKind.BOOKED, now=NOW)
    db.session.commit()
    return made


def connected(booking: Booking, **columns: Any) -> Connection:
    """Connect the host to Zoom, an hour before NOW, with a token good for months."""
    seal_id = f"seal{booking.host_id}{columns.pop('again', '')}"
    defaults = {
        "host_id": booking.host_id,
        "provider": "zoom",
        "status": ConnectionStatus.ACTIVE,
        "seal_id": seal_id,
        "connected_at": NOW - timedelta(hours=1),
        "refreshed_at": NOW - timedelta(hours=1),
        "generation": 1,
    }
    made = Connection(**(defaults | seals.pair(seal_id, GRANT, now=NOW) | columns))
    db.session.add(made)
    db.session.commit()
    return made


def change(booking: Booking, kind: MessageKind, *, now: Any = NOW, **columns: Any) -> None:
    """Change a booking as the service does."""
    for name, value in columns.items():
        setattr(booking, name, value)
    booking.change(now)
    owe(booking, kind, now=now)
    db.session.commit()


def move(booking: Booking, **length: float) -> None:
    """Move a booking by so much."""
    by = timedelta(**length)
    starts_at, ends_at = booking.starts_at + by, booking.ends_at + by
    change(booking, MessageKind.MOVED, starts_at=starts_at, ends_at=ends_at)


def lose_grant(booking: Booking) -> Connection:
    connection = connections.live(booking.host_id, "zoom")
    assert connection is not None
    connection.status = ConnectionStatus.NEEDS_RECONNECT
    db.session.commit()
    return connection


def disconnect(booking: Booking) -> None:
    lose_grant(booking).status = ConnectionStatus.INACTIVE
    db.session.commit()


def reconnect(booking: Booking, now: Any = NOW) -> None:
    """As the callback does: another connection, and what waited is due."""
    connected(booking, again=now.isoformat(), connected_at=now)
    connections.make_due(booking.host_id, "zoom", now=now)
    db.session.commit()
