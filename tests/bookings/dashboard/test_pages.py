"""What a host sees first of bookings: days, people, ways in, and what mends what is wrong."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape

from bookme.bookings.dashboard import finding, words
from bookme.extensions import db
from bookme.models import (
    Booking,
    BookingStatus,
    CalendarEntry,
    Caller,
    Connection,
    ConnectionStatus,
    LocationKind,
    MeetingState,
    Problem,
    Trouble,
)
from tests import factories
from tests.factories import NOW

AsHost = Callable[..., FlaskClient]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LINK = "https://zoom.us/j/1?pwd=x"


def soup(client: FlaskClient, path: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(path).text, "html.parser")


def page(as_host: AsHost, booking: Booking, **more: bool) -> BeautifulSoup:
    return soup(as_host(booking.host, **more), f"/dashboard/bookings/{booking.reference}")


def with_link(**columns: object) -> Booking:
    booking = factories.booking(video_provider="zoom", **columns)
    booking.meeting.state, booking.meeting.join_url = MeetingState.READY, LINK
    db.session.commit()
    return booking


def test_bookings_stand_under_their_days(app: Flask, as_host: AsHost) -> None:
    schedule = factories.schedule()
    for starts_at in (HOUR, 2 * HOUR, DAY, 9 * DAY, 366 * DAY):
        factories.booking(schedule=schedule, starts_at=NOW + starts_at)
    factories.booking(schedule=schedule, starts_at=NOW - DAY)
    client = as_host(schedule.host)
    upcoming = soup(client, "/dashboard/bookings")
    assert [one.get_text() for one in upcoming.select("#list h2")] == [
        "Today, Monday, 1 March",
        "Tomorrow, Tuesday, 2 March",
        "Wednesday, 10 March",
        "Wednesday, 1 March 2028",
    ]
    assert len(upcoming.select("#list section:first-of-type .booking")) == 2
    past = soup(client, "/dashboard/bookings?show=past").select_one("#list h2")
    assert past.get_text() == "Yesterday, Sunday, 28 February"
    by_booking = soup(client, "/dashboard/bookings?sort=booked")
    assert not by_booking.select("#list h2"), "no days where they are in another order"
    assert "Wed 10 Mar" in by_booking.select_one("#list").get_text()
    assert "Order: Last booked first" in by_booking.select_one(".chips").get_text()


def test_only_todays_rows_have_the_way_in(app: Flask, as_host: AsHost) -> None:
    today = with_link(starts_at=NOW + HOUR)
    for starts_at, columns in {
        NOW + DAY: {},
        NOW - 2 * HOUR: {},
        NOW + 3 * HOUR: {"status": BookingStatus.CANCELLED},
        NOW + 4 * HOUR: {"status": BookingStatus.PENDING},
    }.items():
        with_link(schedule=today.schedule, starts_at=starts_at, **columns)
    rows = soup(as_host(today.host), "/dashboard/bookings?show=all").select(".booking")
    ways_in = [row for row in rows if row.select(f'a.button[href="{LINK}"]')]
    assert len(rows) == 5
    assert [row.select_one(".cover")["href"] for row in ways_in] == [
        f"/dashboard/bookings/{today.reference}"
    ]


@pytest.mark.parametrize("path", ["/dashboard", "/dashboard/bookings"])
def test_what_people_typed_is_no_markup(app: Flask, as_host: AsHost, path: str) -> None:
    odd = '<b title="x">Ana & co</b>'
    schedule = factories.schedule(title=odd)
    for days in (1, 2):
        booked = factories.booking(schedule=schedule, starts_at=NOW + days * DAY)
        booked.attendees[0].name = odd
    db.session.commit()
    page = as_host(schedule.host).get(path).text
    assert odd not in page
    assert page.count(str(escape(odd))) >= 4


def test_filters_are_written_once_for_all_who_have_the_same(app: Flask, as_host: AsHost) -> None:
    app.config["HOST_LANGUAGES"] = ("en", "de")
    finding._read.cache_clear()
    host, german = factories.host(), factories.host(another=True, locale="de_DE")
    for one in (host, german):
        factories.schedule(host=one, title="Talk")
    for one, kept in ((host, 1), (host, 1), (german, 2)):
        options = soup(as_host(one), "/dashboard/bookings").select("#schedule option")
        assert [option.text for option in options] == ["All schedules", "Talk"]
        assert finding._read.cache_info().currsize == kept
    assert "Talk" in as_host(host).get("/dashboard/bookings?q=Ana").text
    assert finding._read.cache_info().currsize == 2  # nobody's search is kept


def test_the_first_line_of_a_booking_has_the_way_in_and_its_people_are_links(
    app: Flask, as_host: AsHost
) -> None:
    booking = with_link()
    booking.booker.phone = "+351 210 000 000"
    db.session.commit()
    shown = page(as_host, booking)
    first = shown.select_one("#main .card .row")
    assert "2 March 2027, 09:00" in first.get_text()
    assert first.select_one("a.button.main")["href"] == LINK
    assert shown.select_one(f"#{first.select_one('[data-copy]')['data-copy']}").get_text() == LINK
    assert shown.select_one('a[href="mailto:ana@example.com"]')
    assert shown.select_one('a[href="tel:+351210000000"]')
    assert shown.select_one("details#history:not([open])")


def test_a_link_that_comes_later_comes_into_the_first_line(app: Flask, as_host: AsHost) -> None:
    booking = factories.booking(video_provider="zoom", due_at=NOW)
    assert not page(as_host, booking).select("#join a")
    booking.meeting.state, booking.meeting.join_url = MeetingState.READY, LINK
    db.session.commit()
    news = page(as_host, booking, htmx=True)
    assert news.select_one("#join[hx-swap-oob] a")["href"] == LINK


def test_nobody_is_led_into_what_is_over(app: Flask, as_host: AsHost) -> None:
    booking = with_link(starts_at=NOW - DAY)
    shown = page(as_host, booking)
    assert not shown.select("#join a")
    assert [one.get_text() for one in shown.select("#outside .badge")][0] == "Over"


def test_who_was_asked_to_move_is_shown_as_such(app: Flask, as_host: AsHost) -> None:
    booking = factories.booking(asked_to_move_at=NOW)
    assert "Asked to move" in soup(as_host(booking.host), "/dashboard/bookings").get_text()
    assert words.status(booking, NOW + 9 * DAY) == ("", "Past")
    booking.status = BookingStatus.CANCELLED
    assert words.status(booking, NOW) == ("bad", "Cancelled")


@pytest.mark.parametrize(
    ("title", "said"),
    [("Phone call", "Phone call"), ("Intro", "Intro, Phone"), ("TELEPHONE", "TELEPHONE")],
)
def test_the_place_is_not_said_twice(app: Flask, title: str, said: str) -> None:
    booking = factories.booking(
        schedule=factories.schedule(title=title, location_kind=LocationKind.PHONE)
    )
    assert words.what(booking) == said


def test_a_booking_says_who_calls_whom(app: Flask, as_host: AsHost) -> None:
    kind = {"location_kind": LocationKind.PHONE, "phone": "+1 555", "caller": Caller.BOOKER}
    booking = factories.booking(**kind)
    assert "Ana Costa calls you: +1 555" in page(as_host, booking).get_text()
    booking.caller, booking.phone, booking.booker.phone = Caller.HOST, "", "+351 21"
    db.session.commit()
    shown = page(as_host, booking)
    assert "You call Ana Costa" in shown.get_text()
    assert shown.select_one("#main").get_text().count("+351 21") == 1


def broken(booking: Booking, provider: str, problem: Problem) -> None:
    db.session.add(
        Connection(
            host=booking.host,
            provider=provider,
            status=ConnectionStatus.NEEDS_RECONNECT,
            problem=problem,
            seal_id="s",
            connected_at=NOW,
        )
    )
    db.session.commit()


def test_an_account_connected_elsewhere_is_called_so_here_as_on_connections(
    app: Flask, as_host: AsHost
) -> None:
    booking = factories.booking(video_provider="zoom")
    booking.meeting.trouble = Trouble.NEEDS_RECONNECT
    broken(booking, "zoom", Problem.REPLACED)
    said = "The same Zoom account was connected to another BookMe account."
    shown = page(as_host, booking)
    assert said in shown.select_one("#outside").get_text()
    assert "no longer lets BookMe in" not in shown.get_text()
    assert said in as_host(booking.host).get("/connections?open=zoom").text
    form = shown.select_one("#outside form")
    assert (form["action"], form["method"]) == ("/connections/zoom/connect", "post")


@pytest.mark.parametrize(
    ("provider", "mends"),
    [("google", "/connections/google/connect"), ("icloud", "/connections/icloud/password")],
)
def test_a_calendar_is_reconnected_at_once(
    app: Flask, as_host: AsHost, provider: str, mends: str
) -> None:
    booking = factories.booking()
    booking.entry = CalendarEntry(provider=provider, trouble=Trouble.NEEDS_RECONNECT)
    broken(booking, provider, Problem.GRANT_ENDED)
    outside = page(as_host, booking).select_one("#outside")
    assert outside.select(f'form[action="{mends}"], a[href="{mends}"]')
