"""The page that Zoom's Marketplace leads to."""

from collections.abc import Callable

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import ConnectionStatus, Problem, User
from tests.connections.making import connection
from tests.fake_zoom import JILL, FakeZoom

AsHost = Callable[..., FlaskClient]
INSTALL = "/connections/zoom/install"


def links(text: str) -> list[str]:
    return [str(a["href"]) for a in BeautifulSoup(text, "html.parser").select("main a")]


def test_a_visitor_is_told_what_it_is_and_led_through_signing_in_or_up(client: FlaskClient) -> None:
    answer = client.get(INSTALL)
    assert answer.status_code == 200
    assert "/sign-in?next=/connections/zoom/install" in links(answer.text)
    assert "/sign-up?next=/connections/zoom/install" in links(answer.text)
    assert "Create and manage meetings" in answer.text
    assert "<form" not in BeautifulSoup(answer.text, "html.parser").main.decode()


def test_a_host_has_one_button_that_starts_the_flow(host: User, as_host: AsHost) -> None:
    answer = as_host(host).get(INSTALL)
    (form,) = BeautifulSoup(answer.text, "html.parser").select("main form")
    assert (form["method"], form["action"]) == ("post", "/connections/zoom/connect")
    assert form.find("input", {"name": "csrf_token"}) is not None
    assert form.button.text == "Connect Zoom"


def test_looking_starts_nothing(host: User, as_host: AsHost, zoom: FakeZoom) -> None:
    as_host(host).get(INSTALL)
    assert zoom.calls == []


def test_an_unconfirmed_host_is_asked_to_confirm_first(host: User, as_host: AsHost) -> None:
    host.email_confirmed_at = None
    db.session.commit()
    page = as_host(host).get(INSTALL).text
    assert "confirm your e-mail address" in page
    assert "/connections/zoom/connect" not in page


def test_a_broken_connection_is_offered_to_be_mended(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom, status=ConnectionStatus.NEEDS_RECONNECT, problem=Problem.GRANT_ENDED)
    page = as_host(host).get(INSTALL).text
    assert "Reconnect Zoom" in page
    assert JILL in page
    assert "Replace this account" not in page


def test_a_server_without_zoom_says_so(app: Flask, host: User, as_host: AsHost) -> None:
    app.config["ZOOM_CLIENT_ID"] = ""
    page = as_host(host).get(INSTALL).text
    assert "isn't set up on this site" in page
    assert "/connections/zoom/connect" not in page
