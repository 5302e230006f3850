"""Who hears what of a booking that waits for an answer, and that nothing is made before."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar

from bookme import waits
from bookme.bookings import service as bookings
from bookme.bookings.messages.ics import calendar_file
from bookme.bookings.service import Booker
from bookme.extensions import db
from bookme.jobs import timed
from bookme.jobs.sync import sync_booking
from bookme.models import Actor, Booking, BookingStatus, LocationKind
from sandbox.mail.checks import inspect
from tests import factories
from tests.answers import Fault, says
from tests.conftest import NOW
from tests.fake_zoom import FakeZoom
from tests.jobs.conftest import After, connected
from tests.jobs.messages.test_booking import ANA, MARA, Outbox


@pytest.fixture
def outbox(app: Flask) -> Iterator[Outbox]:
    """At the end, a strict mail server has taken all that went out."""
    outbox = Outbox(app)
    yield outbox
    for form in outbox.forms:
        assert inspect(form.made.as_bytes(), form.to, smtp_utf8=False).refusal is None


def booked(**columns: Any) -> Booking:
    """Ana's booking of a Zoom schedule that waits for something, made by the service."""
    video = {"location_kind": LocationKind.VIDEO, "video_provider": "zoom", "address": ""}
    schedule = factories.schedule(**video | columns)
    ana = Booker(name="Ana Costa", email=ANA, zone="Europe/Lisbon")
    at = NOW.replace(day=3, hour=9)
    made = bookings.book(schedule, at, ana, form_key="k", now=NOW)
    db.session.commit()
    connected(made)
    return made


def attached(outbox: Outbox, reader: str) -> list[str]:
    return [one.get_content_type() for one in outbox.last(reader).made.iter_attachments()]


def lapse(booking: Booking) -> None:
    """As the sweep and a worker do, once the time has come."""
    assert booking.lapses_at is not None
    lapses_at, booking_id = booking.lapses_at, booking.id
    db.session.commit()
    timed.wake(lapses_at)
    sync_booking(booking_id)
    sync_booking(booking_id)
    assert timed.wake(lapses_at) == 0


def test_a_request_is_told_to_both_and_nothing_is_made(
    app: Flask, zoom: FakeZoom, outbox: Outbox
) -> None:
    booking = booked(needs_approval=True, answer_minutes=60)
    sync_booking(booking.id)
    assert (zoom.meetings, booking.due_at) == ({}, None)
    assert outbox.kinds(ANA) == ["Requested"]
    assert outbox.kinds(MARA) == ["Answer needed"]
    assert "Mara Lindqvist will answer by Monday, 1 March 2027, 09:00 (Lisbon time)" in (
        outbox.last(ANA).body
    )
    page = f"http://localhost/dashboard/bookings/{booking.reference}"
    assert f"{page}/accept" in outbox.last(MARA).body
    assert f"{page}/decline" in outbox.last(MARA).body
    assert booking.token not in outbox.last(MARA).body
    assert attached(outbox, ANA) == attached(outbox, MARA) == []
    assert "video link" not in outbox.last(ANA).body


def test_an_accepted_request_gets_its_meeting_and_is_confirmed_to_both(
    app: Flask, zoom: FakeZoom, outbox: Outbox
) -> None:
    booking = booked(needs_approval=True)
    sync_booking(booking.id)
    bookings.accept(booking, now=NOW)
    db.session.commit()
    sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Requested", "Confirmed"]
    assert outbox.kinds(MARA) == ["Answer needed", "Confirmed"]
    assert zoom.only()["join_url"] in outbox.last(ANA).body
    event = outbox.calendar(ANA)
    assert (event["X-METHOD"], event["STATUS"], event["SEQUENCE"]) == ("REQUEST", "CONFIRMED", 0)


def test_a_confirmation_waits_for_its_link_from_the_answer_on(
    app: Flask, zoom: FakeZoom, outbox: Outbox, after: After
) -> None:
    booking = booked(needs_approval=True)
    sync_booking(booking.id)
    zoom.fails("POST", *[Fault(says(429))] * 20)
    with after(hours=5):
        bookings.accept(booking, now=NOW.replace(hour=13))
        db.session.commit()
        sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Requested"]
    with after(hours=5, seconds=waits.LINK_PATIENCE.total_seconds()):
        sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Requested", "Confirmed"]


