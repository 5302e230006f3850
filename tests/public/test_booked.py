"""A booking that is read as columns is the one that a session would load."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm.exc import DetachedInstanceError

from bookme.extensions import db
from bookme.models import Attendee, Booking, BookingStatus, Picture, Role
from bookme.public import booked
from tests import factories
from tests.public.pages import text
from tests.statements import statements

pytestmark = pytest.mark.both_databases


@pytest.fixture
def booking(app: Flask) -> Booking:
    """With all that may hang on it: a picture, a meeting, guests."""
    made: Booking = factories.booking(video_provider="zoom")
    made.host.picture = Picture(digest="d" * 64, small=b"s", large=b"l", made_at=factories.NOW)
    for number in range(2):
        one = {"role": Role.GUEST, "name": f"Bo {number}", "email": f"bo{number}@example.com"}
        made.attendees.append(Attendee(zone="UTC", **one))
    db.session.commit()
    return made


def columns(one: Any) -> dict[str, Any]:
    names = sa.inspect(type(one)).columns.keys()
    return {name: vars(one)[name] for name in names if name in vars(one)}


def test_all_that_is_read_is_as_the_session_has_it(booking: Booking) -> None:
    token = booking.token
    with statements() as said:
        found = booked.read(token)
    assert found is not None
    assert len(said) == 1
    theirs = db.session.get_one(Booking, found.id)
    pairs: list[tuple[Any, Any]] = [
        *((found, theirs), (found.host, theirs.host), (found.host.picture, theirs.host.picture)),
        *((found.schedule, theirs.schedule), (found.meeting, theirs.meeting)),
        *zip(found.attendees, theirs.attendees, strict=True),
    ]
    for mine, other in pairs:
        assert columns(mine)
        assert columns(mine) == {name: getattr(other, name) for name in columns(mine)}
    assert found.schedule.host is found.host
    assert [one.name for one in found.guests] == ["Bo 0", "Bo 1"]


def test_what_was_not_read_is_an_error(booking: Booking) -> None:
    found = booked.read(booking.token)
    assert found is not None
    for one, name in ((found, "events"), (found.host, "email"), (found.booker, "host_notes")):
        with pytest.raises(DetachedInstanceError):
            getattr(one, name)


def test_what_is_held_or_unknown_is_not_read(booking: Booking) -> None:
    assert booked.read("x" * 32) is None
    booking.status = BookingStatus.HELD
    db.session.commit()
    assert booked.read(booking.token) is None


def test_a_booking_without_picture_meeting_and_people_has_none(app: Flask) -> None:
    booking = factories.booking()
    booking.attendees.clear()
    db.session.commit()
    found = booked.read(booking.token)
    assert found is not None
    assert (found.meeting, found.host.picture, found.attendees) == (None, None, [])


def test_its_page_is_made_of_it_whatever_has_become_of_it(
    client: FlaskClient, booking: Booking
) -> None:
    address, token = f"/booking/{booking.token}", booking.token
    for status in set(BookingStatus) - {BookingStatus.HELD}:
        booking.status, booking.schedule.deleted_at = status, factories.NOW
        booking.created_at = factories.NOW - timedelta(days=1)
        db.session.commit()
        for query in ("", "?done=0", "?embed=1"):
            assert "Intro call with Mara Lindqvist" in text(client.get(address + query))
    db.session.expire_all()
    assert booking.token == token
