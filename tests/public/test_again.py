"""Who books the same again is led to the booking that is there, and nobody else is."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import Booking, Schedule
from tests import factories
from tests.public.pages import TYPED, book, hidden, soup, text

DETAILS = "/mara/intro/book?at=2027-03-02T09:00:00Z&zone=Europe/Lisbon"
MAIL = (
    "If you’ve just booked it yourself, the link to your booking is in the e-mail we’ve sent you."
)


@pytest.fixture
def schedule(app: Flask) -> Schedule:
    made: Schedule = factories.schedule()
    return made


def send(client: FlaskClient, form: dict[str, str], **typed: str) -> str:
    """Send a details form; return where it leads, or nothing if nowhere."""
    return client.post("/mara/intro/book", data=form | TYPED | typed).location or ""


def test_the_form_that_the_back_button_shows_leads_to_its_booking(
    client: FlaskClient, schedule: Schedule
) -> None:
    page = client.get(DETAILS)
    kept_by = page.headers["Cache-Control"]
    assert kept_by == "private, no-cache", "browsers show it again as it was, and nobody else does"
    there = send(client, hidden(page))
    assert there.startswith("/booking/")
    assert send(client, hidden(page)) == there
    assert send(client, hidden(page), email="ANA@example.com", notes="Changed.") == there
    assert db.session.query(Booking).count() == 1


@pytest.mark.parametrize(
    "of_stranger",
    [
        lambda form: form | {"form_key": "f" * 32},
        lambda form: form | {"form_key": ""},
        lambda form: form | {"email": "bo@example.com"},
    ],
    ids=["another form", "no key", "another address"],
)
def test_who_only_knows_an_address_is_led_nowhere(
    client: FlaskClient,
    schedule: Schedule,
    of_stranger: Callable[[dict[str, str]], dict[str, str]],
) -> None:
    form = hidden(client.get(DETAILS))
    there = send(client, form)
    page = client.post("/mara/intro/book", data=of_stranger(form | TYPED))
    assert page.status_code == 422
    assert there.partition("?")[0] not in page.text
    assert f"That time was just taken. Choose another time. {MAIL}" in text(page)


def test_a_time_that_is_gone_says_where_ones_own_booking_is(
    client: FlaskClient, schedule: Schedule
) -> None:
    made = factories.booking(schedule=schedule)
    page = client.get(DETAILS)
    assert MAIL in text(page)
    assert made.token not in page.text
    assert page.headers["Cache-Control"] == "no-store", "it may be free again"
    client.application.config["MAIL_CONFIGURED"] = False
    assert MAIL not in text(client.get(DETAILS))


def test_no_other_refusal_speaks_of_a_booking(client: FlaskClient, schedule: Schedule) -> None:
    assert MAIL not in text(book(client, "2027-03-02T07:00:00Z"))


def test_a_page_notes_its_booking_for_the_form_of_the_same_time_alone(
    client: FlaskClient, schedule: Schedule
) -> None:
    form = client.get(DETAILS)
    booked = client.get(send(client, hidden(form)))
    noted = soup(booked).select_one("[data-booked]")
    asked = soup(form).select_one("[data-mine][hidden]")
    assert noted is not None
    assert asked is not None
    assert noted["data-booked"] == asked["data-mine"] == f"{schedule.id} 2027-03-02T09:00:00Z"
    other = soup(client.get(DETAILS.replace("09:00", "10:00"))).select_one("[data-mine]")
    assert other is not None
    assert other["data-mine"] != noted["data-booked"]
