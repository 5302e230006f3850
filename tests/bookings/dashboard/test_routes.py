"""The host's pages: what comes next, the list, one booking and what can be done to it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.bookings.dashboard import message_words
from bookme.bookings.dashboard.words import event as in_words
from bookme.bookings.messages.outbox import MessageKind
from bookme.extensions import db
from bookme.models import (
    Actor,
    Attendee,
    Booking,
    BookingEvent,
    BookingStatus,
    Connection,
    ConnectionStatus,
    EventKind,
    MeetingState,
    Trouble,
)
from tests import factories
from tests.factories import NOW

AsHost = Callable[..., FlaskClient]
DAY = timedelta(days=1)
#: What a booking's page offers; nothing where BookMe goes on by itself, or nothing helps.
WAYS_OUT = {
    Trouble.NOT_CONNECTED: ["Reconnect Zoom", "Choose another provider"],
    Trouble.NEEDS_RECONNECT: ["Reconnect Zoom", "Choose another provider"],
    Trouble.NOT_ALLOWED: ["Try again", "Check Zoom"],
    Trouble.UNAVAILABLE: ["Try again"],
    Trouble.REJECTED: ["Try again"],
    Trouble.CLIENT_REFUSED: ["Try again"],
    Trouble.STORAGE_FULL: ["Try again"],
    Trouble.LED_ELSEWHERE: ["Try again"],
}


def test_a_new_host_sees_the_first_steps(app: Flask, as_host: AsHost) -> None:
    page = as_host(factories.host()).get("/dashboard").text
    assert "First steps" in page
    for words in ("Connect Zoom", "Connect your calendar", "Create an"):
        assert words in page
    assert "No bookings yet" in page


@pytest.mark.parametrize(
    ("provider", "done", "open_still"),
    [
        ("zoom", ["You’ve connected Zoom."], ["Connect your calendar"]),
        (
            "google",
            ["You’ve connected Google Meet.", "You’ve connected your calendar."],
            ["Create an"],
        ),
        ("icloud", ["You’ve connected your calendar."], ["Connect Zoom"]),
    ],
)
def test_first_steps_that_are_done_say_so(
    app: Flask, as_host: AsHost, provider: str, done: list[str], open_still: list[str]
) -> None:
    host = factories.host()
    connection = Connection(
        host=host,
        provider=provider,
        status=ConnectionStatus.ACTIVE,
        seal_id="s",
        connected_at=NOW,
        refreshed_at=NOW,
    )
    db.session.add(connection)
    db.session.commit()
    client = as_host(host)
    page = client.get("/dashboard").text
    for words in done + open_still:
        assert words in page
    ticked = len(BeautifulSoup(page, "html.parser").select(".steps .done"))
    assert ticked == len(done)


def test_first_steps_stay_with_what_is_done_until_somebody_books(
    app: Flask, as_host: AsHost
) -> None:
    host = factories.host(set_up_step=2)
    client = as_host(host)
    page = client.get("/dashboard").text
    assert "Next is step 2 of 4: Working hours." in page
    host.set_up_step = None
    schedule = factories.schedule(host=host)
    page = client.get("/dashboard").text
    assert "Finish setting up" not in page
    assert "You have an appointment schedule." in page
    assert "First steps" in page
    factories.booking(schedule=schedule, status=BookingStatus.HELD)
    assert "First steps" in client.get("/dashboard").text
    factories.booking(schedule=schedule, starts_at=NOW - DAY)
    assert "First steps" not in client.get("/dashboard").text


def test_today_has_the_addresses_to_share(app: Flask, as_host: AsHost) -> None:
    host = factories.host()
    made = factories.schedule(host=host)
    factories.schedule(host=host, slug="off", active=False)
    page = BeautifulSoup(as_host(host).get("/dashboard").text, "html.parser")
    shown = {
        one["data-copy"]: page.select_one(f"#{one['data-copy']}")
        for one in page.select("[data-copy]")
    }
    said = {name: one.get_text() for name, one in shown.items() if one is not None}
    assert said == {
        "page-address": "http://localhost/mara",
        f"address-{made.id}": "http://localhost/mara/intro",
    }
    host.email_confirmed_at = None
    db.session.commit()
    assert "data-copy" not in as_host(host).get("/dashboard").text


def test_the_dashboard_says_that_work_is_late(app: Flask, as_host: AsHost) -> None:
    booking = factories.booking(due_at=NOW - timedelta(minutes=5))
    client, other = as_host(booking.host), as_host(factories.host(another=True))
    assert "running late" not in client.get("/dashboard").text
    booking.due_at = NOW - timedelta(minutes=6)
    db.session.commit()
    assert "running late" in client.get("/dashboard").text
    assert "running late" not in other.get("/dashboard").text


@pytest.mark.parametrize("has_mail", [True, False])
def test_whoever_waits_for_mail_is_told_that_there_is_no_server_for_it(
    app: Flask, as_host: AsHost, has_mail: bool
) -> None:
    app.config["MAIL_CONFIGURED"] = has_mail
    booking = factories.booking()
    client = as_host(booking.host)
    for path in ("/dashboard", f"/dashboard/bookings/{booking.reference}", "/sign-up/check-mail"):
        page = client.get(path, follow_redirects=True).text
        assert ("This site can’t send e-mail yet" in page) == (not has_mail), path
    page = client.get(f"/booking/{booking.token}").text
    assert ("We send messages about this booking to" in page) == has_mail


def test_what_comes_next_stands_in_order(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule()
    for day in (3, 1, 2):
        factories.booking(schedule=schedule, starts_at=NOW + day * DAY)
    factories.booking(schedule=schedule, starts_at=NOW - DAY)
    page = BeautifulSoup(as_host(schedule.host).get("/dashboard").text, "html.parser")
    shown = [when.get_text(" ", strip=True) for when in page.select(".booking .when")]
    assert [words.split()[1] for words in shown] == ["2", "3", "4"]


@pytest.mark.parametrize("state", [MeetingState.READY, MeetingState.LEFT, MeetingState.FAILED])
def test_a_booking_shows_people_link_messages_and_history(
    app: Flask, as_host: AsHost, state: MeetingState
) -> None:
    booking = factories.booking(video_provider="zoom")
    booking.meeting.state = state
    booking.meeting.join_url = "https://zoom.us/j/1?pwd=x"
    booking.meeting.passcode = "s3cret"
    db.session.commit()
    page = as_host(booking.host).get(f"/dashboard/bookings/{booking.reference}").text
    for words in ("Ana Costa", "ana@example.com", "https://zoom.us/j/1?pwd=x", "s3cret"):
        assert words in page
    assert booking.token not in page


@pytest.mark.parametrize("trouble", list(Trouble))
def test_every_trouble_has_words_and_a_way_out(
    app: Flask, as_host: AsHost, trouble: Trouble
) -> None:
    booking = factories.booking(video_provider="zoom")
    booking.meeting.trouble = trouble
    db.session.commit()
    page = as_host(booking.host).get(f"/dashboard/bookings/{booking.reference}")
    outside = BeautifulSoup(page.text, "html.parser").select_one("#outside")
    assert "Zoom" in outside.get_text()
    offered = [one.get_text() for one in outside.select("a.button, button")]
    assert offered == [*WAYS_OUT.get(trouble, []), "Send a reminder now"]


def test_no_other_provider_is_offered_where_the_schedule_is_deleted(
    app: Flask, as_host: AsHost
) -> None:
    booking = factories.booking(video_provider="zoom")
    booking.meeting.trouble, booking.schedule.deleted_at = Trouble.NOT_CONNECTED, NOW
    db.session.commit()
    page = as_host(booking.host).get(f"/dashboard/bookings/{booking.reference}").text
    assert "Reconnect Zoom" in page
    assert "Choose another provider" not in page


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_event_has_words(app: Flask, kind: EventKind) -> None:
    event = BookingEvent(kind=kind, actor=Actor.HOST, at=NOW, facts={})
    booking = factories.booking()
    booking.events.append(event)
    db.session.commit()
    mark, said = in_words(event, "Zoom")
    assert mark in ("", "good", "warn", "bad")
    assert said
    assert "%(" not in said


@pytest.mark.parametrize(
    ("kind", "actor", "said"),
    [
        (EventKind.BOOKED, Actor.BOOKER, "Booked by <b>Bo</b>"),
        (EventKind.MOVED, Actor.BOOKER, "Rescheduled by <b>Bo</b>"),
        (EventKind.CANCELLED, Actor.BOOKER, "Cancelled by <b>Bo</b>"),
        (EventKind.CANCELLED, Actor.HOST, "Cancelled by you"),
        (EventKind.CANCELLED, Actor.BOOKME, "Cancelled"),
        (EventKind.RETRIED, Actor.HOST, "Tried again by you"),
        (EventKind.MEETING_CREATED, Actor.HOST, "Zoom meeting created"),
    ],
)
def test_the_history_names_who_did_it(
    app: Flask, as_host: AsHost, kind: EventKind, actor: Actor, said: str
) -> None:
    booking = factories.booking(video_provider="zoom")
    booking.booker.name = "<b>Bo</b>"
    booking.events.append(BookingEvent(kind=kind, actor=actor, at=NOW, facts={}))
    db.session.commit()
    assert said in history(as_host(booking.host), booking)


def test_the_history_names_no_booker_whose_data_is_deleted(app: Flask, as_host: AsHost) -> None:
    booking = factories.booking()
    booking.events.append(BookingEvent(kind=EventKind.BOOKED, actor=Actor.BOOKER, at=NOW, facts={}))
    booking.attendees.clear()
    db.session.commit()
    assert "Booked by the booker" in history(as_host(booking.host), booking)


@pytest.mark.parametrize(
    ("kind", "facts", "said"),
    [
        (EventKind.EMAIL_SENT, {"message": "booked", "to": "host"}, "Confirmation sent to you"),
        (
            EventKind.EMAIL_SENT,
            {"message": "link", "to": "booker"},
            "Video link sent to the booker",
        ),
        (
            EventKind.EMAIL_FAILED,
            {"message": "moved", "to": "booker"},
            "New time to the booker couldn't be sent",
        ),
        (EventKind.EMAIL_FAILED, {}, "Message couldn't be sent"),
    ],
)
def test_the_history_says_which_message_went_to_whom(
    app: Flask, as_host: AsHost, kind: EventKind, facts: dict[str, str], said: str
) -> None:
    booking = factories.booking()
    booking.events.append(BookingEvent(kind=kind, actor=Actor.BOOKME, at=NOW, facts=facts))
    db.session.commit()
    assert said in history(as_host(booking.host), booking)


def test_every_message_has_a_name() -> None:
    to_both = [(kind, to) for kind in MessageKind for to in ("host", "booker")]
    nameless = [one for one in to_both if message_words.of(*one) == message_words.of("", "")]
    assert set(nameless) == {(MessageKind.ASKED, "host"), (MessageKind.CONFIRM, "host")}


def history(client: FlaskClient, booking: Booking) -> list[str]:
    page = client.get(f"/dashboard/bookings/{booking.reference}").text
    lines = BeautifulSoup(page, "html.parser").select("#history li")
    for line in lines:
        line.time.extract()
    return [line.get_text(" ", strip=True).replace("  ", " ") for line in lines]


def test_only_what_is_on_its_way_looks_again_by_itself(app: Flask, as_host: AsHost) -> None:
    booking = factories.booking(video_provider="zoom", due_at=NOW)
    here = f"/dashboard/bookings/{booking.reference}"
    client = as_host(booking.host, htmx=True)
    waiting = client.get(here).text
    assert "hx-trigger" in waiting
    assert "<html" not in waiting
    booking.due_at = booking.lease_until = NOW + timedelta(minutes=2)
    db.session.commit()
    assert "hx-trigger" in client.get(here).text
    booking.lease_until = None
    for due_at in (None, NOW + timedelta(minutes=10)):
        booking.due_at = due_at
        db.session.commit()
        assert "hx-trigger" not in client.get(here).text


def test_try_again_makes_the_booking_due_and_hints(
    app: Flask, as_host: AsHost, hints: list[object]
) -> None:
    booking = factories.booking(video_provider="zoom")
    booking.meeting.trouble = Trouble.NOT_ALLOWED
    booking.meeting.state = MeetingState.FAILED
    db.session.commit()
    answer = as_host(booking.host).post(f"/dashboard/bookings/{booking.reference}/retry")
    assert answer.status_code == 303
    assert booking.due_at == NOW
    assert hints == [("sync.sync_booking", (booking.id,))]


def test_a_host_cancels_a_booking(app: Flask, as_host: AsHost, hints: list[object]) -> None:
    booking = factories.booking()
    client, here = as_host(booking.host), f"/dashboard/bookings/{booking.reference}/cancel"
    assert client.get(here).status_code == 200
    assert booking.is_confirmed
    assert client.post(here, data={"reason": "I am ill."}).status_code == 303
    assert booking.status is BookingStatus.CANCELLED
    assert booking.cancel_reason == "I am ill."
    assert hints == [("sync.sync_booking", (booking.id,))]


def test_what_is_over_cannot_be_cancelled(app: Flask, as_host: AsHost) -> None:
    booking = factories.booking(starts_at=NOW - DAY)
    here = f"/dashboard/bookings/{booking.reference}/cancel"
    assert as_host(booking.host).post(here, data={}).status_code == 409
    assert booking.is_confirmed


def test_a_bookers_data_is_erased_once_nothing_is_to_come(app: Flask, as_host: AsHost) -> None:
    past = factories.booking(starts_at=NOW - DAY)
    coming = factories.booking(schedule=past.schedule, starts_at=NOW + DAY)
    client, here = as_host(past.host), f"/dashboard/bookings/{past.reference}/erase"
    assert client.get(here).status_code == 200
    assert "Cancel those first" in client.post(here).text
    client.post(f"/dashboard/bookings/{coming.reference}/cancel", data={})
    assert client.post(here).status_code == 303
    assert db.session.query(Attendee).count() == 0
    page = client.get(f"/dashboard/bookings/{past.reference}").text
    assert "Ana" not in page
    assert "deleted at your request" in page


@pytest.mark.parametrize("page", ["", "/retry", "/reschedule", "/cancel", "/erase"])
def test_another_hosts_booking_is_not_there(app: Flask, as_host: AsHost, page: str) -> None:
    booking = factories.booking()
    stranger = as_host(factories.host(another=True))
    here = f"/dashboard/bookings/{booking.reference}{page}"
    assert (stranger.post(here) if page else stranger.get(here)).status_code == 404
    assert booking.is_confirmed


@pytest.mark.parametrize("page", ["", "/bookings", "/bookings/x", "/bookings/x/cancel"])
def test_a_visitor_is_led_to_sign_in(app: Flask, client: FlaskClient, page: str) -> None:
    answer = client.get(f"/dashboard{page}")
    assert answer.status_code == 303
    assert "/sign-in?next=" in answer.location
