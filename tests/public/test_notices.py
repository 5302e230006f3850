"""What a booker is told on the page that follows a move or a cancellation."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme.bookings import service as bookings
from bookme.extensions import db
from bookme.models import Actor, Booking
from tests import factories
from tests.public.pages import book, soup, text

NOW = factories.NOW
AT_TEN = {"starts_at": "2027-03-02T10:00:00Z"}
MOVED = "Rescheduled to Tuesday, 2 March 2027, 10:00 (Lisbon time)."
CANCELLED = "Your booking is cancelled."
ON_ITS_WAY = "We’ll e-mail you and Mara Lindqvist about it."


@pytest.fixture
def booking(app: Flask) -> Booking:
    """Ana's, Tuesday 2027-03-02 at 9:00 UTC, which is 9:00 in Lisbon."""
    made: Booking = factories.booking()
    return made


@pytest.fixture(params=["plain", "htmx"])
def browser(request: pytest.FixtureRequest, app: Flask) -> FlaskClient:
    """One that keeps no cookies, as in a page inside another site, with and without JavaScript."""
    made = app.test_client(use_cookies=False)
    if request.param == "htmx":
        made.environ_base["HTTP_HX_REQUEST"] = "true"
    return made


def sent(browser: FlaskClient, path: str, data: dict[str, str]) -> str:
    """Send a form; return where the browser is led."""
    answer = browser.post(path, data=data)
    return answer.headers.get("HX-Redirect") or answer.headers["Location"]


def notice(browser: FlaskClient, address: str) -> str:
    """What the page says first, opened as browsers do after a redirect."""
    browser.environ_base.pop("HTTP_HX_REQUEST", None)
    found = soup(browser.get(address)).select_one("[role=status] .notice.good")
    return " ".join(found.get_text(" ").split()) if found else ""


@pytest.mark.parametrize(
    ("act", "data", "said"), [("reschedule", AT_TEN, MOVED), ("cancel", {}, CANCELLED)]
)
def test_the_next_page_says_what_was_done(
    browser: FlaskClient, booking: Booking, act: str, data: dict[str, str], said: str
) -> None:
    there = sent(browser, f"/booking/{booking.token}/{act}", data)
    assert notice(browser, there) == f"{said} {ON_ITS_WAY}"
    assert notice(browser, f"/booking/{booking.token}") == ""


def test_without_a_mail_server_no_message_is_promised(
    app: Flask, browser: FlaskClient, booking: Booking
) -> None:
    app.config["MAIL_CONFIGURED"] = False
    there = sent(browser, f"/booking/{booking.token}/reschedule", AT_TEN)
    assert notice(browser, there) == MOVED


@pytest.mark.parametrize("asked", ["1", "3", "0", "<b>evil.com</b>", "", "9" * 49, "moved"])
def test_an_address_makes_it_say_nothing_that_is_not_so(
    client: FlaskClient, booking: Booking, asked: str
) -> None:
    here = f"/booking/{booking.token}"
    assert notice(client, f"{here}?done={asked}") == ""
    sent(client, f"{here}/reschedule", AT_TEN)
    assert booking.revision == 2
    assert notice(client, f"{here}?done={asked}") == ""
    assert "evil" not in text(client.get(f"{here}?done={asked}"))


def test_what_the_host_has_done_is_not_said_as_the_bookers(
    client: FlaskClient, booking: Booking
) -> None:
    bookings.cancel(booking, by=Actor.HOST, now=NOW)
    db.session.commit()
    assert notice(client, f"/booking/{booking.token}?done={booking.revision}") == ""


def test_what_has_been_overtaken_or_is_old_is_not_said(
    client: FlaskClient, booking: Booking
) -> None:
    there = sent(client, f"/booking/{booking.token}/reschedule", AT_TEN)
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        assert notice(client, there) == ""
    assert notice(client, there).startswith(MOVED)
    bookings.cancel(booking, by=Actor.HOST, now=NOW)
    db.session.commit()
    assert notice(client, there) == ""


@pytest.mark.parametrize(("act", "data"), [("reschedule", AT_TEN), ("cancel", {})])
def test_with_javascript_too_what_ended_meanwhile_is_shown_as_it_is(
    app: Flask, htmx: FlaskClient, act: str, data: dict[str, str]
) -> None:
    here = f"/booking/{factories.booking(starts_at=NOW - timedelta(hours=1)).token}"
    there = sent(htmx, f"{here}/{act}", data)
    htmx.environ_base.pop("HTTP_HX_REQUEST")
    assert there == here
    assert "This appointment is over." in text(htmx.get(there))


def test_who_has_just_booked_reads_so_first_and_on_no_other_visit(
    client: FlaskClient, booking: Booking
) -> None:
    there = book(client, "2027-03-02T10:00:00Z").location
    page = soup(client.get(there))
    assert page.title is not None
    assert page.title.get_text() == "You’re booked: Intro call with Mara Lindqvist"
    assert page.select_one("h1[autofocus]").get_text() == "You’re booked"  # type: ignore[union-attr]
    assert "We’ll e-mail the details to ana@example.com." in text(client.get(there))
    for later in (there.partition("?")[0], f"/booking/{booking.token}?done=1"):
        assert soup(client.get(later)).h1.get_text() == "Intro call"  # type: ignore[union-attr]
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        assert soup(client.get(there)).h1.get_text() == "Intro call"  # type: ignore[union-attr]


def test_a_request_is_not_called_a_booking(app: Flask, client: FlaskClient) -> None:
    factories.schedule(needs_approval=True)
    page = client.get(book(client).location)
    assert soup(page).h1.get_text() == "Request sent"  # type: ignore[union-attr]
    assert "You’re booked" not in text(page)
    assert "Waiting for Mara Lindqvist." in text(page)


def test_guests_are_told_of_a_move_too(app: Flask, client: FlaskClient) -> None:
    factories.schedule(max_guests=2)
    here = book(client, guests="bo@example.com").location.partition("?")[0]
    assert "Your guests get an invitation." in text(client.get(f"{here}?done=1"))
    there = sent(client, f"{here}/reschedule", AT_TEN)
    assert notice(client, there).endswith(
        "We’ll e-mail you, your guests and Mara Lindqvist about it."
    )
