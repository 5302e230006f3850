"""Whatever instant a provider names for trying again, nothing is parked by it."""

from datetime import timedelta

import pytest
from flask import Flask

from bookme import waits
from bookme.connections import service as connections
from bookme.extensions import db
from bookme.jobs.calendars import reading
from bookme.jobs.sync import sync_booking
from bookme.models import Booking, CalendarEntry
from tests import factories
from tests.answers import Fault, says
from tests.conftest import NOW
from tests.fake_zoom import FakeZoom
from tests.jobs.calendars.cloud_calendars import host_with_calendar
from tests.jobs.google import FakeGoogle

#: A year, an absurd year, and what is no instant to wait for.
NAMED = [
    "31536000",
    "99999999999999999999",
    "9" * 5000,
    "2099-01-01T00:00:00Z",
    "Fri, 01 Jan 2100 00:00:00 GMT",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "-5",
    "0",
    "nan",
    "inf",
    "1e9",
    "",
]

#: What is written is held to be a usual instant.
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@ONE_DATABASE
@pytest.mark.parametrize("named", NAMED)
@pytest.mark.parametrize("status", [429, 503])
def test_a_meeting_is_tried_within_an_hour(
    booking: Booking, zoom: FakeZoom, named: str, status: int
) -> None:
    zoom.fails("POST", Fault(says(status, {"code": 429}, **{"Retry-After": named})))
    sync_booking(booking.id)
    db.session.expire_all()
    assert booking.meeting is not None
    again = booking.meeting.next_attempt_at
    assert again is not None
    assert NOW < again <= NOW + waits.LAST_RETRY
    assert booking.due_at is not None
    assert booking.due_at <= NOW + waits.LAST_RETRY


@ONE_DATABASE
@pytest.mark.parametrize("named", NAMED)
def test_a_daily_limit_lasts_a_day_at_most(booking: Booking, zoom: FakeZoom, named: str) -> None:
    limit = {"Retry-After": named, "X-RateLimit-Type": "Daily-limit"}
    zoom.fails("POST", Fault(says(429, {"code": 429}, **limit)))
    sync_booking(booking.id)
    connection = connections.live(booking.host_id, "zoom")
    assert connection is not None
    assert connection.blocked_until is not None
    assert connection.blocked_until <= NOW + timedelta(hours=25)


@ONE_DATABASE
@pytest.mark.parametrize("named", NAMED)
def test_an_entry_is_tried_within_an_hour(app: Flask, google: FakeGoogle, named: str) -> None:
    of = host_with_calendar(is_checked=False)
    booking: Booking = factories.booking(schedule=factories.schedule(host=of.host), due_at=NOW)
    booking.entry = CalendarEntry(provider="google")
    db.session.commit()
    google.fails("POST", Fault(says(503, {}, **{"Retry-After": named})))
    sync_booking(booking.id)
    db.session.expire_all()
    assert booking.entry.next_attempt_at is not None
    assert NOW < booking.entry.next_attempt_at <= NOW + waits.LAST_RETRY


@ONE_DATABASE
@pytest.mark.parametrize("named", NAMED)
def test_a_calendar_is_read_again_within_its_usual_time(
    app: Flask, google: FakeGoogle, named: str
) -> None:
    of = host_with_calendar()
    google.fails("LIST", Fault(says(503, {}, **{"Retry-After": named})))
    reading.read_busy(of.id)
    db.session.expire_all()
    assert of.read_after is not None
    assert NOW < of.read_after <= NOW + waits.READ_EVERY
