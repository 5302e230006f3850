"""The host's pages of requests."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bookme.bookings import service as bookings
from bookme.extensions import db
from bookme.models import Actor, Booking, BookingStatus
from tests import factories
from tests.public.pages import soup, text

AsHost = Callable[..., FlaskClient]
NOW = factories.NOW
WAITS = {"status": BookingStatus.PENDING, "lapses_at": NOW + timedelta(hours=2)}


@pytest.fixture
def request_(app: Flask) -> Booking:
    made: Booking = factories.booking(**WAITS)
    return made


def page(booking: Booking) -> str:
    return f"/dashboard/bookings/{booking.reference}"


def shown(answer: TestResponse) -> dict[str, str]:
    """What the question's form carries unseen."""
    fields = soup(answer).select("main form input[type=hidden]")
    return {str(one["name"]): str(one["value"]) for one in fields}


def test_requests_stand_at_the_top_of_today_and_are_marked(
    request_: Booking, as_host: AsHost
) -> None:
    client = as_host(request_.host)
    words = text(client.get("/dashboard"))
    assert "Waiting for your answer Intro call with Ana Costa" in words
    assert "Answer by Monday, 1 March, 10:00" in words
    assert "Waiting for you" in text(client.get("/dashboard/bookings"))
    assert "This request is waiting for your answer." in text(client.get(page(request_)))


def test_a_link_of_the_mail_asks_and_its_button_answers(
    request_: Booking, as_host: AsHost, hints: list[object]
) -> None:
    client = as_host(request_.host)
    for verb in ("accept", "decline"):
        assert "this request?" in text(client.get(f"{page(request_)}/{verb}"))
    assert request_.status is BookingStatus.PENDING
    answer = client.post(f"{page(request_)}/accept")
    assert (answer.status_code, answer.location) == (303, page(request_))
    assert request_.is_confirmed
    assert hints
    assert "Request accepted by you" in text(client.get(page(request_)))


def test_a_host_declines_with_words(request_: Booking, as_host: AsHost) -> None:
    client = as_host(request_.host)
    too_long = client.post(f"{page(request_)}/decline", data={"reason": "x" * 1001})
    assert (too_long.status_code, "x" * 1001 in too_long.text) == (422, True)
    assert client.post(f"{page(request_)}/decline", data={"reason": "Away."}).status_code == 303
    assert (request_.status, request_.cancel_reason) == (BookingStatus.DECLINED, "Away.")
    assert "Declined" in text(client.get("/dashboard/bookings?show=cancelled"))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (BookingStatus.CONFIRMED, "This booking is confirmed."),
        (BookingStatus.LAPSED, "This request wasn't answered in time, so it has ended."),
        (BookingStatus.CANCELLED, "This request is cancelled."),
    ],
)
def test_who_answers_second_is_told_what_happened(
    request_: Booking, as_host: AsHost, status: BookingStatus, said: str
) -> None:
    request_.status = status
    db.session.commit()
    client = as_host(request_.host)
    late = client.post(f"{page(request_)}/decline")
    assert (late.status_code, said in text(late)) == (409, True)
    assert said in text(client.get(f"{page(request_)}/accept"))
    db.session.refresh(request_)
    assert request_.status is status


def test_no_other_host_answers(request_: Booking, as_host: AsHost) -> None:
    client = as_host(factories.host(another=True))
    for verb in ("accept", "decline"):
        assert client.get(f"{page(request_)}/{verb}").status_code == 404
        assert client.post(f"{page(request_)}/{verb}").status_code == 404
    assert request_.status is BookingStatus.PENDING


def test_what_is_held_for_an_address_is_on_no_page_of_the_host(app: Flask, as_host: AsHost) -> None:
    held = factories.booking(status=BookingStatus.HELD, lapses_at=NOW)
    client = as_host(held.host)
    assert client.get(page(held)).status_code == 404
    for path in ("", "/bookings", "/bookings?show=past", "/bookings?show=cancelled"):
        assert "Ana Costa" not in text(client.get(f"/dashboard{path}"))
    bookings.lapse(held, now=NOW)


@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_an_answer_counts_for_the_time_that_the_host_was_shown(
    request_: Booking, as_host: AsHost, verb: str
) -> None:
    client = as_host(request_.host)
    seen = shown(client.get(f"{page(request_)}/{verb}"))
    bookings.reschedule(request_, NOW + timedelta(days=2, hours=1), by=Actor.BOOKER, now=NOW)
    db.session.commit()
    typed = seen | {"reason": "So early?"}
    refused = client.post(f"{page(request_)}/{verb}", data=typed)
    assert (refused.status_code, request_.status) == (409, BookingStatus.PENDING)
    assert "The booker has rescheduled this request." in text(refused)
    assert "Wednesday, 3 March 2027, 09:00" in text(refused)
    assert verb == "accept" or "So early?" in refused.text
    for forged in ("soon", "2027-03-03", "9999-12-31T23:59:59Z"):
        answer = client.post(f"{page(request_)}/{verb}", data={"starts_at": forged})
        assert (answer.status_code, request_.status) == (422, BookingStatus.PENDING)
    again = client.post(f"{page(request_)}/{verb}", data=shown(refused))
    assert (again.status_code, request_.awaits_answer) == (303, False)


def test_a_request_can_be_answered_and_moved_and_nothing_else(
    request_: Booking, as_host: AsHost
) -> None:
    client = as_host(request_.host)
    buttons = soup(client.get(page(request_))).select(".card[aria-label=Appointment] .button")
    assert [one.get_text() for one in buttons] == [
        "Accept the request from Ana Costa",
        "Decline the request from Ana Costa",
        "Reschedule request",
    ]
    bookings.accept(request_, now=NOW)
    db.session.commit()
    assert "Cancel booking" in text(client.get(page(request_)))
