"""How long work has waited is told, however often it is tried: to operators and to its host."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme import waits
from bookme.accounts.owed import Letter, owe
from bookme.bookings.messages.outbox import MessageKind
from bookme.errors import ProviderUnavailable
from bookme.extensions import db
from bookme.jobs.messages.booking import send_email
from bookme.jobs.sync import sync_booking
from bookme.models import Booking, BookingStatus, CalendarEntry, Deauthorization, Email, Trouble
from tests import factories
from tests.answers import Fault, says
from tests.conftest import NOW
from tests.fake_zoom import FakeZoom
from tests.jobs.calendars.cloud_calendars import host_with_calendar
from tests.jobs.conftest import change, lose_grant
from tests.jobs.google import FakeGoogle

AsHost = Callable[..., FlaskClient]
AWAY = says(503)


def tried_for(minutes: int, booking: Booking) -> datetime:
    """Sync a booking whenever it is due, for so long; return when that was over."""
    end = NOW + timedelta(minutes=minutes)
    while booking.due_at is not None and booking.due_at <= end:
        with time_machine.travel(booking.due_at, tick=False):
            sync_booking(booking.id)
        db.session.expire_all()
    return end


def readyz(client: FlaskClient, at: datetime) -> dict[str, Any]:
    with time_machine.travel(at, tick=False):
        answer = client.get("/readyz")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json
    return found


def test_while_zoom_is_away_meetings_are_told_to_wait_since_the_first_try(
    booking: Booking, zoom: FakeZoom, client: FlaskClient
) -> None:
    zoom.fails("POST", *[Fault(says(429))] * 50)
    at = tried_for(10, booking)
    assert booking.meeting is not None
    assert booking.meeting.attempts > 3
    found = readyz(client, at)
    assert found["waiting"]["meetings"] == "2027-03-01T08:00:00Z"
    assert found["overdue_seconds"] == 600
    assert (
        "zoom: meetings have been waiting for it since 2027-03-01 08:00:00 UTC"
        in (found["degraded"])
    )


def test_once_zoom_is_back_nothing_waits(
    booking: Booking, zoom: FakeZoom, client: FlaskClient
) -> None:
    zoom.fails("POST", *[Fault(says(429))] * 3)
    at = tried_for(10, booking)
    found = readyz(client, at)
    assert zoom.only()["topic"] == "Intro call: Ana Costa"
    assert (found["waiting"], found["overdue_seconds"]) == ({}, 0)


@pytest.mark.parametrize("kind", ["unknown", "update", "delete"])
def test_every_move_that_fails_at_zoom_is_told(
    booking: Booking, zoom: FakeZoom, client: FlaskClient, kind: str
) -> None:
    if kind == "unknown":
        zoom.fails("POST", Fault(AWAY))
    else:
        sync_booking(booking.id)
        status = BookingStatus.CANCELLED if kind == "delete" else BookingStatus.CONFIRMED
        later = booking.ends_at + timedelta(hours=1)
        change(booking, MessageKind.MOVED, status=status, ends_at=later)
    for method in ("LIST", "PATCH", "DELETE"):
        zoom.fails(method, *[Fault(AWAY)] * 50)
    at = tried_for(10, booking)
    assert readyz(client, at)["waiting"]["meetings"] == "2027-03-01T08:00:00Z"


def test_a_daily_limit_is_the_accounts_own_and_no_outage(
    booking: Booking, zoom: FakeZoom, client: FlaskClient
) -> None:
    limit = says(429, {"code": 429, "message": "daily"}, **{"X-RateLimit-Type": "Daily-limit"})
    zoom.fails("POST", Fault(limit))
    at = tried_for(10, booking)
    assert booking.meeting is not None
    assert booking.meeting.trouble is Trouble.DAILY_LIMIT
    assert "meetings" not in readyz(client, at)["waiting"]


def test_what_waits_for_its_host_is_no_outage(
    booking: Booking, zoom: FakeZoom, client: FlaskClient
) -> None:
    zoom.fails("POST", Fault(says(429)))
    sync_booking(booking.id)
    lose_grant(booking)
    at = tried_for(10, booking)
    assert "meetings" not in readyz(client, at)["waiting"]


def test_what_is_over_waits_for_nothing(
    booking: Booking, zoom: FakeZoom, client: FlaskClient
) -> None:
    zoom.fails("POST", *[Fault(says(429))] * 100)
    at = tried_for(60 * 30, booking)
    assert "meetings" not in readyz(client, at)["waiting"]
    assert booking.meeting is not None
    assert booking.meeting.failing_since is None


def test_calendar_entries_are_told(google: FakeGoogle, client: FlaskClient) -> None:
    of = host_with_calendar(is_checked=False)
    booking: Booking = factories.booking(schedule=factories.schedule(host=of.host), due_at=NOW)
    booking.entry = CalendarEntry(provider="google")
    db.session.commit()
    google.fails("POST", *[Fault(AWAY)] * 50)
    at = tried_for(10, booking)
    found = readyz(client, at)
    assert found["waiting"]["entries"] == "2027-03-01T08:00:00Z"
    assert any(one.startswith("google: entries") for one in found["degraded"])


def test_while_the_mail_server_is_away_messages_are_told(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    booking: Booking = factories.booking(due_at=NOW)
    owe(booking.host, Letter.PASSWORD_CHANGED, now=NOW)
    db.session.commit()

    def refuse(_message: object) -> None:
        raise ProviderUnavailable("smtp", "451")

    monkeypatch.setattr("bookme.mail.message.send", refuse)
    (email_id,) = db.session.scalars(db.select(Email.id).where(Email.user_id.is_not(None)))
    for minutes in (0, 1, 2, 5, 9):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            send_email(email_id)
    tried_for(10, booking)
    email = db.session.get_one(Email, email_id)
    assert email.next_attempt_at is not None
    assert email.next_attempt_at > NOW + timedelta(minutes=9)
    found = readyz(client, NOW + timedelta(minutes=9))
    assert found["waiting"]["messages"] == "2027-03-01T08:00:00Z"
    assert (
        "mail: messages have been waiting for it since 2027-03-01 08:00:00 UTC (smtp 451)"
        in found["degraded"]
    )


def test_readings_removals_and_endings_are_told(app: Flask, client: FlaskClient) -> None:
    since = NOW - timedelta(minutes=10)
    of = host_with_calendar(failing_since=since, trouble=Trouble.UNAVAILABLE)
    of.host.closing_at = since - waits.CLOSING_PATIENCE
    row = {"payload_sealed": b"", "deauthorized_at": since, "received_at": since, "seal_id": "s"}
    db.session.add(Deauthorization(dedupe_digest="d", attempts=3, next_attempt_at=NOW, **row))
    db.session.commit()
    found = readyz(client, NOW)
    said = "2027-03-01T07:50:00Z"
    assert found["waiting"] == {"readings": said, "removals": said, "closings": said}
    assert any(one.startswith("google: readings") for one in found["degraded"])
    assert any(one.startswith("zoom: removals") for one in found["degraded"])


@pytest.mark.parametrize("trouble", [Trouble.NEEDS_RECONNECT, Trouble.NOT_ALLOWED])
def test_a_calendar_that_its_host_has_to_mend_is_no_outage(
    app: Flask, client: FlaskClient, trouble: Trouble
) -> None:
    host_with_calendar(failing_since=NOW - timedelta(hours=1), trouble=trouble)
    assert readyz(client, NOW)["waiting"] == {}


def test_today_says_so_to_the_host_whom_it_concerns(
    booking: Booking, zoom: FakeZoom, as_host: AsHost
) -> None:
    other = factories.host(another=True)
    mine, others = as_host(booking.host), as_host(other)
    zoom.fails("POST", *[Fault(says(429))] * 50)
    at = tried_for(10, booking)
    with time_machine.travel(at, tick=False):
        page = mine.get("/dashboard").text
        assert "Zoom isn&#39;t working as it should." in page
        assert "Meetings have been waiting for it since" in page
        assert "08:00" in page
        assert "working as it should" not in others.get("/dashboard").text


def test_today_says_nothing_of_a_moment(booking: Booking, zoom: FakeZoom, as_host: AsHost) -> None:
    zoom.fails("POST", *[Fault(says(429))] * 50)
    at = tried_for(4, booking)
    with time_machine.travel(at, tick=False):
        assert "working as it should" not in as_host(booking.host).get("/dashboard").text


def test_today_tells_hosts_of_messages_that_wait(app: Flask, as_host: AsHost) -> None:
    booking: Booking = factories.booking()
    since = NOW - timedelta(minutes=10)
    row = {"kind": "booked", "created_at": since, "next_attempt_at": NOW, "attempts": 4}
    db.session.add(Email(dedupe_key="k", booking=booking, attendee=booking.attendees[0], **row))
    db.session.commit()
    assert "Your e-mails are delayed." in as_host(booking.host).get("/dashboard").text
    other = factories.host(another=True)
    assert "e-mails are delayed" not in as_host(other).get("/dashboard").text
