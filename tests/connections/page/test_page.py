"""The Connections page: a provider, its details, and its test."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import requests
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

import bookme
from bookme.connections.providers import NAMES, facts
from bookme.extensions import db
from bookme.models import ConnectionStatus, LocationKind, Problem, User
from tests import factories
from tests.answers import says
from tests.conftest import NOW
from tests.connections.clouds import ANN, FakeCloud, calendars
from tests.connections.clouds import connect as connect_cloud
from tests.connections.making import connect, connection, forget_browser, rows
from tests.fake_zoom import JILL, FakeZoom

AsHost = Callable[..., FlaskClient]
PAGE, OPEN = "/connections", "/connections?open=zoom"
TEST = "/connections/zoom/test"


def card(text: str) -> Any:
    found = BeautifulSoup(text, "html.parser").find(id="provider-zoom")
    assert found is not None
    return found


def words(found: Any) -> str:
    return " ".join(found.get_text(" ").split())


def selects(statements: list[str]) -> int:
    return sum(statement.startswith("SELECT") for statement in statements)


def test_a_provider_that_is_not_connected_says_what_it_is_good_for(
    host: User, as_host: AsHost
) -> None:
    found = card(as_host(host).get(PAGE).text)
    assert "A Zoom meeting for each video booking" in words(found)
    (form,) = found.select("form")
    assert form["action"] == form["hx-post"] == "/connections/zoom/connect"
    assert form.button.text == "Connect Zoom"


def test_a_connected_one_says_whose_and_which_plan(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom, last_used_at=NOW - timedelta(minutes=12), plan="basic")
    found = card(as_host(host).get(PAGE).text)
    assert found.select_one(".badge").text == "Connected"
    assert f"{JILL}, Basic plan, last used 12 minutes ago" in words(found)
    assert "Disconnect" not in words(found)
    assert found.select_one("a.button")["href"] == OPEN


def test_htmx_gets_the_card_alone(host: User, as_host: AsHost, zoom: FakeZoom) -> None:
    connection(host, zoom)
    answer = as_host(host, htmx=True).get(OPEN)
    assert answer.text.lstrip().startswith('<section id="provider-zoom"')
    assert "HX-Request" in answer.headers["Vary"]
    assert card(answer.text).select_one("a.button")["aria-expanded"] == "true"


def test_the_details_are_the_same_without_htmx(host: User, as_host: AsHost, zoom: FakeZoom) -> None:
    connection(host, zoom)
    whole = card(as_host(host).get(OPEN).text)
    alone = card(as_host(host, htmx=True).get(OPEN).text)
    assert words(whole) == words(alone)


def test_the_details_say_since_when_what_for_and_for_whom(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom)
    host.default_video_provider = "zoom"
    video: dict[str, Any] = {"host": host, "location_kind": LocationKind.VIDEO}
    factories.schedule(title="Review", slug="review", video_provider="zoom", **video)
    factories.schedule(title="Follows", slug="follows", active=False, **video)
    factories.schedule(title="At home", slug="home", host=host)
    factories.schedule(title="Gone", slug="gone", deleted_at=NOW, video_provider="zoom", **video)
    said = words(card(as_host(host).get(OPEN).text))
    assert "Connected since Sunday, 28 February 2027, 08:00" in said
    assert "Permissions View your user information, Create and manage meetings" in said
    assert "Follows (your default) (switched off), Review" in said
    assert "At home" not in said
    assert "Gone" not in said


def test_a_basic_plan_names_the_schedules_it_cuts_short(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom, plan="basic")
    video: dict[str, Any] = {"host": host, "location_kind": LocationKind.VIDEO}
    for title, minutes in (("Long", 41), ("Short", 40)):
        columns = {"title": title, "slug": title.lower(), "duration_minutes": minutes}
        factories.schedule(video_provider="zoom", **video, **columns)
    notice = card(as_host(host).get(OPEN).text).select_one(".notice")
    assert "after 40 minutes" in words(notice)
    assert "Long" in words(notice)
    assert "Short" not in words(notice)


@pytest.mark.parametrize("problem", [p for p in Problem if p is not Problem.REMOVED])
def test_a_broken_one_says_what_is_wrong_and_what_to_do(
    host: User, as_host: AsHost, zoom: FakeZoom, problem: Problem
) -> None:
    columns = {"status": ConnectionStatus.NEEDS_RECONNECT, "problem": problem, "problem_at": NOW}
    connection(host, zoom, **columns)
    found = card(as_host(host).get(OPEN).text)
    assert found.select_one(".badge").text == "Needs reconnecting"
    assert len(words(found.select_one(".notice"))) > 60
    assert "Problem since" in words(found)
    assert "Reconnect Zoom" in words(found)
    assert "Test connection" not in words(found)


def test_a_spent_limit_says_until_when(host: User, as_host: AsHost, zoom: FakeZoom) -> None:
    connection(host, zoom, blocked_until=NOW + timedelta(hours=16))
    said = words(card(as_host(host).get(OPEN).text))
    assert "daily limit" in said
    assert "Tuesday, 2 March 2027, 00:00" in said


def test_a_connected_provider_is_offered_as_default_until_there_is_one(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    browser = as_host(host)
    connect(browser, zoom)
    assert "Make Zoom my default" not in browser.get(PAGE).text, "the only one is it already"
    host.default_video_provider = ""  # the host has chosen none
    db.session.commit()
    assert "Make Zoom my default" in browser.get(PAGE).text
    answer = browser.post("/connections/settings", data={"default_video_provider": "zoom"})
    assert answer.status_code == 303
    assert "Make Zoom my default" not in browser.get(PAGE).text


def test_several_that_could_be_the_default_are_offered_in_one_place(
    host: User, as_host: AsHost, zoom: FakeZoom, google: FakeCloud
) -> None:
    host.default_video_provider = ""
    browser = as_host(host)
    connection(host, zoom)
    connect_cloud(browser, google)
    page = BeautifulSoup(browser.get(PAGE).text, "html.parser")
    (offer,) = page.select("#offers .notice")
    assert "Zoom and Google Meet are ready." in words(offer)
    assert offer.a["href"] == "/connections/settings"


def test_a_calendar_that_was_just_connected_says_that_it_is_read_and_then_when(
    host: User, as_host: AsHost, google: FakeCloud
) -> None:
    connect_cloud(as_host(host), google)
    page = BeautifulSoup(as_host(host).get(PAGE).text, "html.parser")
    waiting = page.find(id="reading-google")
    assert "Reading your calendars now" in words(waiting)
    assert waiting["hx-trigger"] == "load delay:1s"
    assert waiting.noscript.a["href"] == PAGE, "without JavaScript one reloads"
    browser = as_host(host, htmx=True)
    asked = 0
    while address := waiting.get("hx-get"):
        waiting = BeautifulSoup(browser.get(address).text, "html.parser").div
        asked += 1
    assert asked == 9
    assert "takes longer than usual" in words(waiting)
    for one in calendars(host).values():
        one.read_at = NOW - timedelta(minutes=3)
    db.session.commit()
    there = "/connections/google/reading?asked=2"
    done, shown = (
        BeautifulSoup(browser.get(address).text, "html.parser")
        for address in (there, f"{there}&open=1")
    )
    assert "Read 3 minutes ago" in words(done)
    assert not done.select("[hx-trigger]")
    assert not done.select("[hx-swap-oob]"), "the calendars aren't on the page"
    assert shown.select("[hx-swap-oob]"), "the lines on the calendars follow"


def test_a_calendar_is_said_to_be_checked_for_all_schedules(
    host: User, as_host: AsHost, google: FakeCloud
) -> None:
    connect_cloud(as_host(host), google)
    said = words(BeautifulSoup(as_host(host).get("/connections?open=google").text, "html.parser"))
    assert f"Checked for conflicts {ANN}, for all your appointment schedules" in said
    assert "No appointment schedule" not in said


@pytest.mark.parametrize("provider", NAMES)
def test_every_provider_has_a_mark_in_our_sprite(provider: str) -> None:
    sprite = (Path(bookme.__file__).parent / "static" / "icons.svg").read_text()
    assert f'id="{facts(provider).icon}"' in sprite


@pytest.mark.parametrize(
    ("faults", "said", "status"),
    [
        ([], "Zoom just answered", "active"),
        (["token_refresh_stale"], "no longer lets BookMe in", "needs_reconnect"),
        ([says(500, {})], "didn't answer in time", "active"),
        ([requests.ReadTimeout("slow")], "didn't answer in time", "active"),
        (["api_user_missing"], "no longer lets BookMe in", "needs_reconnect"),
        (["api_hosting_forbidden"], "doesn't let us use this account", "active"),
        (["token_bad_client"], "isn't accepting requests from this site", "active"),
    ],
)
@pytest.mark.parametrize("with_htmx", [True, False])
def test_a_test_says_what_zoom_says(
    host: User,
    as_host: AsHost,
    zoom: FakeZoom,
    faults: list[Any],
    said: str,
    status: str,
    with_htmx: bool,
) -> None:
    connection(host, zoom)
    if faults and str(faults[0]).startswith("token"):
        zoom.fails("me", "api_token_expired")
        zoom.fails("refresh", *faults)
    else:
        zoom.fails("me", *faults)
    browser = as_host(host, htmx=with_htmx)
    answer = browser.post(TEST)
    if not with_htmx:
        assert (answer.status_code, answer.headers["Location"]) == (303, OPEN)
        answer = browser.get(OPEN)
    assert said in unescape(answer.text)
    assert rows(host)[0].status == status


def test_there_is_nothing_to_test_or_ask_about_without_a_connection(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(factories.host(another=True), zoom)
    browser = as_host(host)
    for answer in (browser.post(TEST), browser.get("/connections/zoom/disconnect")):
        assert (answer.status_code, answer.headers["Location"]) == (303, "/connections")
    assert "Zoom isn't connected anymore" in unescape(browser.get(PAGE).text)
    assert zoom.calls == []


def test_the_page_costs_the_same_however_much_there_is(
    host: User, as_host: AsHost, zoom: FakeZoom, statements: list[str]
) -> None:
    connection(host, zoom)
    browser = as_host(host)
    browser.get(OPEN)
    forget_browser()
    statements.clear()
    browser.get(OPEN)
    few = selects(statements)
    for number in range(30):
        connection(factories.host(another=True), zoom, person=f"{number}@zoom.example")
        columns = {"location_kind": LocationKind.VIDEO, "video_provider": "zoom"}
        factories.schedule(host=host, title=f"S{number}", slug=f"s{number}", **columns)
    forget_browser()
    statements.clear()
    browser.get(OPEN)
    assert selects(statements) == few
