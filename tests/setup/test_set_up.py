"""The set-up, from a confirmed address to a link, with htmx and without."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bookme.extensions import db
from bookme.models import LocationKind, OpeningHours, Schedule, SetUpStep, User
from bookme.schedules import service
from tests import factories
from tests.accounts import steps
from tests.connections.making import connect
from tests.factories import NOW
from tests.fake_zoom import FakeZoom

AsHost = Callable[..., FlaskClient]

SET_UP = "/dashboard/set-up"
MONDAY = {"windows-0-weekday": "0", "windows-0-opens": "10:00", "windows-0-closes": "12:00"}
OFF = {"open": ["0"]}
PHONE = {"title": "Intro call", "location_kind": "phone", "caller": "host"}


@pytest.fixture(params=[False, True], ids=["plain", "htmx"])
def browser(app: Flask, request: pytest.FixtureRequest) -> FlaskClient:
    """Nora's, who has just confirmed her address in it; she is in Lisbon."""
    browser = app.test_client()
    steps.sign_up(browser, zone="Europe/Lisbon")
    browser.post(steps.path_in("confirm_email"))
    if request.param:
        browser.environ_base["HTTP_HX_REQUEST"] = "true"
    return browser


def send(browser: FlaskClient, step: str, **form: Any) -> TestResponse:
    return browser.post(f"{SET_UP}/{step}", data=form)


def leads_to(answer: TestResponse) -> str:
    """Where a saved form takes the browser, with htmx or without."""
    assert answer.status_code in (204, 303), answer.text
    return str(answer.headers.get("HX-Redirect") or answer.location)


def begins_at(browser: FlaskClient) -> str:
    return leads_to(browser.get(SET_UP)).removeprefix(f"{SET_UP}/")


def page(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def value(answer: TestResponse, name: str) -> str:
    """What a field of the page holds."""
    field = page(answer).select_one(f"[name={name}]")
    assert isinstance(field, Tag)
    chosen = field.select_one("option[selected]") if field.name == "select" else field
    return str(chosen["value"]) if chosen is not None else ""


def hours() -> OpeningHours:
    db.session.expire_all()
    return db.session.scalars(sa.select(OpeningHours)).one()


def schedules() -> list[Schedule]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Schedule)))


@pytest.mark.both_databases
def test_a_newcomer_has_a_link_after_four_screens(browser: FlaskClient) -> None:
    assert begins_at(browser) == "address"
    shown = browser.get(f"{SET_UP}/address")
    assert "Step 1 of 4" in shown.text
    assert (value(shown, "handle"), value(shown, "zone")) == ("nora-berg", "Europe/Lisbon")
    went = send(browser, "address", handle="nora", zone="Asia/Tokyo")
    assert leads_to(went) == f"{SET_UP}/hours"
    assert (steps.host().handle, steps.host().zone, hours().zone) == ("nora", *["Asia/Tokyo"] * 2)

    assert begins_at(browser) == "hours"
    assert 'value="09:00"' in browser.get(f"{SET_UP}/hours").text
    assert leads_to(send(browser, "hours", **MONDAY, **OFF)) == f"{SET_UP}/connections"
    assert hours().week == [[[600, 720]], [], [], [], [], [], []]

    assert begins_at(browser) == "connections"
    assert "Skip this step" in browser.get(f"{SET_UP}/connections").text
    assert leads_to(send(browser, "connections")) == f"{SET_UP}/link"

    assert begins_at(browser) == "link"
    assert "Video Meeting" not in browser.get(f"{SET_UP}/link").text
    assert leads_to(send(browser, "link", **PHONE)) == f"{SET_UP}/link"
    shown = browser.get(f"{SET_UP}/link")
    [button] = page(shown).select("button[data-copy]")
    [address] = page(shown).select(f"#{button['data-copy']}")
    assert address["value"] == "http://localhost/nora/intro-call"
    assert browser.get("/nora/intro-call").status_code == 200
    [made] = schedules()
    assert (made.zone, made.week, made.opening_hours_id) == (
        *("Asia/Tokyo", hours().week),
        hours().id,
    )
    assert [rule.minutes for rule in made.message_rules] == [1440, 60]
    assert steps.host().set_up_step is None
    assert begins_at(browser) == "link"
    assert "Finish setting up" not in browser.get("/dashboard").text


def test_with_video_connected_nothing_is_left_to_ask(
    app: Flask, as_host: AsHost, zoom: FakeZoom
) -> None:
    browser = as_host(factories.host(set_up_step=SetUpStep.CONNECTIONS))
    assert connect(browser, zoom).location == f"{SET_UP}/connections"
    shown = browser.get(f"{SET_UP}/connections").text
    assert "Zoom is connected." in shown
    assert "Skip this step" not in shown
    assert leads_to(send(browser, "connections")) == f"{SET_UP}/link"
    assert "http://localhost/mara/intro-call" in browser.get(f"{SET_UP}/link").text
    [made] = schedules()
    assert (made.location_kind, made.provider) == (LocationKind.VIDEO, "zoom")
    send(browser, "connections")
    assert len(schedules()) == 1


def test_connecting_at_another_time_leads_to_connections(
    app: Flask, as_host: AsHost, zoom: FakeZoom
) -> None:
    browser = as_host(factories.host(set_up_step=SetUpStep.HOURS))
    assert connect(browser, zoom).location == "/connections"


