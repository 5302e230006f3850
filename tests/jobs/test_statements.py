"""How often a sync asks the database. What it takes is time in which others wait for their turn."""

from flask import Flask

from bookme.extensions import db
from bookme.jobs.sync import sync_booking
from bookme.models import Booking, EmailState
from tests import mails
from tests.fake_zoom import FakeZoom
from tests.statements import statements


def test_a_sync_with_its_meeting_and_both_mails(
    app: Flask, booking: Booking, zoom: FakeZoom
) -> None:
    booking_id = booking.id
    with statements() as asked:
        sync_booking(booking_id)
    assert zoom.calls == ["POST"]
    assert len(mails.sent(app)) == 2
    made = db.session.get_one(Booking, booking_id)
    assert {email.state for email in made.emails} == {EmailState.SENT}
    assert len(asked) <= 28


def test_a_sync_that_finds_nothing_to_do(app: Flask, booking: Booking, zoom: FakeZoom) -> None:
    sync_booking(booking.id)
    booking_id = booking.id
    with statements() as asked:
        sync_booking(booking_id)
    assert len(asked) == 2, "is it due, or in a moment?"
