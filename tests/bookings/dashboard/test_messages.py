"""What a booking's page says of its messages at times, and the button that sends one."""

from collections.abc import Callable

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.bookings import service
from bookme.bookings.messages import reminders
from bookme.bookings.messages.timed import TimedKind
from bookme.extensions import db
from bookme.models import Actor, Booking, Email, MessageRule, Timing
from tests import factories
from tests.conftest import NOW

AsHost = Callable[..., FlaskClient]
BUTTON = "Send a reminder now"


def planned() -> Booking:
    """Ana's booking; a reminder to her and the host, a follow-up to her."""
    booking: Booking = factories.booking()
    booking.schedule.message_rules += [
        MessageRule(position=0, timing=Timing.BEFORE_START, minutes=60, to_host=True),
        MessageRule(position=1, timing=Timing.AFTER_END, minutes=60),
    ]
    reminders.plan(booking, now=NOW)
    db.session.commit()
    return booking


def here(booking: Booking, page: str = "") -> str:
    return f"/dashboard/bookings/{booking.reference}{page}"


def test_the_page_says_what_will_be_sent_and_when(app: Flask, as_host: AsHost) -> None:
    booking = planned()
    page = BeautifulSoup(as_host(booking.host).get(here(booking)).text, "html.parser")
    rows = [row.get_text(" ", strip=True) for row in page.select("#outside tbody tr")]
    assert rows[-2:] == [
        "Reminder Ana Costa and you Tuesday, 2 March 2027, 08:00",
        "Follow-up Ana Costa Tuesday, 2 March 2027, 10:30",
    ]


def test_its_button_sends_one_however_often_it_is_pressed(
    app: Flask, as_host: AsHost, hints: list[tuple[str, tuple[int, ...]]]
) -> None:
    booking = planned()
    mara = as_host(booking.host)
    assert BUTTON in mara.get(here(booking)).text
    for said in ("We&#39;re sending a reminder.", "You sent a reminder a few minutes ago"):
        answer = mara.post(here(booking, "/remind"))
        assert (answer.status_code, answer.headers["Location"]) == (303, here(booking))
        page = mara.get(here(booking)).text
        assert said in page
        assert "Reminder to the booker" in page
    (email,) = db.session.query(Email).all()
    assert (email.kind, email.attendee) == (TimedKind.REMINDER, booking.booker)
    assert booking.due_at == NOW
    assert hints == [("sync.sync_booking", (booking.id,))]


def test_there_is_none_where_nobody_is_to_be_reminded(app: Flask, as_host: AsHost) -> None:
    booking = planned()
    mara = as_host(booking.host)
    assert booking.booker is not None
    reminders.stop(booking.booker, now=NOW)
    db.session.commit()
    assert BUTTON not in mara.get(here(booking)).text
    assert mara.post(here(booking, "/remind")).status_code == 409
    booking.booker.reminders_off_at = None
    service.cancel(booking, by=Actor.HOST, now=NOW)
    db.session.commit()
    assert mara.post(here(booking, "/remind")).status_code == 409
    assert {email.kind for email in db.session.query(Email).all()} == {"cancelled"}


def test_it_is_the_hosts_alone(app: Flask, as_host: AsHost, client: FlaskClient) -> None:
    booking = planned()
    stranger = as_host(factories.host(another=True))
    assert stranger.post(here(booking, "/remind")).status_code == 404
    assert client.post(here(booking, "/remind")).status_code in (302, 303)
    assert db.session.query(Email).count() == 0