def test_going_back_takes_nothing_away(browser: FlaskClient) -> None:
    send(browser, "address", handle="nora", zone="Asia/Tokyo")
    send(browser, "hours", **MONDAY, **OFF)
    send(browser, "address", handle="nora", zone="Europe/Paris")
    assert begins_at(browser) == "connections"
    assert (hours().zone, hours().week[0]) == ("Europe/Paris", [[600, 720]])


def test_a_second_click_finds_the_first_schedule(browser: FlaskClient) -> None:
    for _ in range(2):
        assert leads_to(send(browser, "link", **PHONE)) == f"{SET_UP}/link"
    assert len(schedules()) == 1


def test_a_schedule_made_elsewhere_ends_the_set_up(browser: FlaskClient) -> None:
    where = {"location_kind": LocationKind.PHONE, "opening_hours_id": hours().id}
    begins = {"zone": "UTC", "week": hours().week}
    service.create(steps.host(), {"title": "Chat", **where, **begins}, now=NOW)
    db.session.commit()
    assert steps.host().set_up_step is None


@pytest.mark.parametrize(
    ("handle", "zone", "words"),
    [
        ("Nora Berg", "Asia/Tokyo", "Use lowercase letters"),
        ("taken", "Asia/Tokyo", "Another host has this address."),
        ("nora", "", "Choose your time zone."),
        ("nora", "Mars/Base", "Not a valid choice"),
    ],
)
def test_what_is_wrong_with_the_address_is_said_and_nothing_changes(
    browser: FlaskClient, handle: str, zone: str, words: str
) -> None:
    factories.host(another=True, handle="taken")
    answer = send(browser, "address", handle=handle, zone=zone)
    assert answer.status_code == 422
    assert words in answer.text
    assert value(answer, "handle") == handle
    assert (steps.host().handle, steps.host().zone) == ("nora-berg", "Europe/Lisbon")
    assert steps.host().set_up_step == SetUpStep.ADDRESS


def test_what_is_wrong_with_the_hours_is_said_and_what_was_typed_stays(
    browser: FlaskClient,
) -> None:
    wrong = MONDAY | {"windows-0-closes": "99:00"}
    answer = send(browser, "hours", **wrong, **OFF)
    assert answer.status_code == 422
    assert "Enter a time, such as 09:30." in answer.text
    assert 'value="99:00"' in answer.text
    answer = send(browser, "hours", **MONDAY, open=[])
    assert answer.status_code == 422
    assert "Enter at least one time" in answer.text
    assert hours().week[0] == [[540, 1020]]
    grown = send(browser, "hours", **MONDAY, **OFF, add="0")
    assert grown.status_code == 200
    assert len(page(grown).select("input[name$=opens]")) == 2


def test_hours_in_which_a_schedule_does_not_fit_are_refused(browser: FlaskClient) -> None:
    send(browser, "link", **PHONE)
    answer = send(browser, "hours", **MONDAY | {"windows-0-closes": "10:15"}, **OFF)
    assert answer.status_code == 422
    assert "“Intro call” uses these hours" in answer.text
    assert hours().week[0] == [[540, 1020]]


def test_where_it_takes_place_is_asked_for_and_what_was_typed_stays(browser: FlaskClient) -> None:
    person = PHONE | {"title": "Coffee", "location_kind": "in_person"}
    answer = send(browser, "link", **person)
    assert answer.status_code == 422
    assert "Enter the address." in answer.text
    assert value(answer, "title") == "Coffee"
    forged = send(browser, "link", **PHONE | {"location_kind": "video", "video_provider": "zoom"})
    assert forged.status_code == 422
    assert schedules() == []


def test_a_zone_that_nobody_knows_is_left_to_the_browser(app: Flask, as_host: AsHost) -> None:
    host = factories.host(set_up_step=SetUpStep.ADDRESS)
    shown = as_host(host).get(f"{SET_UP}/address")
    assert value(shown, "zone") == ""
    [zone] = page(shown).select("select[data-fill-zone]")
    assert zone["name"] == "zone"
    host.set_up_step = SetUpStep.HOURS
    db.session.commit()
    assert value(as_host(host).get(f"{SET_UP}/address"), "zone") == "UTC"


def test_once_it_is_over_hours_keep_their_zone(browser: FlaskClient) -> None:
    send(browser, "link", **PHONE)
    send(browser, "address", handle="nora", zone="Asia/Tokyo")
    assert hours().zone == "Europe/Lisbon"
    assert steps.host().set_up_step is None


def test_an_unconfirmed_host_prepares_but_connects_and_publishes_nothing(
    app: Flask, as_host: AsHost
) -> None:
    host: User = factories.host(email_confirmed_at=None, set_up_step=SetUpStep.CONNECTIONS)
    browser = as_host(host)
    shown = browser.get(f"{SET_UP}/connections")
    assert "Confirm your e-mail address." in shown.text
    assert page(shown).select("form[action$=connect]") == []
    assert browser.post("/connections/zoom/connect").status_code == 403
    send(browser, "link", **PHONE)
    shown = browser.get(f"{SET_UP}/link")
    assert "Confirm your e-mail address." in shown.text
    assert "mara/intro-call" not in shown.text
    assert app.test_client().get("/mara/intro-call").status_code == 404


def test_no_step_is_saved_for_another_site(browser: FlaskClient, app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    for step in ("address", "hours", "connections", "link"):
        assert send(browser, step, **PHONE).status_code == 400, step
    assert steps.host().set_up_step == SetUpStep.ADDRESS
