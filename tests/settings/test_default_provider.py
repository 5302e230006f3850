"""Connections, Settings: the default video provider."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import ConnectionStatus, LocationKind, Schedule, User
from bookme.settings import service
from tests import factories
from tests.connections.clouds import GOOGLE, cloud_at_the_wire, connect
from tests.connections.making import connection
from tests.fake_zoom import FakeZoom
from tests.schedules.test_routes import TYPED

AsHost = Callable[..., FlaskClient]
PATH, FIELD = "/connections/settings", "default_video_provider"


def default_of(host: User) -> str | None:
    db.session.rollback()
    db.session.refresh(host)
    return host.default_video_provider


def offered(page: str) -> dict[str, bool]:
    """The choices on the page, and which is chosen."""
    found = BeautifulSoup(page, "html.parser").select(f'input[name="{FIELD}"]')
    return {str(choice["value"]): choice.has_attr("checked") for choice in found}


def new_schedule(browser: FlaskClient) -> BeautifulSoup:
    return BeautifulSoup(browser.get("/dashboard/schedules/new").text, "html.parser")


def kind_of(page: BeautifulSoup) -> str:
    (chosen,) = page.select("[name=location_kind][checked]")
    return str(chosen["value"])


def test_with_one_provider_new_schedules_are_video_meetings_with_it(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom)
    browser = as_host(host)
    page = new_schedule(browser)
    assert kind_of(page) == "video"
    assert "My default (Zoom)" in page.text
    assert default_of(host) is None, "looking chooses nothing"
    typed = TYPED | {"location_kind": "video"}
    assert browser.post("/dashboard/schedules/new", data=typed).status_code == 303
    (made,) = db.session.scalars(db.select(Schedule))
    assert (made.location_kind, made.provider) == (LocationKind.VIDEO, "zoom")
    assert default_of(host) == "zoom", "the schedule follows it from now on"


def test_with_two_providers_the_host_chooses(host: User, as_host: AsHost, zoom: FakeZoom) -> None:
    connection(host, zoom)
    browser = as_host(host)
    with cloud_at_the_wire(GOOGLE) as google:
        connect(browser, google)
    assert kind_of(new_schedule(browser)) == "in_person"
    assert offered(browser.get(PATH).text) == {"zoom": False, "google_meet": False, "": True}


def test_schedules_that_live_without_a_default_get_none_by_themselves(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom)
    factories.schedule(host=host, location_kind=LocationKind.VIDEO)
    assert offered(as_host(host).get(PATH).text) == {"zoom": False, "": True}


def test_zoom_can_be_chosen_once_it_is_connected(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    browser = as_host(host)
    page = browser.get(PATH).text
    assert offered(page) == {"": True}
    assert "To choose Zoom" in page
    connection(host, zoom)
    assert offered(browser.get(PATH).text) == {"zoom": True, "": False}, "the only one is it"


def test_saving_makes_it_the_default_and_says_so(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom)
    browser = as_host(host)
    answer = browser.post(PATH, data={FIELD: "zoom"})
    assert (answer.status_code, answer.headers["Location"]) == (303, PATH)
    page = browser.get(PATH).text
    assert "Your default video provider is now Zoom." in page
    assert offered(page) == {"zoom": True, "": False}
    assert default_of(host) == "zoom"


def test_none_is_a_choice(host: User, as_host: AsHost, zoom: FakeZoom) -> None:
    connection(host, zoom)
    host.default_video_provider = "zoom"
    db.session.commit()
    browser = as_host(host)
    assert browser.post(PATH, data={FIELD: ""}).status_code == 303
    assert default_of(host) == ""
    assert offered(browser.get(PATH).text) == {"zoom": False, "": True}
    assert kind_of(new_schedule(browser)) == "in_person"
    assert "My default (none yet)" in new_schedule(browser).text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({FIELD: "zoom"}, "Connect Zoom first"),
        ({FIELD: "skype"}, "Choose one of these"),
    ],
)
@pytest.mark.parametrize("with_htmx", [True, False])
def test_what_cannot_be_chosen_is_refused_beside_the_field(
    host: User, as_host: AsHost, typed: dict[str, str], words: str, with_htmx: bool
) -> None:
    answer = as_host(host, htmx=with_htmx).post(PATH, data=typed)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert words in page.select_one(f"#{FIELD}-error").text
    assert default_of(host) is None


def test_a_default_that_is_not_connected_any_more_stays_and_says_so(
    host: User, as_host: AsHost
) -> None:
    host.default_video_provider = "zoom"
    db.session.commit()
    browser = as_host(host)
    page = browser.get(PATH).text
    assert offered(page) == {"zoom": True, "": False}
    assert "Not connected at the moment" in page
    assert browser.post(PATH, data={FIELD: "zoom"}).status_code == 303


def test_one_that_needs_reconnecting_can_be_chosen(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom, status=ConnectionStatus.NEEDS_RECONNECT)
    assert as_host(host).post(PATH, data={FIELD: "zoom"}).status_code == 303


def test_it_names_the_schedules_that_follow(host: User, as_host: AsHost) -> None:
    video: dict[str, Any] = {"host": host, "location_kind": LocationKind.VIDEO}
    factories.schedule(title="Follows", slug="a", **video)
    factories.schedule(title="Names its own", slug="b", video_provider="zoom", **video)
    factories.schedule(title="In person", slug="c", host=host)
    page = as_host(host).get(PATH).text
    assert "Follows" in page
    assert "Names its own" not in page
    assert "In person" not in page


def test_htmx_is_led_to_the_saved_page(host: User, as_host: AsHost) -> None:
    answer = as_host(host, htmx=True).post(PATH, data={FIELD: ""})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, PATH)


def test_the_rule_holds_below_the_form_too(host: User) -> None:
    with pytest.raises(service.NotConnected):
        service.set_default_provider(host, "zoom")
    assert host.default_video_provider is None
