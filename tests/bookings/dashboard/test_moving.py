"""A host moves a booking: the booker's picker, a question with words to the booker, the move."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.bookings.messages.letters import context
from bookme.bookings.messages.outbox import MessageKind
from bookme.extensions import db
from bookme.models import Booking
from tests import factories
from tests.factories import NOW

AsHost = Callable[..., FlaskClient]
DAY = timedelta(days=1)
NEXT = "2027-03-03T09:00:00Z"


def address(booking: Booking, query: str = "") -> str:
    return f"/dashboard/bookings/{booking.reference}/reschedule{query}"


def test_the_picker_opens_at_the_bookings_day_and_its_times_lead_to_a_question(
    app: Flask, as_host: AsHost
) -> None:
    booking = factories.booking(starts_at=NOW + 30 * DAY + timedelta(hours=1))  # Wed 31 March
    page = BeautifulSoup(as_host(booking.host).get(address(booking)).text, "html.parser")
    assert "31 March" in page.select_one("#times h2").get_text()
    assert "Wednesday, 31 March 2027, 09:00" in page.select_one("#picker").get_text()
    assert not page.select("[autofocus]")
    times = [str(one["href"]) for one in page.select("#times a.time")]
    assert any("at=2027-03-31T09%3A30%3A00Z" in one for one in times)
    assert all(one.startswith(address(booking)) for one in times)
    assert len(times) < 10, "the times of one day"


def test_a_host_moves_a_booking_with_words_to_the_booker(
    app: Flask, as_host: AsHost, hints: list[object]
) -> None:
    booking = factories.booking()
    booking.booker.zone = "Asia/Kolkata"
    db.session.commit()
    client = as_host(booking.host)
    question = client.get(address(booking, f"?at={NEXT}"))
    form = BeautifulSoup(question.text, "html.parser").select_one("main form")
    assert form.select_one("[name=starts_at]")["value"] == NEXT
    for words in ("Tuesday, 2 March 2027, 09:00", "Wednesday, 3 March 2027, 09:00", "30 minutes"):
        assert words in form.get_text()
    assert "3 March 2027, 14:30 (Kolkata)" in form.get_text(), "the booker's own time, too"
    sent = {"starts_at": NEXT, "words": "My train is <late>."}
    assert client.post(address(booking), data=sent).status_code == 303
    assert booking.starts_at == NOW + 2 * DAY + timedelta(hours=1)
    assert hints == [("sync.sync_booking", (booking.id,))]
    said = context(MessageKind.MOVED, booking, booking.attendees[0], None, now=NOW)
    assert str(said["host_words"]) == "My train is <late>."
    assert "host_words" not in context(MessageKind.MOVED, booking, booking.host, None, now=NOW)


def test_the_present_time_changes_nothing_and_says_so(
    app: Flask, as_host: AsHost, hints: list[object]
) -> None:
    booking = factories.booking()
    client = as_host(booking.host)
    now = booking.starts_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert client.get(address(booking, f"?at={now}")).location.endswith(booking.reference)
    answer = client.post(address(booking), data={"starts_at": now}, follow_redirects=True)
    assert "nothing has changed" in answer.text
    assert booking.revision == 1


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("2027-03-02T09:30:00Z", "just been taken"),
        ("2027-03-03T03:00:00Z", "outside"),
        ("2027-03-03T09:10:00Z", "No appointment starts"),
        ("2027-02-01T09:00:00Z", "past"),
        ("2028-03-03T09:00:00Z", "further ahead"),
        ("yesterday", "Enter a time, such as 09:30."),
        ("", "Choose a time."),
    ],
)
def test_a_move_that_cannot_be_says_why_and_keeps_the_words(
    app: Flask, as_host: AsHost, start: str, words: str
) -> None:
    booking = factories.booking()
    factories.booking(schedule=booking.schedule, starts_at=booking.ends_at)
    sent = {"starts_at": start, "words": "Sorry!"}
    answer = as_host(booking.host).post(address(booking), data=sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Sorry!" in answer.text
    assert 'type="radio" name="starts_at"' in answer.text.replace("\n", " ")


@pytest.mark.parametrize("query", ["?month=9999-12", "?month=soon", "?day=never"])
def test_a_day_that_cannot_be_shows_one_that_can(app: Flask, as_host: AsHost, query: str) -> None:
    booking = factories.booking()
    answer = as_host(booking.host).get(address(booking, query))
    assert answer.status_code == 200
    assert "March 2027" in answer.text


def test_another_month_comes_alone_for_htmx(app: Flask, as_host: AsHost) -> None:
    booking = factories.booking()
    answer = as_host(booking.host, htmx=True).get(address(booking, "?month=2027-04"))
    assert "April 2027" in answer.text
    assert "<html" not in answer.text


def test_a_schedule_that_is_off_says_why_there_are_no_times(app: Flask, as_host: AsHost) -> None:
    booking = factories.booking()
    booking.schedule.active = False
    db.session.commit()
    page = as_host(booking.host).get(address(booking)).text
    assert "switched off or deleted" in page
    assert 'class="month"' not in page


def test_what_is_over_shows_its_page(app: Flask, as_host: AsHost) -> None:
    booking = factories.booking(starts_at=NOW - DAY)
    answer = as_host(booking.host).get(address(booking))
    assert answer.status_code == 200
    assert 'id="picker"' not in answer.text
