"""A provider is known in its own folder and in one list: nothing else asks which one it is."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

import bookme
from bookme import create_app
from bookme.clock import utcnow
from bookme.connections import providers
from bookme.extensions import db
from bookme.providers import registry
from bookme.providers.facts import Consent, Facts
from bookme.providers.google.client import GoogleCalendar
from bookme.providers.http.oauth import OAuthClient
from bookme.providers.meetings import Meetings
from bookme.providers.setting import Kind, Setting, Settings
from tests import conftest, factories

ROOT = Path(bookme.__file__).parents[1]
#: What belongs to a provider: its folder, its words, the demo that stands in for it, and the
#: endpoint that only Zoom calls.
ITS_OWN = (
    *("bookme/providers/", "bookme/templates/providers/", "bookme/templates/help/"),
    *("bookme/help/", "bookme/webhooks/", "bookme/running/demo.py"),
    *("bookme/running/furnishing/", "bookme/styleguide/", "bookme/templates/styleguide/"),
    "bookme/reviewer/examples.py",  # what each vendor's reviewer is to try
    "bookme/bookings/calendar_links.py",  # web calendars, whether or not anybody connects them
)
NAMED = re.compile(
    r"""["'](zoom|google|microsoft|icloud|google_meet|microsoft_teams)["']""", re.IGNORECASE
)


def files() -> Iterator[Path]:
    for pattern in ("*.py", "*.html", "*.txt"):
        yield from (ROOT / "bookme").rglob(pattern)
    yield ROOT / "bookme" / "config.py"


def test_no_provider_is_named_outside_its_own_folder() -> None:
    looked_at = [p for p in files() if not str(p.relative_to(ROOT)).startswith(ITS_OWN)]
    assert len(looked_at) > 200
    found = {
        f"{path.relative_to(ROOT)}: {named[0]}"
        for path in looked_at
        for named in NAMED.finditer(path.read_text())
    }
    assert found == set()


def _client(settings: Settings) -> OAuthClient:
    base = settings["TOY_URL"]
    return OAuthClient(
        provider="toy",
        client_id=settings["TOY_CLIENT_ID"],
        client_secret=settings["TOY_CLIENT_SECRET"],
        authorize_url=f"{base}/authorize",
        token_url=f"{base}/token",
        revoke_url=None,
    )


def _open(settings: Settings, token: str, zone: str, deadline: float) -> GoogleCalendar:
    return GoogleCalendar(settings["TOY_URL"], token, zone=zone, deadline=deadline)


#: What the folder of a new provider would hold; its client is another's here.
TOY = Facts(
    name="toy",
    label="Toybox",
    title="Toybox calendar and talks",
    offer="Busy times and talks",
    open=_open,
    calendar="Toybox",
    meetings=Meetings(name="toy_talk", label="Toy Talk", carried_by_entry=True),
    consent=Consent(client=_client, page_setting="TOY_URL"),
    permissions={"events": "See your events"},
    can_revoke=False,
    end_pages=(("Settings", "https://toys.example/settings"),),
    settings=(Setting("TOY_URL", Kind.BASE, "https://toys.example/oauth"),),
)


@pytest.fixture
def toybox(
    monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path
) -> Iterator[FlaskClient]:
    """BookMe with one provider more: a line in the registry."""
    listed: Any = registry.PROVIDERS
    monkeypatch.setitem(listed, "toy", TOY)
    makers: Any = registry.MAKERS
    monkeypatch.setitem(makers, "toy_talk", TOY)
    monkeypatch.setattr(providers, "NAMES", tuple(listed))
    monkeypatch.setenv("TOY_CLIENT_ID", "id")
    monkeypatch.setenv("TOY_CLIENT_SECRET", "secret")
    app = create_app(conftest.settings(database_url, tmp_path))
    with app.app_context():
        yield app.test_client()
        db.session.remove()
        db.engine.dispose()


def signed_in(browser: FlaskClient) -> FlaskClient:
    from bookme.accounts import sessions

    host = factories.host()
    _, token = sessions.begin(host, "Firefox on Linux", now=utcnow())
    db.session.commit()
    with browser.session_transaction() as cookie:
        cookie["sid"] = token
    return browser


@pytest.mark.parametrize(
    ("path", "shown"), [("/connections", "Toybox"), ("/connections/settings", "Toy Talk")]
)
def test_a_new_provider_is_on_the_pages(toybox: FlaskClient, path: str, shown: str) -> None:
    page = signed_in(toybox).get(path)
    assert page.status_code == 200
    assert shown in page.text


def test_a_new_provider_can_be_connected(toybox: FlaskClient) -> None:
    browser = signed_in(toybox)
    answer = browser.post("/connections/toy/connect")
    assert answer.status_code == 303
    assert answer.location.startswith("https://toys.example/oauth/authorize?")
    policy = browser.get("/connections").headers["Content-Security-Policy"]
    assert "https://toys.example" in policy


def test_a_new_provider_adds_its_settings_to_the_environment(toybox: FlaskClient) -> None:
    settings: Flask = toybox.application
    assert settings.config["TOY_URL"] == "https://toys.example/oauth"
