from datetime import timedelta

import pytest
from flask import Flask

from bookme.bookings import service as bookings
from bookme.bookings.messages.outbox import MessageKind, owe
from bookme.errors import StillToCome
from bookme.extensions import db
from bookme.models import Actor, Attendee, Booking, BookingStatus, Email, EventKind
from tests import factories

NOW = factories.NOW
PAST = NOW - timedelta(days=3)


def past(**columns: object) -> Booking:
    booking: Booking = factories.booking(starts_at=PAST, **columns)
    owe(booking, MessageKind.BOOKED, now=PAST)
    db.session.commit()
    return booking


def test_a_person_is_erased_and_the_booking_stays(app: Flask) -> None:
    booking = past()
    assert bookings.erase_booker(booking.host, " Ana@Example.com ", now=NOW) == 1
    db.session.commit()
    assert booking.booker is None
    assert db.session.scalars(db.select(Attendee)).all() == []
    assert [email.user for email in db.session.scalars(db.select(Email))] == [booking.host]
    assert booking.events[-1].kind is EventKind.ERASED


def test_words_of_the_person_go_too(app: Flask) -> None:
    booking = past(
        status=BookingStatus.CANCELLED,
        cancelled_by=Actor.BOOKER,
        cancel_reason="My knee",
        video_provider="zoom",
    )
    assert booking.meeting is not None
    booking.meeting.sent = {"topic": "Intro call with Ana Costa"}
    db.session.commit()
    bookings.erase_booker(booking.host, "ana@example.com", now=NOW)
    db.session.commit()
    assert booking.cancel_reason == ""
    assert booking.meeting.sent == {"topic": ""}


def test_the_hosts_own_words_stay(app: Flask) -> None:
    booking = past(
        status=BookingStatus.CANCELLED, cancelled_by=Actor.HOST, cancel_reason="I was ill"
    )
    bookings.erase_booker(booking.host, "ana@example.com", now=NOW)
    assert booking.cancel_reason == "I was ill"


def test_a_booking_to_come_must_be_cancelled_first(app: Flask) -> None:
    booking = factories.booking()
    with pytest.raises(StillToCome):
        bookings.erase_booker(booking.host, "ana@example.com", now=NOW)
    bookings.cancel(booking, by=Actor.HOST, now=NOW)
    assert bookings.erase_booker(booking.host, "ana@example.com", now=NOW) == 1


def test_other_people_and_other_hosts_bookings_are_left_alone(app: Flask) -> None:
    booking = past()
    other = factories.schedule(host=factories.host(another=True))
    elsewhere = past(schedule=other)
    assert bookings.erase_booker(booking.host, "bo@example.com", now=NOW) == 0
    assert bookings.erase_booker(booking.host, "ana@example.com", now=NOW) == 1
    db.session.expire_all()
    assert elsewhere.booker is not None
