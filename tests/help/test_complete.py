"""The pages that reviewers ask for are complete once an operator has given a name and a domain."""

import re

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme import config
from bookme.crypto import new_key

GIVEN = {"PUBLIC_URL": "https://book.example.com", "OPERATOR_NAME": "Mara & Sons"}
KEYS = {"SECRET_KEY": new_key(), "TOKEN_KEYS": new_key()}
PAGES = ["/privacy", "/terms", "/support", "/help/zoom", "/help/calendars", "/help/trouble"]


@pytest.fixture
def named(app: Flask) -> Flask:
    """A server whose operator has set nothing that these pages show but a name and a domain."""
    read = config.load(GIVEN | KEYS)
    kept = ("PUBLIC_URL", "OPERATOR_NAME", "SUPPORT_EMAIL", "SUPPORT_HOURS", "SUPPORT_DAYS")
    app.config.update({name: read[name] for name in kept})
    return app


def words(client: FlaskClient, path: str) -> str:
    page = BeautifulSoup(client.get(path).text, "html.parser")
    assert page.main is not None
    return re.sub(r"\s+", " ", page.main.get_text(" "))


@pytest.mark.parametrize("path", PAGES)
def test_each_page_says_whom_to_write_to(named: Flask, client: FlaskClient, path: str) -> None:
    said = words(client, path)
    assert "support@book.example.com" in said
    assert "localhost" not in said


@pytest.mark.parametrize("path", ["/privacy", "/terms", "/support"])
def test_each_text_names_the_operator(named: Flask, client: FlaskClient, path: str) -> None:
    assert "Mara & Sons" in words(client, path)


def test_support_says_when_it_answers(named: Flask, client: FlaskClient) -> None:
    said = words(client, "/support")
    assert "from Monday to Friday. You get a first answer within 3 working days." in said
    named.config.update(SUPPORT_HOURS="every day, 8:00 to 20:00 (Berlin)", SUPPORT_DAYS=1)
    said = words(client, "/support")
    assert "at these times: every day, 8:00 to 20:00 (Berlin). You get a first answer" in said
    assert "within 1 working day." in said


def test_security_txt_leads_to_people_and_to_the_policy(named: Flask, client: FlaskClient) -> None:
    lines = client.get("/.well-known/security.txt").text.splitlines()
    fields = dict(line.split(": ", 1) for line in reversed(lines) if line)
    assert fields["Contact"] == "mailto:support@book.example.com"
    path, _, anchor = fields["Policy"].removeprefix("https://book.example.com").partition("#")
    assert BeautifulSoup(client.get(path).text, "html.parser").find(id=anchor) is not None


def test_the_home_page_says_what_it_does_and_why_it_asks_without_signing_in(
    client: FlaskClient,
) -> None:
    page = BeautifulSoup(client.get("/").text, "html.parser")
    said = words(client, "/")
    assert "people pick a time" in said.lower()
    assert "sees when your calendars are busy, adds your bookings to one of them" in said
    links = {str(one["href"]) for one in page.select("a[href]")}
    assert {"/privacy", "/terms", "/support"} <= links, "on the same domain"


def test_the_limited_use_disclosure_is_short_and_one_click_from_home(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/privacy").text, "html.parser")
    disclosure = page.find(id="limited-use")
    assert disclosure is not None
    said = re.sub(r"\s+", " ", disclosure.get_text())
    assert len(said) < 500
    assert "Google API Services User Data Policy, including the Limited Use requirements" in said
    link = disclosure.find("a")
    assert link is not None
    assert "api-services-user-data-policy" in link["href"]
