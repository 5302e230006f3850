"""What a booker reads and can do after booking."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import Booking, BookingStatus
from bookme.public.onward import onward
from tests import factories
from tests.public.pages import soup, text

TO = "https://thanks.example.com/path?own=1#part"


@pytest.fixture
def booking(app: Flask) -> Booking:
    made: Booking = factories.booking(
        schedule=factories.schedule(after_words="Bring a pen.\n<b>", redirect_url=TO)
    )
    assert made.booker is not None
    made.booker.answers = [
        {"name": "company", "question": "Company?", "answer": "Acme & Søn?x=1#y"},
        {"name": "why", "question": "Why?", "answer": "ж" * 2000},
    ]
    db.session.commit()
    return made


def passed(booking: Booking, *what: str) -> dict[str, str]:
    booking.schedule.redirect_passes = list(what)
    way = onward(booking)
    assert way is not None
    parts = urlsplit(way.url)
    assert (parts.scheme, parts.netloc, parts.path, parts.fragment) == (
        "https",
        "thanks.example.com",
        "/path",
        "part",
    )
    return dict(parse_qsl(parts.query))


def test_only_what_the_host_lets_through_goes_along(booking: Booking) -> None:
    assert passed(booking) == {"own": "1"}
    assert passed(booking, "reference", "start") == {
        "own": "1",
        "reference": booking.reference,
        "start": "2027-03-02T09:00:00Z",
    }
    assert passed(booking, "name", "email", "answers") == {
        "own": "1",
        "name": "Ana Costa",
        "email": "ana@example.com",
        "company": "Acme & Søn?x=1#y",
        "why": "ж" * 200,
    }
    booking.attendees.clear()
    assert passed(booking, "name", "email", "answers") == {"own": "1"}


def test_the_page_shows_the_hosts_words_and_the_way_on_and_keeps_its_own_address(
    client: FlaskClient, booking: Booking
) -> None:
    page = client.get(f"/booking/{booking.token}")
    assert "Bring a pen. <b>" in text(page)
    [way] = soup(page).select("#after a")
    assert way.get_text() == "Continue to thanks.example.com"
    assert str(way["href"]).startswith("https://thanks.example.com/path?own=1")
    assert booking.token not in str(way["href"])
    assert "noreferrer" in way["rel"]
    assert page.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("status", [BookingStatus.HELD, BookingStatus.CANCELLED])
def test_a_booking_that_does_not_count_leads_nowhere(
    booking: Booking, status: BookingStatus
) -> None:
    booking.status = status
    assert onward(booking) is None
