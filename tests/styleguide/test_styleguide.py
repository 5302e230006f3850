"""The page for developers: all parts are on it, and nobody else is shown it."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

import bookme
from tests.look.markup import elements

TEMPLATES = Path(bookme.__file__).parent / "templates"


def parts() -> set[str]:
    """The macros that pages are made of."""
    found = re.findall(
        r"{% macro ([a-z]\w*)\(", "".join(p.read_text() for p in TEMPLATES.glob("macros/*.html"))
    )
    assert len(found) > 20
    return set(found) - {"trap", "hidden"}  # which nobody sees


def test_every_part_is_on_it() -> None:
    source = "".join(path.read_text() for path in TEMPLATES.glob("styleguide/*.html"))
    assert {part for part in parts() if not re.search(rf"\b{part}\(", source)} == set()


def test_it_is_shown_as_the_address_asks(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/styleguide?theme=dark&dir=rtl").text, "html.parser")
    [shown] = page.select("main [data-theme]")
    assert (shown["data-theme"], shown["dir"]) == ("dark", "rtl")
    tab, *_ = page.select("main .tabs [aria-current]")
    assert tab.get_text() == "dark, rtl"
    odd = client.get("/styleguide?theme=%22%3E&dir=x").text
    assert 'data-theme="light" dir="ltr"' in odd


def test_its_picker_works(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/styleguide?theme=dark").text, "html.parser")
    day = page.select("a.day")[2]
    swapped = client.get(str(day["hx-get"]), headers={"HX-Request": "true"}).text
    assert str(day["aria-label"]).partition(",")[0] in swapped
    assert "theme=dark" in swapped
    assert "<html" not in swapped


def test_no_id_is_there_twice(client: FlaskClient) -> None:
    ids = [
        e.attributes["id"] for e in elements(client.get("/styleguide").text) if "id" in e.attributes
    ]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("http://localhost:5000", 200),
        ("http://127.0.0.1:8000", 200),
        ("http://[::1]:8000", 200),
        ("https://localhost", 404),
        ("http://bookme.example", 404),
        ("http://localhost.example", 404),
        ("http://10.0.0.4", 404),
    ],
)
def test_only_a_developers_own_machine_has_it(
    app: Flask, client: FlaskClient, url: str, status: int
) -> None:
    app.config["PUBLIC_URL"] = url
    assert client.get("/styleguide").status_code == status
