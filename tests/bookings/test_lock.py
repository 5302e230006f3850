"""Each verb of a booking locks its host before it looks at anything: the constraint alone ends in
deadlocks, and what was read before the lock may be old. SQLite has locked all there is as the
transaction began (``tests/test_database.py``), and is asked nothing for it.
"""

from collections.abc import Callable

import pytest
from flask import Flask

from bookme.bookings import service as bookings
from bookme.bookings.service import Booker
from bookme.extensions import db
from bookme.models import Actor, Booking
from tests import factories
from tests.connections.making import sent_statements

NOW = factories.NOW
BO = Booker(name="Bo", email="bo@example.com", zone="UTC")


def book(booking: Booking) -> None:
    at = booking.starts_at.replace(hour=10)
    bookings.book(booking.schedule, at, BO, form_key="key", now=NOW)


def move(booking: Booking) -> None:
    bookings.reschedule(booking, booking.starts_at.replace(hour=10), by=Actor.HOST, now=NOW)


def accept(booking: Booking) -> None:
    bookings.accept(booking, now=NOW)


def confirm_email(booking: Booking) -> None:
    bookings.confirm_email(booking, now=NOW)


def lapse(booking: Booking) -> None:
    bookings.lapse(booking, now=NOW)


def cancel(booking: Booking) -> None:
    bookings.cancel(booking, by=Actor.HOST, now=NOW)


@pytest.mark.parametrize("verb", [book, move, cancel, accept, confirm_email, lapse])
def test_the_host_is_locked_before_anything_is_read(
    app: Flask, verb: Callable[[Booking], None]
) -> None:
    booking = factories.booking()
    assert booking.schedule.host_id == booking.host_id  # loaded here, and not by the verb
    with sent_statements() as sent:
        verb(booking)
    if db.engine.dialect.name == "postgresql":
        assert "FROM user" in sent[0].replace('"', "")
        assert sent[0].endswith("FOR NO KEY UPDATE")
    else:
        assert "FROM booking" in sent[0]


@pytest.mark.parametrize("verb", [move, cancel, accept, confirm_email, lapse])
def test_the_booking_is_read_again_under_the_lock(
    app: Flask, verb: Callable[[Booking], None]
) -> None:
    booking = factories.booking()
    assert booking.schedule.host_id == booking.host_id
    with sent_statements() as sent:
        verb(booking)
    assert "FROM booking" in sent[db.engine.dialect.name == "postgresql"]
