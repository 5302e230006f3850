"""What is left of an erased booker: nothing, in any byte."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bookme import keeping, wal
from bookme.extensions import db
from bookme.jobs.processes.chores import truncate_log
from bookme.models import Actor, Booking, BookingStatus, Chore
from tests import factories
from tests.accounts import steps
from tests.factories import NOW, PASSWORD
from tests.test_wal import begin_reading, kept_bytes

AsHost = Callable[..., FlaskClient]
#: What a booker has said of themselves.
WORDS = ["Ottilie Quux", "ottilie@quux.example", "a note about my knee", "my knee is worse"]


@pytest.fixture
def booking(app: Flask) -> Booking:
    """Past, and cancelled by its booker."""
    made: Booking = factories.booking(
        starts_at=NOW - timedelta(days=3),
        status=BookingStatus.CANCELLED,
        cancelled_by=Actor.BOOKER,
        cancel_reason=WORDS[3],
    )
    (person,) = made.attendees
    person.name, person.email, person.notes = WORDS[:3]
    db.session.commit()
    return made


def left(folder: Path) -> list[str]:
    everything = kept_bytes(folder)
    return [word for word in WORDS if word.encode() in everything]


def erase(as_host: AsHost, booking: Booking) -> None:
    path = f"/dashboard/bookings/{booking.reference}/erase"
    assert as_host(booking.host).post(path).status_code == 303


def test_an_erased_booker_is_in_no_byte(booking: Booking, as_host: AsHost, tmp_path: Path) -> None:
    assert left(tmp_path) == WORDS
    erase(as_host, booking)
    assert left(tmp_path) == []


def test_a_log_that_somebody_reads_is_emptied_by_the_sweep(
    booking: Booking, as_host: AsHost, tmp_path: Path
) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("SQLite's own log")
    reader = sqlite3.connect(tmp_path / "bookme.sqlite", isolation_level=None)
    begin_reading(reader)
    erase(as_host, booking)
    assert left(tmp_path) == WORDS
    assert not truncate_log()
    reader.execute("ROLLBACK").close()
    assert truncate_log()
    assert left(tmp_path) == []
    reader.close()


def test_the_address_that_a_host_had_before_is_in_no_byte_once_it_is_told(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    old = factories.host(email="mara@quux.example").email
    steps.sign_in(client, old)
    client.post("/account/email", data={"new_email": "new@example.com", "password": PASSWORD})
    client.post(steps.path_in("change_email"))
    assert old.encode() not in kept_bytes(tmp_path)


def test_a_sign_up_that_is_forgotten_owes_the_emptying_too(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("SQLite's own log")
    factories.host(email_confirmed_at=None)
    keeping.forget_old(NOW + timedelta(days=29))
    assert db.session.get(Chore, wal.CHORE) is None
    keeping.forget_old(NOW + timedelta(days=31))
    assert db.session.get(Chore, wal.CHORE) is not None
    db.session.rollback()
