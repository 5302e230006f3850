"""embed.js and framed.js: small, and deaf to everybody but each other."""

import gzip
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, Response, render_template_string
from playwright.sync_api import Page, Route, expect

import bookme
from tests.look.conftest import ORIGIN, Open

STATIC = Path(bookme.__file__).parent / "static"
OUTSIDE, LISTED = "http://outside.test", "http://listed.test"
AROUND = """<!doctype html><title>Around</title>
<a href="http://bookme.test/inner" data-bookme="inline">Book</a>
<script>heard = []; for (const name of ["opened", "booked"]) document.addEventListener(
"bookme:" + name, (event) => heard.push([name, event.detail]));
said = []; addEventListener("message", ({ data }) => said.push(data.bookme))</script>
<script src="http://bookme.test/static/embed.js"></script>"""
INNER = """{% extends "layout.html" %}
{% block head %}<meta name="bookme-booked" content="ref" data-start="2027">{% endblock %}
{% block main %}<p>Inner</p>{% endblock %}"""
#: Another site's page in the frame that BookMe's was in.
IMPOSTOR = """<script>for (const bookme of ["here", "booked", "height", "impostor"])
parent.postMessage({ bookme, reference: "forged", start: "x", height: 4321 }, "*")</script>"""


def test_the_script_is_under_three_kilobytes() -> None:
    assert len(gzip.compress((STATIC / "embed.js").read_bytes())) < 3000


@pytest.mark.parametrize("name", ["embed.js", "framed.js"])
def test_a_strict_policy_has_nothing_to_refuse_in_it(name: str) -> None:
    code = (STATIC / name).read_text()
    for refused in ("eval(", "Function(", "innerHTML", "cssText", '"style"', "onclick", "import"):
        assert refused not in code, refused
    assert '"*"' not in code, "what is said is for one origin"


@pytest.fixture
def around(site: Flask, open_page: Open) -> Any:
    """Opens a page at an origin that has the code pasted in."""

    def inner() -> Response:
        embed = SimpleNamespace(theme="", sites=LISTED)
        page = Response(render_template_string(INNER, embed=embed))
        page.content_security_policy.frame_ancestors = "*"
        return page

    site.add_url_rule("/inner", "inner", inner)

    def answer(route: Route) -> None:
        body = IMPOSTOR if "/impostor" in route.request.url else AROUND
        route.fulfill(body=body, content_type="text/html")

    def make(origin: str) -> Page:
        page = open_page("")
        for address in (f"{OUTSIDE}/**", f"{LISTED}/**", f"{ORIGIN}/impostor"):
            page.route(address, answer)
        page.goto(f"{origin}/")
        return page

    return make


@pytest.mark.browser
def test_a_listed_site_hears_what_happens_once(around: Any) -> None:
    page = around(LISTED)
    expect(page.get_by_text("Book")).to_be_hidden()
    page.wait_for_function("heard.length === 2")
    page.frames[1].goto(f"{ORIGIN}/inner?again")
    page.wait_for_function("said.filter((one) => one === 'booked').length === 2")
    booked = {"reference": "ref", "start": "2027"}
    assert page.evaluate("heard") == [["opened", None], ["booked", booked]]


@pytest.mark.browser
def test_a_site_that_is_not_listed_hears_nothing(around: Any) -> None:
    page = around(OUTSIDE)
    page.wait_for_function("document.querySelector('iframe') === null")  # it has given up
    assert page.evaluate("[heard, said]") == [[], []]
    expect(page.get_by_text("Book")).to_be_visible()


@pytest.mark.browser
def test_the_script_heeds_no_other_origin_and_no_other_window(around: Any) -> None:
    page = around(LISTED)
    page.wait_for_function("heard.length === 2")
    page.evaluate(
        "(src) => document.body.append(Object.assign(document.createElement('iframe'), { src }))",
        f"{ORIGIN}/impostor",
    )
    page.wait_for_function("said.includes('impostor')")
    assert "forged" not in str(page.evaluate("heard"))
    page.evaluate("said.length = 0")
    page.frames[1].goto(f"{OUTSIDE}/impostor")
    page.wait_for_function("said.includes('impostor')")
    assert "forged" not in str(page.evaluate("heard"))
    assert page.locator("iframe").first.evaluate("(frame) => frame.style.height") != "4321px"