def test_a_declined_request_is_told_with_the_hosts_words(
    app: Flask, zoom: FakeZoom, outbox: Outbox
) -> None:
    booking = booked(needs_approval=True)
    sync_booking(booking.id)
    bookings.decline(booking, reason="I am away.", now=NOW)
    db.session.commit()
    sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Requested", "Declined"]
    assert outbox.kinds(MARA) == ["Answer needed", "Declined"]
    assert "I am away." in outbox.last(ANA).body
    assert "http://localhost/mara/intro" in outbox.last(ANA).body
    assert attached(outbox, ANA) == []
    assert zoom.meetings == {}


def test_a_request_that_lapses_is_told_to_both(
    app: Flask, zoom: FakeZoom, outbox: Outbox, after: After
) -> None:
    booking = booked(needs_approval=True, answer_minutes=60)
    sync_booking(booking.id)
    with after(hours=1):
        lapse(booking)
    assert outbox.kinds(ANA) == ["Requested", "Not answered"]
    assert outbox.kinds(MARA) == ["Answer needed", "Not answered"]
    assert (booking.status, booking.due_at) == (BookingStatus.LAPSED, None)


def test_who_never_heard_of_a_request_is_not_told_of_its_end(
    app: Flask, zoom: FakeZoom, outbox: Outbox, after: After
) -> None:
    booking = booked(needs_approval=True, answer_minutes=60)
    with after(hours=1):
        lapse(booking)
    assert outbox.forms == []


def test_a_request_that_was_withdrawn_is_told_without_a_calendar_file(
    app: Flask, zoom: FakeZoom, outbox: Outbox
) -> None:
    booking = booked(needs_approval=True)
    sync_booking(booking.id)
    bookings.cancel(booking, by=Actor.BOOKER, now=NOW)
    db.session.commit()
    sync_booking(booking.id)
    assert outbox.kinds(MARA) == ["Answer needed", "Cancelled"]
    assert attached(outbox, ANA) == attached(outbox, MARA) == []


def test_accepted_before_anybody_heard_of_the_request_is_told_as_a_booking(
    app: Flask, zoom: FakeZoom, outbox: Outbox
) -> None:
    booking = booked(needs_approval=True)
    bookings.accept(booking, now=NOW)
    db.session.commit()
    sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Confirmed"]
    assert outbox.kinds(MARA) == ["New booking"]


def test_a_moved_request_says_that_it_still_waits(
    app: Flask, zoom: FakeZoom, outbox: Outbox
) -> None:
    booking = booked(needs_approval=True)
    sync_booking(booking.id)
    to = booking.starts_at.replace(hour=10)
    bookings.reschedule(booking, to, by=Actor.BOOKER, now=NOW)
    db.session.commit()
    sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Requested", "Requested, new time"]
    assert "Mara Lindqvist will answer by" in outbox.last(ANA).body
    assert "/accept" in outbox.last(MARA).body
    assert zoom.meetings == {}


def test_what_is_held_for_an_address_is_told_to_that_address_only(
    app: Flask, zoom: FakeZoom, outbox: Outbox
) -> None:
    booking = booked(confirms_email=True)
    sync_booking(booking.id)
    assert [form.to for form in outbox.forms] == [[ANA]]
    assert outbox.kinds(ANA) == ["Confirm your booking"]
    body = outbox.last(ANA).body
    assert "http://localhost/booking/confirm/" in body
    assert booking.token not in body
    assert (attached(outbox, ANA), zoom.meetings) == ([], {})
    bookings.confirm_email(booking, now=NOW)
    db.session.commit()
    sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Confirm your booking", "Confirmed"]
    assert outbox.kinds(MARA) == ["New booking"]
    assert len(zoom.meetings) == 1


def test_a_held_time_that_lapses_bothers_nobody(
    app: Flask, zoom: FakeZoom, outbox: Outbox, after: After
) -> None:
    booking = booked(confirms_email=True)
    sync_booking(booking.id)
    with after(minutes=15):
        lapse(booking)
    assert [form.to for form in outbox.forms] == [[ANA]]
    assert db.session.scalar(db.select(db.func.count(Booking.id))) == 0


def test_a_calendar_file_says_what_is_not_certain_yet(app: Flask) -> None:
    for status, said in (("pending", "TENTATIVE"), ("confirmed", "CONFIRMED"),
                         ("declined", "CANCELLED"), ("lapsed", "CANCELLED")):  # fmt: skip
        booking = factories.booking(
            schedule=factories.schedule(host=factories.host(another=True)), status=status
        )
        file = calendar_file(booking, reader=None, method="PUBLISH", now=NOW)
        (event,) = Calendar.from_ical(file).events
        assert event["STATUS"] == said
