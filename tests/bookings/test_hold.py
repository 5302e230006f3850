"""Holds of one host never overlap, whatever code writes them."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from bookme.extensions import db
from bookme.models import Booking, Hold
from tests import factories

BEGIN = factories.NOW


def at(minute: int) -> datetime:
    return BEGIN + timedelta(minutes=minute)


def hold(booking: Booking, begin: int, end: int) -> Hold:
    return Hold(host=booking.host, booking=booking, starts_at=at(begin), ends_at=at(end))


@pytest.fixture
def booking(app: Flask) -> Booking:
    """Holds minutes 60 to 90."""
    booking: Booking = factories.booking(starts_at=at(60))
    return booking


def another(booking: Booking, minute: int) -> Booking:
    other: Booking = factories.booking(schedule=booking.schedule, starts_at=at(minute))
    return other


OVERLAPPING = pytest.mark.parametrize(
    ("begin", "end"),
    [(60, 90), (61, 89), (50, 100), (89, 120), (30, 61)],
    ids=["the same", "inside", "around", "its end", "its beginning"],
)


@OVERLAPPING
def test_no_overlapping_hold_can_be_inserted(booking: Booking, begin: int, end: int) -> None:
    late = another(booking, 600)
    with pytest.raises(IntegrityError, match="ex_hold_overlap"):
        db.session.execute(
            db.insert(Hold).values(
                host_id=late.host_id, booking_id=late.id, starts_at=at(begin), ends_at=at(end)
            )
        )
    db.session.rollback()


@OVERLAPPING
def test_no_hold_can_be_updated_onto_another(booking: Booking, begin: int, end: int) -> None:
    late = another(booking, 600)
    with pytest.raises(IntegrityError, match="ex_hold_overlap"):
        db.session.execute(
            db.update(Hold)
            .where(Hold.booking_id == late.id)
            .values(starts_at=at(begin), ends_at=at(end))
        )
    db.session.rollback()


@pytest.mark.parametrize(("begin", "end"), [(0, 60), (90, 91)], ids=["before", "after"])
def test_holds_may_touch(booking: Booking, begin: int, end: int) -> None:
    db.session.add(hold(booking, begin, end))
    db.session.commit()


def test_a_hold_may_move_within_its_own_time(booking: Booking) -> None:
    assert booking.hold is not None
    booking.hold.starts_at = at(70)
    db.session.commit()
    assert booking.hold.starts_at == at(70)


def test_hosts_hold_their_own_time(booking: Booking) -> None:
    elsewhere = factories.schedule(host=factories.host(another=True))
    assert factories.booking(schedule=elsewhere, starts_at=at(60)).hold is not None
