"""The profile: what bookers see of a host, and how times are shown."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.models import User
from tests import factories
from tests.accounts import steps

PROFILE = {
    "name": "Mara Berg",
    "handle": "mara-berg",
    "zone": "America/New_York",
    "locale": "en_US",
    "clock_hours": "12",
}


@pytest.fixture
def mara(app: Flask, client: FlaskClient) -> User:
    """Signed in, in ``client``."""
    host = factories.host(zone="Europe/Lisbon")
    steps.sign_in(client, host.email)
    return host


def test_the_page_shows_what_is_set(mara: User, client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/account").text, "html.parser")
    chosen = [option["value"] for option in page.select("option[selected]")]
    assert chosen == ["Europe/Lisbon", "en_GB"]
    checked = page.select_one("input[type=radio][checked]")
    assert checked is not None
    assert checked["value"] == "24"
    assert "http://localhost/mara" in page.text


def test_a_profile_is_changed(mara: User, client: FlaskClient) -> None:
    answer = client.post("/account", data=PROFILE)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert "Your profile is saved." in client.get("/account").text
    host = steps.host(mara.email)
    assert {name: str(getattr(host, name)) for name in PROFILE} == PROFILE


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": " "}, "Enter your name as bookers should see it."),
        ({"handle": ""}, "2 to 40 characters"),
        ({"handle": "Mara"}, "lowercase letters"),
        ({"handle": "dashboard"}, "reserved for BookMe"),
        ({"handle": "taken"}, "Another host has this handle."),
        ({"zone": "Mars/Olympus"}, "Not a valid choice"),
        ({"locale": "tlh"}, "Not a valid choice"),
        ({"clock_hours": "13"}, "Not a valid choice"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_is_wrong_stands_beside_the_field_and_the_rest_is_kept(
    mara: User, client: FlaskClient, change: dict[str, str], words: str
) -> None:
    factories.host(another=True, handle="taken")
    answer = client.post("/account", data=PROFILE | change)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    field = page.select_one(f"#{next(iter(change))}-error")
    assert field is not None
    assert words in field.text
    kept = page.select_one("#name" if "name" not in change else "#handle")
    assert kept is not None
    assert kept["value"] in ("Mara Berg", "mara-berg")
    assert steps.host(mara.email).handle == "mara"


def test_keeping_ones_own_handle_is_fine(mara: User, client: FlaskClient) -> None:
    assert client.post("/account", data=PROFILE | {"handle": "mara"}).status_code == 303
