"""The frames: what every page has, what the dashboard adds, what an error page does without."""

from pathlib import Path
from typing import NoReturn

import pytest
from bs4 import BeautifulSoup
from flask import Flask, flash, json, render_template, render_template_string

import bookme
from bookme.web.error_pages import PAGES

ERRORS = Path(bookme.__file__).parent / "templates/errors"
DASHBOARD = '{% extends "dashboard.html" %}{% block main %}<h1>Here</h1>{% endblock %}'


def read(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def test_a_page_names_its_language_and_its_parts(site: Flask) -> None:
    with site.test_request_context():
        page = read(render_template("layout.html"))
    assert page.html is not None
    assert page.html["lang"] == "en"
    assert page.select_one("a.skip[href='#main']") is not None
    assert len(page.select("main#main")) == 1
    assert [link.get_text() for link in page.select("footer a")] == [
        "Help",
        "Support",
        "Privacy",
        "Terms",
    ]


def test_scripts_wait_and_htmx_is_kept_short(site: Flask) -> None:
    with site.test_request_context():
        page = read(render_template("layout.html"))
    assert all(script.has_attr("defer") for script in page.select("script"))
    [config] = page.select("meta[name=htmx-config]")
    settings = json.loads(str(config["content"]))
    assert not settings["allowEval"]
    assert not settings["includeIndicatorStyles"]
    assert not settings["historyRestoreAsHxRequest"]
    assert settings["selfRequestsOnly"]


def test_what_was_flashed_is_said_once_and_as_text(site: Flask) -> None:
    with site.test_request_context():
        flash("Saved <b>.", "good")
        flash("Hm.")
        page = read(render_template("layout.html"))
    said = page.select("[role=status] .notice")
    assert [(" ".join(p["class"]).strip(), p.get_text(strip=True)) for p in said] == [
        ("notice good", "Saved <b>."),
        ("notice", "Hm."),
    ]


@pytest.mark.parametrize(
    ("path", "name", "current"),
    [
        ("/dashboard", "Today", "page"),
        ("/dashboard/bookings", "Bookings", "page"),
        ("/dashboard/bookings/b1", "Bookings", "true"),
        ("/account", "Account", "page"),
    ],
)
def test_the_menu_says_where_we_are(site: Flask, path: str, name: str, current: str) -> None:
    with site.test_request_context(path):
        page = read(render_template_string(DASHBOARD))
    [link] = page.select("nav[aria-label=Dashboard] [aria-current]")
    assert (link.get_text(), link["aria-current"]) == (name, current)


def test_signing_out_is_a_form_with_a_token(site: Flask) -> None:
    with site.test_request_context("/dashboard"):
        page = read(render_template_string(DASHBOARD))
    [form] = page.select("nav form[method=post]")
    assert form["action"] == "/sign-out"
    assert form.select("input[name=csrf_token]")


def test_every_error_has_its_page() -> None:
    files = {path.stem for path in ERRORS.glob("[0-9]*.html")}
    assert files == {str(code) for code in PAGES}


class Broken:
    def __getattr__(self, name: str) -> NoReturn:
        raise RuntimeError("the database is away")


@pytest.mark.parametrize("code", sorted(path.stem for path in ERRORS.glob("[0-9]*.html")))
def test_an_error_page_needs_no_user_and_no_session(site: Flask, code: str) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise RuntimeError("no session")

    site.jinja_env.globals["get_flashed_messages"] = fail
    with site.test_request_context():
        template = site.jinja_env.get_template(f"errors/{code}.html")
        page = read(template.render(current_user=Broken(), session=Broken()))
    assert page.h1 is not None
    assert page.title is not None
    assert page.title.get_text() == f"{page.h1.get_text()} · BookMe"
    assert page.select("main a.button")


@pytest.mark.parametrize(
    ("stale", "heading"), [(True, "open for too long"), (False, "couldn’t read")]
)
def test_a_stale_form_is_told_apart(site: Flask, stale: bool, heading: str) -> None:
    with site.test_request_context():
        page = read(render_template("errors/400.html", stale_form=stale))
    assert page.h1 is not None
    assert heading in page.h1.get_text()
