"""Every way back from Zoom that does not lead to a connection."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import requests
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme.crypto import KeyRing
from bookme.extensions import db
from bookme.models import Alarm, AuthorizationAttempt, User
from tests import factories
from tests.answers import says
from tests.conftest import NOW
from tests.connections.making import (
    CALLBACK,
    come_back,
    connect,
    connection,
    forget_browser,
    rows,
    start,
)
from tests.fake_zoom import JACK, JILL, FakeZoom

AsHost = Callable[..., FlaskClient]


def attempts() -> int:
    return db.session.scalar(sa.select(sa.func.count(AuthorizationAttempt.id))) or 0


def offers_a_new_start(text: str) -> bool:
    return 'action="/connections/zoom/connect"' in text and "Connect Zoom again" in text


def test_a_code_without_state_is_never_exchanged(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    answer = come_back(as_host(host), CALLBACK, {"code": zoom.allows(JILL)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/connections/zoom/install")
    assert zoom.calls == []


def test_a_browser_that_is_not_signed_in_is_led_to_the_install_page(
    client: FlaskClient, zoom: FakeZoom
) -> None:
    answer = come_back(client, CALLBACK, {"code": zoom.allows(JILL), "state": "x"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/connections/zoom/install")
    assert zoom.calls == []


@pytest.mark.parametrize("query", [{}, {"state": "invented"}, {"state": "invented", "code": "c"}])
def test_a_state_that_nobody_started_explains_itself(
    host: User, as_host: AsHost, zoom: FakeZoom, query: dict[str, str]
) -> None:
    answer = come_back(as_host(host), CALLBACK, query)
    assert answer.status_code == 400
    assert "has expired" in answer.text
    assert offers_a_new_start(answer.text)
    assert zoom.calls == []


def test_a_replayed_state_connects_once(host: User, as_host: AsHost, zoom: FakeZoom) -> None:
    browser = as_host(host)
    query = {"state": start(browser), "code": zoom.allows(JILL)}
    assert come_back(browser, CALLBACK, query).status_code == 303
    again = come_back(browser, CALLBACK, {**query, "code": zoom.allows(JILL)})
    assert again.status_code == 400
    assert f"Zoom is connected as {JILL}" in again.text
    assert 'class="button main" href="/connections"' in again.text
    assert offers_a_new_start(again.text)
    assert zoom.calls == ["exchange", "me"]
    assert len(rows(host)) == 1


@pytest.mark.parametrize("whose", ["too old", "another browser's"])
def test_a_state_that_has_not_served_offers_a_new_start_to_the_connected_too(
    host: User, as_host: AsHost, zoom: FakeZoom, whose: str
) -> None:
    connection(host, zoom)
    browser = as_host(host)
    query = {"state": start(browser), "code": zoom.allows(JACK)}
    if whose == "another browser's":
        forget_browser()
        browser = as_host(host)
    later = timedelta(minutes=10 if whose == "too old" else 0)
    with time_machine.travel(NOW + later, tick=False):
        answer = come_back(browser, CALLBACK, query)
    assert answer.status_code == 400
    assert f"Zoom is connected as {JILL}" in answer.text
    assert offers_a_new_start(answer.text)
    assert zoom.calls == []


def test_an_old_state_explains_itself(host: User, as_host: AsHost, zoom: FakeZoom) -> None:
    browser = as_host(host)
    state = start(browser)
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        answer = come_back(browser, CALLBACK, {"state": state, "code": zoom.allows(JILL)})
    assert answer.status_code == 400
    assert zoom.calls == []


def test_a_state_from_before_a_change_of_keys_explains_itself(
    app: Flask, host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    browser = as_host(host)
    query = {"state": start(browser), "code": zoom.allows(JILL)}
    app.extensions["keys"] = KeyRing([b"x" * 32])
    assert come_back(browser, CALLBACK, query).status_code == 400
    assert zoom.calls == []


def test_a_state_of_another_browser_is_left_for_that_browser(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    first = as_host(host)
    state = start(first)
    forget_browser()
    query = {"state": state, "code": zoom.allows(JILL)}
    assert come_back(as_host(host), CALLBACK, query).status_code == 400
    assert zoom.calls == []
    forget_browser()
    assert come_back(first, CALLBACK, query).status_code == 303


def test_a_state_of_another_host_connects_nobody(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    state = start(as_host(host))
    forget_browser()
    attacker = as_host(factories.host(another=True))
    answer = come_back(attacker, CALLBACK, {"state": state, "code": zoom.allows(JACK)})
    assert answer.status_code == 400
    assert zoom.calls == []
    assert attempts() == 1


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        ("access_denied", 400, "wasn't connected"),
        ("<b>anything</b>", 400, "wasn't connected"),
        ("", 400, "wasn't connected"),
        ("server_error", 503, "didn't answer"),
        ("temporarily_unavailable", 503, "didn't answer"),
    ],
)
def test_an_error_takes_the_state_and_explains_itself(
    host: User, as_host: AsHost, zoom: FakeZoom, error: str, status: int, words: str
) -> None:
    browser = as_host(host)
    query = {"state": start(browser), "error": error, "code": zoom.allows(JILL)}
    answer = come_back(browser, CALLBACK, query)
    assert answer.status_code == status
    assert words in unescape(answer.text)
    assert offers_a_new_start(answer.text)
    assert "<b>anything" not in answer.text
    assert (attempts(), zoom.calls) == (0, [])


def test_a_state_without_a_code_explains_itself(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    browser = as_host(host)
    answer = come_back(browser, CALLBACK, {"state": start(browser)})
    assert answer.status_code == 400
    assert "without a permission" in answer.text
    assert offers_a_new_start(answer.text)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("call", "fault", "status", "words"),
    [
        ("exchange", "token_refresh_stale", 400, "has expired"),
        ("exchange", "token_bad_client", 503, "isn't accepting requests from this site"),
        ("exchange", "token_bad_request", 403, "doesn't let us use this account"),
        ("exchange", says(500, {}), 503, "didn't answer"),
        ("exchange", (200, {}, "<html>"), 503, "didn't answer"),
        ("exchange", requests.ConnectionError("away"), 503, "didn't answer"),
        ("me", says(500, {}), 503, "didn't answer"),
        ("me", "api_scope_missing", 403, "View your user information"),
        ("me", "api_429_qps", 503, "didn't answer"),
        ("me", "api_hosting_forbidden", 403, "doesn't let us use this account"),
    ],
)
def test_a_failure_at_zoom_stores_nothing_and_explains_itself(
    host: User, as_host: AsHost, zoom: FakeZoom, call: str, fault: Any, status: int, words: str
) -> None:
    zoom.fails(call, fault)
    answer = connect(as_host(host), zoom)
    assert answer.status_code == status
    assert words in unescape(answer.text)
    assert offers_a_new_start(answer.text)
    assert rows(host) == []
    assert zoom.calls == (["exchange", "me", "revoke"] if call == "me" else ["exchange"])
    assert not zoom.living(JILL)


def test_a_grant_that_would_end_within_the_hour_is_not_kept(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    zoom.fails("exchange", says(200, {"access_token": "only"}))
    assert connect(as_host(host), zoom).status_code == 503
    assert (rows(host), zoom.calls) == ([], ["exchange", "revoke"])


def test_our_own_credentials_refused_alarm_the_operator(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    zoom.fails("exchange", "token_bad_client")
    connect(as_host(host), zoom)
    assert db.session.get(Alarm, "zoom_client_refused") is not None
    connect(as_host(host), zoom)
    db.session.expire_all()
    assert db.session.get(Alarm, "zoom_client_refused") is None


@pytest.mark.parametrize(
    ("scopes", "words"),
    [
        ("user:read:user", "Create and manage meetings"),
        ("user:read:user meeting:write:meeting", "Create and manage meetings"),
        ("meeting:write:meeting meeting:update:meeting", "View your user information"),
    ],
)
def test_a_missing_permission_is_named_and_the_grant_revoked(
    host: User, as_host: AsHost, zoom: FakeZoom, scopes: str, words: str
) -> None:
    zoom.scopes = scopes
    answer = connect(as_host(host), zoom)
    assert answer.status_code == 403
    assert f"<li>{words}</li>" in answer.text
    assert offers_a_new_start(answer.text)
    assert (rows(host), zoom.calls) == ([], ["exchange", "revoke"])


def test_more_permissions_than_asked_are_accepted(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    zoom.scopes += " meeting:read:summary"
    assert connect(as_host(host), zoom).status_code == 303


def test_after_a_failure_the_connection_that_is_there_is_checked_soon(
    host: User, as_host: AsHost, zoom: FakeZoom, hints: list[tuple[str, tuple[int, ...]]]
) -> None:
    there = connection(host, zoom)
    zoom.scopes = "user:read:user"  # by now Zoom has ended the grant that worked
    connect(as_host(host), zoom)
    assert hints == [("refresh.check_connection", (there.id,))]


def test_an_unknown_provider_has_no_way_back(host: User, as_host: AsHost) -> None:
    assert as_host(host).get("/connections/skype/callback?state=x").status_code == 404


def test_a_head_takes_nothing_and_the_browser_that_comes_after_it_connects(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    browser = as_host(host)
    asked = {"code": zoom.allows(JILL), "state": start(browser)}
    answer = browser.head(CALLBACK, query_string=asked)
    assert (answer.status_code, rows(host), zoom.calls) == (405, [], [])
    browser.get(CALLBACK, query_string=asked)
    assert [made.status for made in rows(host)] == ["active"]


def test_a_failure_is_told_until_zoom_is_connected_and_in_this_browser_only(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    browser, page = as_host(host), "/connections/zoom/failed"
    assert browser.get(page).headers["Location"] == "/connections"
    come_back(browser, CALLBACK, {"state": start(browser), "error": "access_denied"})
    assert "wasn't connected" in unescape(browser.get(page).text), "also after reloading"
    assert browser.get("/connections/google/failed").status_code == 303
    forget_browser()
    assert as_host(host).get(page).status_code == 303
    forget_browser()
    connect(browser, zoom)
    assert browser.get(page).status_code == 303


def test_a_callback_that_breaks_leaves_no_code_in_the_address(
    app: Flask, host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    browser = as_host(host)
    query = {"state": start(browser), "code": zoom.allows(JILL)}
    app.config["PROPAGATE_EXCEPTIONS"] = app.testing = False
    zoom.fails("me", RuntimeError("a mistake of ours"))
    come_back(browser, CALLBACK, query)
    assert "We had a problem, and nothing was connected." in (browser.get("/connections").text)
