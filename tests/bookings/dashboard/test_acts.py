"""What a host does with a booking: asks for another time, notes who came, keeps notes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme.bookings import service
from bookme.bookings.messages import letters
from bookme.bookings.messages.message_state import last_told, left_to_say, tell, truth
from bookme.bookings.messages.outbox import MessageKind
from bookme.extensions import db
from bookme.mail import message
from bookme.models import Actor, Booking, BookingStatus, Email, EmailState, EventKind
from tests import factories
from tests.conftest import NOW

AsHost = Callable[..., FlaskClient]


@pytest.fixture
def booking(app: Flask) -> Booking:
    made: Booking = factories.booking()
    told = Email(
        dedupe_key="first",
        kind=MessageKind.BOOKED,
        booking_id=made.id,
        attendee_id=made.attendees[0].id,
        facts={},
        state=EmailState.SENT,
        created_at=NOW,
    )
    tell(told, truth(made), now=NOW)
    db.session.add(told)
    db.session.commit()
    return made


def post(client: FlaskClient, booking: Booking, path: str, **data: str) -> int:
    answer = client.post(f"/dashboard/bookings/{booking.reference}/{path}", data=data)
    db.session.expire_all()
    return answer.status_code


def left(booking: Booking, *, to_host: bool = False) -> MessageKind | None:
    told = last_told([one for one in booking.emails if one.attendee_id])
    return left_to_say(told, truth(booking), to_host=to_host)


def mail(booking: Booking, kind: MessageKind) -> str:
    assert booking.booker is not None
    context = letters.context(
        MessageKind.CANCELLED, booking, booking.booker, truth(booking), now=NOW
    )
    return message.render(kind, context).text


def test_the_booker_is_asked_for_another_time_and_the_booking_stays(
    booking: Booking, as_host: AsHost, client: FlaskClient
) -> None:
    host = as_host(booking.host)
    assert post(host, booking, "ask", words="I'm ill.\nSorry", then="keep") == 303
    assert booking.is_confirmed
    assert booking.hold is not None
    assert [one.kind for one in booking.emails if one.state is EmailState.WAITING] == ["asked"]
    assert left(booking) is MessageKind.ASKED
    assert left(booking, to_host=True) is None
    text = mail(booking, MessageKind.ASKED)
    assert "I'm ill.\nSorry" in text
    assert f"/booking/{booking.token}/reschedule" in text
    page = client.get(f"/booking/{booking.token}").text
    assert "asks you to pick another time" in page
    assert "I&#39;m ill." in page


def test_whoever_is_asked_to_pick_another_time_is_never_too_late(
    booking: Booking, as_host: AsHost, client: FlaskClient
) -> None:
    booking.schedule.reschedule_notice_minutes = 90 * 24 * 60
    db.session.commit()
    here = f"/booking/{booking.token}"
    assert "too late to reschedule" in client.get(here).text
    assert post(as_host(booking.host), booking, "ask", then="keep") == 303
    assert "too late to reschedule" not in client.get(here).text
    assert 'class="time"' in client.get(f"{here}/reschedule").text


def test_asked_before_the_confirmation_went_out_the_booker_hears_it_with_that(
    app: Flask, as_host: AsHost
) -> None:
    booking = factories.booking()
    service.ask_to_move(booking, "Later is better.", now=NOW)
    assert left(booking) is MessageKind.BOOKED
    assert "Later is better." in mail(booking, MessageKind.BOOKED)


def test_moving_settles_what_was_asked(booking: Booking) -> None:
    service.ask_to_move(booking, "Later, if you can.", now=NOW)
    later = booking.starts_at + timedelta(minutes=30)
    service.reschedule(booking, later, by=Actor.BOOKER, now=NOW)
    assert (booking.asked_to_move_at, booking.ask_words) == (None, "")
    assert left(booking) is MessageKind.MOVED


def test_cancelled_at_once_the_booker_is_led_to_the_free_times(
    booking: Booking, as_host: AsHost
) -> None:
    assert post(as_host(booking.host), booking, "ask", words="Ill.", then="cancel") == 303
    assert booking.status is BookingStatus.CANCELLED
    assert booking.hold is None
    assert left(booking) is MessageKind.CANCELLED
    text = mail(booking, MessageKind.CANCELLED)
    assert "Ill." in text
    assert "/mara/intro" in text


@pytest.mark.parametrize("data", [{"then": "perhaps"}, {"words": "x" * 1001, "then": "keep"}])
def test_a_wrong_request_stores_nothing(
    booking: Booking, as_host: AsHost, data: dict[str, str]
) -> None:
    assert post(as_host(booking.host), booking, "ask", **data) == 422
    assert booking.asked_to_move_at is None


def test_nobody_is_asked_about_what_is_over(booking: Booking, as_host: AsHost) -> None:
    host = as_host(booking.host)
    with time_machine.travel(booking.ends_at, tick=False):
        assert post(host, booking, "ask", then="keep") == 409
    assert booking.asked_to_move_at is None


def test_a_no_show_is_noted_for_each_person_and_taken_back(
    booking: Booking, as_host: AsHost
) -> None:
    host, person = as_host(booking.host), booking.attendees[0]
    path = f"people/{person.id}/no-show"
    assert post(host, booking, path, came="no") == 409  # it has not begun
    with time_machine.travel(booking.starts_at, tick=False):
        assert post(host, booking, path, came="no") == 303
        assert person.no_show_at == booking.starts_at
        assert booking.missed
        assert post(host, booking, path, came="no") == 303  # a double click
        assert post(host, booking, path, came="yes") == 303
        assert post(host, booking, "people/999999/no-show", came="no") == 404
    assert person.no_show_at is None
    assert not booking.missed
    kinds = [event.kind for event in booking.events]
    assert kinds == [EventKind.NO_SHOW, EventKind.NO_SHOW_UNDONE]


def test_private_notes_are_the_hosts_alone_and_go_with_the_person(
    booking: Booking, as_host: AsHost, client: FlaskClient
) -> None:
    host = as_host(booking.host)
    assert post(host, booking, "notes", notes="Wants <b>discount</b>") == 303
    page = host.get(f"/dashboard/bookings/{booking.reference}").text
    assert "Wants &lt;b&gt;discount&lt;/b&gt;" in page
    assert "discount" not in client.get(f"/booking/{booking.token}").text
    for kind in MessageKind:
        assert "discount" not in mail(booking, kind)
    assert post(host, booking, "notes", notes="x" * 4001) == 422
    assert booking.attendees[0].host_notes == "Wants <b>discount</b>"


def test_nothing_of_another_hosts_booking_can_be_noted(booking: Booking, as_host: AsHost) -> None:
    stranger = as_host(factories.host(another=True))
    person = booking.attendees[0]
    paths = ("notes", "ask", f"people/{person.id}/no-show")
    assert [post(stranger, booking, path, notes="x", then="keep") for path in paths] == [404] * 3
