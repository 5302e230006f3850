"""Google Meet and Microsoft Teams among the providers that a host chooses from."""

from collections.abc import Callable, Iterator
from html import unescape

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import User
from tests.connections.clouds import GOOGLE, MICROSOFT, FakeCloud, cloud_at_the_wire, connect

AsHost = Callable[..., FlaskClient]
SETTINGS, SCHEDULE = "/connections/settings", "/dashboard/schedules/new"
NAMES = {
    GOOGLE: ("google_meet", "Google Meet"),
    MICROSOFT: ("microsoft_teams", "Microsoft Teams"),
}


@pytest.fixture(params=[GOOGLE, MICROSOFT])
def cloud(request: pytest.FixtureRequest, app: Flask) -> Iterator[FakeCloud]:
    with cloud_at_the_wire(request.param) as fake:
        yield fake


def offered(page: str, field: str) -> list[str]:
    """The values that a page offers for a field, as radios or in a list."""
    soup = BeautifulSoup(page, "html.parser")
    found = soup.select(f'input[name="{field}"], select[name="{field}"] option')
    return [str(one["value"]) for one in found]


def test_they_are_offered_once_their_account_is_connected(
    host: User, as_host: AsHost, cloud: FakeCloud
) -> None:
    browser, (name, label) = as_host(host), NAMES[cloud.provider]
    assert f"{label}" in browser.get(SETTINGS).text  # what is to be connected for it
    assert offered(browser.get(SETTINGS).text, "default_video_provider") == [""]
    connect(browser, cloud)
    assert offered(browser.get(SETTINGS).text, "default_video_provider") == [name, ""]
    assert offered(browser.get(SCHEDULE).text, "video_provider") == ["", name]
    assert "my default" not in browser.get("/connections").text, "the only one is it already"
    browser.post(SETTINGS, data={"default_video_provider": name})
    db.session.refresh(host)
    assert host.default_video_provider == name
    assert f"Your default video provider is now {label}." in browser.get(SETTINGS).text
    assert f"My default ({label})" in browser.get(SCHEDULE).text


def test_an_account_that_cannot_meet_is_said_where_the_choice_would_be(
    host: User, as_host: AsHost, cloud: FakeCloud
) -> None:
    browser, (name, label) = as_host(host), NAMES[cloud.provider]
    cloud.can_meet = False
    connect(browser, cloud)
    for path, field in ((SETTINGS, "default_video_provider"), (SCHEDULE, "video_provider")):
        page = browser.get(path).text
        assert name not in offered(page, field)
        assert f"{label} isn’t available." in page
    refused = browser.post(SETTINGS, data={"default_video_provider": name})
    assert refused.status_code == 422
    assert f"BookMe can't create {label} meetings with it." in unescape(refused.text)


def test_what_is_not_connected_cannot_be_the_default(host: User, as_host: AsHost) -> None:
    refused = as_host(host).post(SETTINGS, data={"default_video_provider": "google_meet"})
    assert refused.status_code == 422
    assert "Connect Google first. Then you can make it your default." in refused.text


def test_one_that_was_chosen_stays_chosen_when_it_is_disconnected(
    host: User, as_host: AsHost, cloud: FakeCloud
) -> None:
    browser, (name, _) = as_host(host), NAMES[cloud.provider]
    connect(browser, cloud)
    browser.post(SETTINGS, data={"default_video_provider": name})
    browser.post(f"/connections/{cloud.provider}/disconnect")
    assert offered(browser.get(SETTINGS).text, "default_video_provider") == [name, ""]
    assert "Not connected at the moment" in browser.get(SETTINGS).text
