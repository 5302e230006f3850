"""Pages of schedules that ask somebody first, stand on no page, or admit by a link."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.bookings import email_proof
from bookme.bookings import service as bookings
from bookme.bookings.email_proof import Right
from bookme.crypto import fingerprint
from bookme.extensions import db
from bookme.models import Booking, BookingLink, BookingStatus, Schedule, Visibility
from tests import factories
from tests.public.pages import book, hidden, link, soup, text

NOW = factories.NOW
SECRET = "s" * 32
PAGE = f"/mara/intro?link={SECRET}"
AT = "2027-03-02T09:00:00Z"


def the_booking() -> Booking:
    db.session.rollback()
    return db.session.query(Booking).one()


def count() -> int:
    db.session.rollback()
    return db.session.query(Booking).count()


def give_link(schedule: Schedule, **columns: Any) -> BookingLink:
    made = BookingLink(
        schedule=schedule, token_hash=fingerprint(SECRET), hint="ssss", created_at=NOW, **columns
    )
    db.session.add(made)
    db.session.commit()
    return made


def confirm_address() -> str:
    return f"/booking/confirm/{email_proof.token(the_booking(), Right.CONFIRM)}"


def after(**length: float) -> Any:
    return time_machine.travel(NOW + timedelta(**length), tick=False)


def test_a_request_is_said_to_be_one_before_and_after(app: Flask, client: FlaskClient) -> None:
    factories.schedule(needs_approval=True, answer_minutes=60)
    before = client.get(f"/mara/intro/book?at={AT}")
    assert "Mara Lindqvist has to accept your request." in text(before)
    assert "Request this time" in text(before)
    answer = book(client)
    assert answer.status_code == 303
    page = text(client.get(answer.location))
    assert "Not confirmed yet" in page
    assert "Mara Lindqvist will answer by Monday, 1 March 2027, 09:00 (Lisbon time)." in page


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (BookingStatus.DECLINED, "Declined Mara Lindqvist can’t take your request. I am away."),
        (BookingStatus.LAPSED, "Mara Lindqvist didn’t answer your request in time."),
    ],
)
def test_the_page_says_how_a_request_ended(
    app: Flask, client: FlaskClient, status: BookingStatus, said: str
) -> None:
    booking = factories.booking(status=status, cancel_reason="I am away.")
    page = client.get(f"/booking/{booking.token}")
    assert said in text(page)
    assert link(page, "Book another time") == "/mara/intro"


def test_a_booking_counts_once_its_mails_button_is_pressed(app: Flask, client: FlaskClient) -> None:
    factories.schedule(confirms_email=True)
    answer = book(client)
    page = client.get(answer.location)
    assert "We’ve sent a link to ana@example.com." in text(page)
    assert "We hold the time for you until 08:15 (Lisbon time)." in text(page)
    token = the_booking().token
    assert token not in answer.location + page.text
    assert client.get(f"/booking/{token}").status_code == 404
    asked = client.get(confirm_address())
    assert asked.headers["Referrer-Policy"] == "no-referrer"
    assert the_booking().status is BookingStatus.HELD, "looking confirms nothing"
    done = client.post(confirm_address())
    assert (done.status_code, the_booking().is_confirmed) == (303, True)
    assert done.location.startswith(f"/booking/{token}")
    assert client.get(confirm_address()).location.startswith(f"/booking/{token}")
    assert client.post(confirm_address()).status_code == 303, "twice is once"
    after_it = client.get(answer.location)
    assert "Your e-mail address is confirmed" in text(after_it)
    assert token not in after_it.text
    assert book(client).location == answer.location, "whoever typed the address need not own it"


def test_the_page_after_the_form_confirms_nothing(app: Flask, client: FlaskClient) -> None:
    factories.schedule(confirms_email=True)
    look = book(client).location.rpartition("/")[2]
    assert client.post(f"/booking/confirm/{look}").status_code == 404
    for made_up in ("x", "x" * 80):
        assert client.get(f"/booking/confirm/{made_up}").status_code == 404
        assert client.get(f"/booking/held/{made_up}").status_code == 404
    assert the_booking().status is BookingStatus.HELD


@pytest.mark.parametrize("way", ["get", "post"])
def test_a_link_pressed_too_late_says_so_and_leads_to_other_times(
    app: Flask, client: FlaskClient, way: str
) -> None:
    factories.schedule(confirms_email=True)
    look, address = book(client).location, confirm_address()
    bookings.lapse(the_booking(), now=NOW + timedelta(minutes=15))
    db.session.commit()
    for page in (getattr(client, way)(address), client.get(look)):
        assert page.status_code == 410
        assert "We no longer hold this time." in text(page)
        assert link(page, "Choose another time") == "/mara/intro"
    assert count() == 0


@pytest.mark.parametrize(
    ("visibility", "on_page", "status"),
    [(Visibility.LISTED, True, 200), (Visibility.HIDDEN, False, 200),
     (Visibility.BY_LINK, False, 404)],
)  # fmt: skip
def test_what_is_not_listed_stands_on_no_page_and_in_no_index(
    app: Flask, client: FlaskClient, visibility: Visibility, on_page: bool, status: int
) -> None:
    factories.schedule(visibility=visibility)
    assert ("Intro call" in text(client.get("/mara"))) is on_page
    page = client.get("/mara/intro")
    assert page.status_code == status
    if status == 200:
        assert (page.headers.get("X-Robots-Tag") == "noindex") is not on_page
    assert client.get(f"/mara/intro/book?at={AT}").status_code == status
    assert (book(client).status_code == 303) is (status == 200)


def test_a_link_is_carried_from_the_month_to_the_booking(app: Flask, client: FlaskClient) -> None:
    given = give_link(factories.schedule(visibility=Visibility.BY_LINK))
    page = client.get(PAGE)
    assert page.headers["X-Robots-Tag"] == "noindex"
    for found in soup(page).select("#picker a[href*='/mara/intro']"):
        assert f"link={SECRET}" in str(found["href"])
    zones = BeautifulSoup(client.get(f"{PAGE}&choose=zone").data, "html.parser")
    assert zones.select_one(f"input[name=link][value={SECRET}]")
    details = client.get(f"/mara/intro/book?at={AT}&link={SECRET}")
    assert f"link={SECRET}" in link(details, "Choose another time")
    assert client.get(f"/mara/intro/book?link={SECRET}").location.endswith(f"link={SECRET}")
    again = book(client, name="", link=SECRET)
    assert (again.status_code, hidden(again)["link"]) == (422, SECRET)
    assert book(client, link=SECRET).status_code == 303
    db.session.refresh(given)
    assert (given.uses_left, given.booking) == (0, the_booking())


def test_a_link_that_was_used_says_so(app: Flask, client: FlaskClient) -> None:
    give_link(factories.schedule(visibility=Visibility.BY_LINK))
    made = book(client, link=SECRET)
    assert book(client, link=SECRET).location == made.location, "the same form again"
    for answer in (
        client.get(PAGE),
        client.get(f"/mara/intro/book?at={AT}&link={SECRET}"),
        book(client, "2027-03-02T10:00:00Z", form_key="f" * 32, link=SECRET),
    ):
        assert answer.status_code in (409, 410)
        assert "This link has been used." in text(answer)
    assert count() == 1


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"expires_at": NOW}, "This link has expired."),
        ({"revoked_at": NOW}, "Mara Lindqvist has withdrawn this link."),
    ],
)
@pytest.mark.parametrize("visibility", list(Visibility))
def test_a_link_that_ended_says_why(
    app: Flask, client: FlaskClient, columns: dict[str, datetime], said: str, visibility: Visibility
) -> None:
    give_link(factories.schedule(visibility=visibility), **columns)
    page = client.get(PAGE)
    assert page.status_code == 410
    assert said in text(page)
    assert ("Book without a link" in text(page)) is (visibility is not Visibility.BY_LINK)
    assert book(client, link=SECRET).status_code == 409
    assert count() == 0


def test_a_made_up_link_is_not_found(app: Flask, client: FlaskClient) -> None:
    factories.schedule()
    for secret in ("x", "%00", "x" * 3000):
        assert client.get(f"/mara/intro?link={secret}").status_code == 404
    assert book(client, link="x").status_code == 404


def cut_off(**columns: Any) -> str:
    booking = factories.booking(schedule=factories.schedule(**columns))
    return f"/booking/{booking.token}"


def test_the_page_says_until_when_a_booking_can_be_changed(app: Flask, client: FlaskClient) -> None:
    page = client.get(cut_off(reschedule_notice_minutes=1440, cancel_notice_minutes=120))
    assert "You can reschedule until Monday, 1 March 2027, 09:00 (Lisbon time)." in text(page)
    assert "You can cancel until Tuesday, 2 March 2027, 07:00 (Lisbon time)." in text(page)
    before = text(client.get(f"/mara/intro/book?at={AT}"))
    assert "You can reschedule until 1 day before the start." in before
    assert "You can cancel until 2 hours before the start." in before


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("+49 30 1", "Contact Mara Lindqvist: +49 30 1"),
        ("", "your reply goes to Mara Lindqvist."),
    ],
)
def test_after_the_cut_off_the_pages_name_the_hosts_contact(
    app: Flask, client: FlaskClient, contact: str, said: str
) -> None:
    here = cut_off(
        host=factories.host(contact=contact),
        reschedule_notice_minutes=1440,
        cancel_notice_minutes=1440,
    )
    with after(hours=2):
        for answer in (
            client.get(here),
            client.get(f"{here}/reschedule"),
            client.get(f"{here}/cancel"),
            client.post(f"{here}/reschedule", data={"starts_at": "2027-03-02T10:00:00Z"}),
            client.post(f"{here}/cancel"),
        ):
            assert answer.status_code == (409 if answer.request.method == "POST" else 200)
            assert "It’s too late to reschedule or cancel here." in text(answer)
            assert said in text(answer)
            assert not soup(answer).select("a[href$='/cancel'], a[href$='/reschedule']")
    assert the_booking().is_confirmed
