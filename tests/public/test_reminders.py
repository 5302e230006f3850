"""The page by which a booker or a guest ends the reminders of one booking."""

from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme.bookings.messages import reminders, stopping
from bookme.extensions import db
from bookme.models import (
    Attendee,
    Booking,
    BookingStatus,
    MessageRule,
    ReminderState,
    Role,
    Timing,
)
from tests import factories
from tests.conftest import NOW
from tests.public.pages import text

ENDED = "You won’t get reminders for this booking any more."


@pytest.fixture
def booking(app: Flask) -> Booking:
    """Ana's, with a guest; both are to be reminded."""
    made: Booking = factories.booking()
    made.schedule.message_rules.append(
        MessageRule(position=0, timing=Timing.BEFORE_START, minutes=60)
    )
    made.attendees.append(Attendee(name="Bo", email="bo@example.com", zone="UTC", role=Role.GUEST))
    reminders.plan(made, now=NOW)
    db.session.commit()
    return made


def page_of(reader: Attendee | None) -> str:
    assert reader is not None
    return urlsplit(stopping.link(reader)).path


def waiting(booking: Booking) -> set[str]:
    db.session.expire_all()
    rows = (row for row in booking.reminders if row.state is ReminderState.WAITING)
    return {row.attendee.name for row in rows if row.attendee is not None}


def test_a_look_at_the_page_ends_nothing(client: FlaskClient, booking: Booking) -> None:
    page = client.get(page_of(booking.booker))
    assert "Stop reminders for this booking? Tuesday, 2 March 2027, 09:00" in text(page)
    assert (page.headers["Referrer-Policy"], page.headers["X-Robots-Tag"]) == (
        "no-referrer",
        "noindex",
    )
    assert waiting(booking) == {"Ana Costa", "Bo"}


def test_its_button_ends_those_of_its_reader_alone(client: FlaskClient, booking: Booking) -> None:
    here = page_of(booking.booker)
    for _ in range(2):
        answer = client.post(here)
        assert (answer.status_code, answer.headers["Location"]) == (303, here)
        assert ENDED in text(client.get(here))
        assert waiting(booking) == {"Bo"}
    assert ENDED not in text(client.get(page_of(booking.guests[0])))


def test_the_button_of_a_mail_program_is_led_nowhere(client: FlaskClient, booking: Booking) -> None:
    answer = client.post(page_of(booking.booker), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert ENDED in text(answer)
    assert waiting(booking) == {"Bo"}


def test_a_link_that_is_made_up_or_of_somebody_erased_is_none(
    client: FlaskClient, booking: Booking
) -> None:
    guests, bookers = page_of(booking.guests[0]), page_of(booking.booker)
    booking.attendees.remove(booking.guests[0])
    db.session.commit()
    for path in (guests, bookers[:-1], "/reminders/x", "/reminders/%00"):
        assert client.get(path).status_code == client.post(path).status_code == 404
    assert waiting(booking) == {"Ana Costa"}


@pytest.mark.parametrize("how", ["over", "cancelled"])
def test_once_a_booking_has_ended_its_page_promises_nothing(
    client: FlaskClient, booking: Booking, how: str
) -> None:
    here = page_of(booking.booker)
    booking.status = BookingStatus.CANCELLED if how == "cancelled" else booking.status
    reminders.plan(booking, now=booking.ends_at)
    reminders.release(booking, now=booking.ends_at)
    db.session.commit()
    with time_machine.travel(booking.ends_at, tick=False):
        page = text(client.get(here))
        assert "There are no more reminders for this booking." in page
        assert "Stop reminders" not in page
        assert client.post(here).status_code == 303
        page = text(client.get(here))
    assert ENDED in page
    assert "The booking itself stays as it is." not in page


def test_what_follows_an_appointment_can_be_stopped_until_it_goes(
    client: FlaskClient, booking: Booking
) -> None:
    booking.schedule.message_rules.append(
        MessageRule(position=1, timing=Timing.AFTER_END, minutes=60)
    )
    reminders.plan(booking, now=NOW)
    db.session.commit()
    with time_machine.travel(booking.ends_at, tick=False):
        page = text(client.get(page_of(booking.booker)))
        assert "Stop reminders for this booking?" in page
        assert "The booking itself stays as it is." not in page
        client.post(page_of(booking.booker))
    db.session.expire_all()
    rows = [one for one in booking.reminders if one.rule.timing is Timing.AFTER_END]
    assert {(one.attendee.name, one.state) for one in rows if one.attendee} == {
        ("Ana Costa", ReminderState.DROPPED),
        ("Bo", ReminderState.WAITING),
    }
