"""What docs/reviews.md states of the code is so."""

import re
from importlib.metadata import version

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from bookme import retention, sealed
from bookme.models import Connection
from bookme.providers.google.facts import GOOGLE
from bookme.providers.google.facts import SCOPES as GOOGLE_SCOPES
from bookme.providers.microsoft.facts import MICROSOFT
from bookme.providers.zoom.client import SCOPES as ZOOM_SCOPES
from bookme.reviewer import examples
from tests.processes import ROOT

PAGE = (ROOT / "docs" / "reviews.md").read_text()
CLIENT = (ROOT / "bookme" / "providers" / "zoom" / "client.py").read_text()


def part(heading: str) -> str:
    """What stands under a heading, or behind words in bold, until the next."""
    found = re.search(rf"^(?:#+ |\*\*){re.escape(heading)}(.*?)(?=^#|^\*\*|\Z)", PAGE, re.M | re.S)
    assert found is not None, heading
    return found[1]


def rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_versions_are_those_that_are_pinned() -> None:
    named = {name: number for _, name, number in rows(part("Stack."))}
    assert len(named) > 8
    assert named == {name: version(name) for name in named}
    assert list((ROOT / "bookme/static/vendor").glob("htmx-2.0.11.min.js"))


def test_each_call_at_zoom_is_named_with_a_scope_and_no_scope_is_left_over() -> None:
    calls = re.findall(r'"(GET|POST|PATCH|DELETE)", (?:f?"([^"]+)"|(_path)\()', CLIENT)
    made = {f"{verb} {path or '/meetings/{id}'}" for verb, path, _ in calls}
    told = {cells[0].strip("`"): cells[1].strip("`") for cells in rows(part("What BookMe calls"))}
    assert set(told) == made
    assert set(told.values()) == set(ZOOM_SCOPES)


def test_the_plan_tries_every_scope_and_every_schedule() -> None:
    steps = rows(part("Test plan"))
    assert [step[0] for step in steps] == [str(number) for number in range(1, len(steps) + 1)]
    assert {word.strip("`") for _, _, scope, _ in steps for word in scope.split()} - {"all"} == set(
        ZOOM_SCOPES
    )
    tried = set(re.findall(r"PAGE/([\w-]+)", part("Test plan")))
    titles = {str(one["title"]) for one in examples.SCHEDULES.values()}
    named = {title for title in titles if f'"{title}"' in part("Test plan")}
    zooms = {slug for slug, one in examples.SCHEDULES.items() if "Zoom" in str(one["title"])}
    by_title = {slug for slug, one in examples.SCHEDULES.items() if one["title"] in named}
    assert tried <= set(examples.SCHEDULES)
    assert zooms <= tried | by_title


def test_the_columns_named_are_those_that_hold_something_of_zoom() -> None:
    told = {cells[1].strip("`"): cells[2] for cells in rows(part("Is Zoom's data encrypted"))}
    assert {name for name, how in told.items() if how == "sealed"} == set(sealed.CONNECTION.parts)
    assert set(told) <= {column.key for column in Connection.__table__.columns}


@pytest.mark.parametrize("heading", ["What Zoom reaches", "Documentation and support", "Google"])
def test_each_address_leads_somewhere(client: FlaskClient, app: Flask, heading: str) -> None:
    app.config["ZOOM_VERIFICATION"] = "abc"
    found = re.findall(r"`(/[\w./-]*)(#[\w-]+)?`", part(heading))
    pages = [(path, anchor) for path, anchor in found if path != "/webhooks/zoom"]  # for POST
    assert pages
    for path, anchor in pages:
        answer = client.get(path)
        assert answer.status_code in (200, 303, 400), path
        if anchor:
            page = BeautifulSoup(answer.text, "html.parser")
            assert page.find(id=anchor[1:]) is not None, path + anchor


def test_every_address_that_is_named_is_one_of_ours(app: Flask) -> None:
    theirs = ("/oauth", "/users/me", "/meetings")
    named = set(re.findall(r"`(/[\w./-]+)[#`]", PAGE))
    routes = app.url_map.bind("localhost")
    unknown = []
    for path in sorted(one for one in named if not one.startswith((*theirs, "/test-account"))):
        try:
            routes.match(path, method=routes.allowed_methods(path)[0])
        except (HTTPException, IndexError):
            unknown.append(path)
    assert unknown == []
    assert len(named) > 12


def test_scopes_of_google_and_microsoft_are_those_that_are_asked_for() -> None:
    reasons = {cells[0].strip("`") for cells in rows(part("Reasons for the scopes"))}
    assert reasons == set(GOOGLE_SCOPES)
    assert GOOGLE.consent is not None
    assert MICROSOFT.consent is not None
    assert f"`{MICROSOFT.consent.parameters['scope']}`" in part("Microsoft")


def test_times_are_those_of_the_code(app: Flask) -> None:
    kept = retention.days(app.config)
    assert (kept["confirmation"], kept["repeat"]) == (10, 1)
    assert "ten days at most; for a day longer" in PAGE.replace("\n", " ")


def test_the_manifest_asks_for_the_same_scopes() -> None:
    manifest = (ROOT / "docs" / "zoom-app.md").read_text()
    assert tuple(re.findall(r'"scope": "([\w:]+)"', manifest)) == ZOOM_SCOPES
