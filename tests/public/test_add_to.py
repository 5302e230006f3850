"""The addresses by which a booking gets into a calendar on the web."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import Booking, MeetingState
from tests import factories
from tests.public.pages import link, soup, text

LINK = "https://zoom.example/j/1?pwd=x&y=z"


@pytest.fixture
def booking(app: Flask) -> Booking:
    """Ana's Zoom call with a link, Tuesday 2027-03-02, 9:00 UTC."""
    made: Booking = factories.booking(video_provider="zoom", title="Intro & more+")
    assert made.meeting is not None
    made.meeting.state, made.meeting.join_url = MeetingState.READY, LINK
    db.session.commit()
    return made


def said(client: FlaskClient, booking: Booking, calendar: str) -> tuple[str, dict[str, str]]:
    """The site, and what it is told."""
    url = urlsplit(link(client.get(f"/booking/{booking.token}"), calendar))
    assert url.scheme == "https"
    assert "+" not in url.query, "Outlook shows a plus as one"
    return url.netloc, {name: one for name, [one] in parse_qs(url.query).items()}


@pytest.mark.parametrize(
    ("calendar", "site", "times"),
    [
        ("Google", "calendar.google.com", {"dates": "20270302T090000Z/20270302T093000Z"}),
        (
            "Outlook.com",
            "outlook.live.com",
            {"startdt": "2027-03-02T09:00:00Z", "enddt": "2027-03-02T09:30:00Z"},
        ),
        ("Office 365", "outlook.office.com", {"startdt": "2027-03-02T09:00:00Z"}),
        ("Yahoo", "calendar.yahoo.com", {"st": "20270302T090000Z", "et": "20270302T093000Z"}),
    ],
)
def test_a_calendar_on_the_web_is_told_when_what_and_the_link(
    client: FlaskClient, booking: Booking, calendar: str, site: str, times: dict[str, str]
) -> None:
    where, given = said(client, booking, calendar)
    assert where == site
    assert times.items() <= given.items()
    assert "Intro & more+ with Mara Lindqvist" in given.values()
    assert any(LINK in value for value in given.values())
    assert booking.token not in str(given), "whoever has it can change the booking"


def test_what_is_not_certain_goes_into_no_calendar_on_the_web(
    client: FlaskClient, booking: Booking
) -> None:
    booking.status, booking.lapses_at = "pending", datetime(2027, 3, 2, tzinfo=UTC)
    db.session.commit()
    page = client.get(f"/booking/{booking.token}")
    assert "Google" not in text(page)
    assert soup(page).select("a[href$='appointment.ics']")
