"""Having one's account deleted: what the page says, asks, and does at once."""

from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import Booking, BookingStatus, Schedule, User
from tests import factories
from tests.accounts import steps
from tests.factories import NOW, PASSWORD

Hints = list[tuple[str, tuple[int, ...]]]


@pytest.fixture
def booking(app: Flask, client: FlaskClient) -> Booking:
    """Ana's, with Mara, who is signed in, in ``client``."""
    made: Booking = factories.booking()
    steps.sign_in(client, made.host.email)
    return made


def test_the_page_says_what_happens_to_coming_bookings(
    booking: Booking, client: FlaskClient
) -> None:
    factories.booking(schedule=booking.schedule, starts_at=NOW - timedelta(days=3))
    page = client.get("/account/data").text
    assert "You have 1 upcoming booking." in page
    assert "Tuesday, 2 March 2027, 09:00" in page
    assert "Intro call with Ana Costa" in page
    assert "February" not in page


def test_nothing_is_cancelled_silently(booking: Booking, client: FlaskClient, hints: Hints) -> None:
    answer = client.post("/account/delete", data={"password": PASSWORD})
    assert answer.status_code == 422
    assert "coming bookings are cancelled" in answer.text
    assert steps.host("mara@example.com").closing_at is None
    assert hints == []


def test_it_takes_the_password(booking: Booking, client: FlaskClient) -> None:
    answer = client.post("/account/delete", data={"password": "wrong", "agreed": "y"})
    assert answer.status_code == 422
    assert "That isn't your password." in unescape(answer.text)
    assert "checked" in answer.text
    assert steps.host("mara@example.com").closing_at is None


def test_the_account_is_gone_for_the_world_at_once(
    app: Flask, booking: Booking, client: FlaskClient, hints: Hints
) -> None:
    elsewhere = app.test_client()
    steps.sign_in(elsewhere, "mara@example.com")
    assert elsewhere.get("/mara/intro").status_code == 200
    hints.clear()
    answer = client.post("/account/delete", data={"password": PASSWORD, "agreed": "y"})
    assert (answer.status_code, answer.location) == (303, "/")
    assert "is being deleted" in client.get("/").text
    assert not steps.signed_in(client)
    assert not steps.signed_in(elsewhere)
    assert steps.sign_in(client, "mara@example.com").status_code == 422
    for path in ("/mara", "/mara/intro"):
        assert client.get(path).status_code == 404, path
    email = steps.last("account_closing")
    assert hints == [
        ("messages.account.send_email", (email.id,)),
        ("closing.close_account", (booking.host_id,)),
    ]
    assert steps.context("account_closing")["bookings"] == 1


def test_without_coming_bookings_nothing_has_to_be_agreed_to(
    app: Flask, client: FlaskClient
) -> None:
    host = factories.host()
    steps.sign_in(client, host.email)
    page = client.get("/account/data").text
    assert "You have no upcoming bookings." in page
    assert "agreed" not in page
    assert client.post("/account/delete", data={"password": PASSWORD}).status_code == 303


def test_an_address_that_was_never_proven_gets_no_message(app: Flask, client: FlaskClient) -> None:
    host = factories.host(email_confirmed_at=None)
    steps.sign_in(client, host.email)
    client.post("/account/delete", data={"password": PASSWORD})
    assert steps.kinds() == []


def test_handle_and_addresses_are_free_for_others(booking: Booking, client: FlaskClient) -> None:
    client.post("/account/delete", data={"password": PASSWORD, "agreed": "y"})
    again = factories.host(another=True, handle="mara")
    assert db.session.scalars(sa.select(User.id).where(User.handle == "mara")).all() == [again.id]
    assert db.session.scalars(sa.select(Schedule).where(Schedule.deleted_at.is_(None))).all() == []
    # Cancelled by the job, not by the request.
    assert db.session.scalars(sa.select(Booking.status)).all() == [BookingStatus.CONFIRMED]
