"""What a request says of itself is not what BookMe answers with."""

import logging
from datetime import datetime

import pytest
from babel import Locale
from flask import Flask, Response, request, url_for
from flask.testing import FlaskClient

from bookme.clock import utcnow
from bookme.web import htmx, words
from bookme.web.application import Values
from bookme.web.assets import vary

STRANGE = [
    "evil.example",
    "a" * 64 + ".example",
    "a..b",
    "ü.example",
    "[::1",
    "x y",
    "",
    "evil:99999",
]


@pytest.mark.parametrize("host", STRANGE)
@pytest.mark.parametrize(
    "path",
    ["/sign-in", "//evil.example/", "/sign-in//", "/dashboard//schedules", "/nobody/nothing"],
)
def test_no_address_comes_from_the_host_that_was_sent(
    client: FlaskClient, host: str, path: str
) -> None:
    answer = client.get(path, environ_overrides={"HTTP_HOST": host, "PATH_INFO": path})
    assert answer.status_code in (200, 303, 308, 404)
    assert "evil.example" not in answer.headers.get("Location", "").removeprefix(
        "http://localhost/evil.example"
    )
    if answer.status_code == 308:
        assert answer.location.startswith("http://localhost/")
    if host and host not in path:
        assert host not in answer.text


def test_a_path_with_a_double_slash_leads_to_the_public_address(
    app: Flask, client: FlaskClient
) -> None:
    app.config["PUBLIC_URL"] = "https://book.example.com"
    answer = client.get("/dashboard//schedules?page=2", headers={"Host": "evil.example"})
    assert answer.location == "https://book.example.com/dashboard/schedules?page=2"


def test_a_failure_is_logged_without_the_token_of_its_path(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    token = "Zx3" + "aB_-9" * 6
    with app.test_request_context(f"/booking/{token}"), caplog.at_level(logging.ERROR):
        app.log_exception((None, None, None))
    assert "/booking/***" in caplog.text
    assert token not in caplog.text


def test_a_hole_can_be_reported(client: FlaskClient, app: Flask) -> None:
    said = client.get("/.well-known/security.txt")
    assert said.mimetype == "text/plain"
    fields = dict(line.split(": ", 1) for line in said.text.splitlines() if line)
    assert fields["Canonical"] == f"{app.config['PUBLIC_URL']}/.well-known/security.txt"
    assert datetime.fromisoformat(fields["Expires"]) > utcnow()
    assert f"mailto:{app.config['SUPPORT_EMAIL']}" in said.text


def test_an_argument_that_is_not_there_is_what_it_is_otherwise(app: Flask) -> None:
    with app.test_request_context("/?page=3&page=4&bad=x", headers={"Cookie": "zone=UTC"}):
        args = request.args
        assert (args.get("page"), args.get("page", type=int)) == ("3", 3)
        assert (args.get("none"), args.get("none", "other"), args.get("none", type=int)) == (
            *(None, "other", None),
        )
        assert args.get("bad", 7, type=int) == 7
        assert (request.cookies.get("zone"), request.cookies.get("none", "")) == ("UTC", "")


def test_the_address_of_a_file_is_that_of_the_place_where_the_site_is(app: Flask) -> None:
    found = []
    for root in ("", "/below", ""):
        with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
            found.append(url_for("static", filename="look.css"))
    assert found[0] == found[2] == found[1].removeprefix("/below")
    assert found[1].startswith("/below/static/look.")


def test_what_a_request_says_is_looked_up_without_making_errors(app: Flask) -> None:
    """htmx-flask would put its own kind of request in place of ours."""
    with app.test_request_context("/?a=1", headers={"Cookie": "b=2"}):
        for values, name in ((request.args, "a"), (request.cookies, "b")):
            assert isinstance(values, Values)
            assert values.get(name)
            assert values.get("none") is None
        assert htmx.wants_fragment() is False


def test_an_answer_says_once_what_it_differs_by(app: Flask) -> None:
    response = Response()
    for name in ("Cookie", "HX-Request", "Cookie"):
        vary.add(response, name)
    assert response.headers.getlist("Vary") == ["Cookie, HX-Request"]


def test_a_locale_of_ours_is_babels(app: Flask) -> None:
    for name in ("en_GB", "de", "pt_BR", "ar", "he", "zh_Hans_CN"):
        ours, theirs = words._locale(name), Locale.parse(name)
        assert ours == theirs
        assert hash(ours) == hash(theirs)
        assert (str(ours), ours.text_direction) == (str(theirs), theirs.text_direction)
