"""Showing again who is there, before what can't be undone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus, User
from tests import factories
from tests.accounts import factor_steps as factors
from tests.accounts import steps
from tests.factories import NOW, PASSWORD

LATER = NOW + timedelta(minutes=11)
NEW = {"new_email": "mara@new.example"}


@pytest.fixture
def mara(app: Flask) -> User:
    return factories.host()


@pytest.fixture
def browser(app: Flask, mara: User) -> FlaskClient:
    """Mara's browser, signed in; she has just shown who she is."""
    browser = app.test_client()
    steps.sign_in(browser, mara.email)
    return browser


#: What a thief of a session would press, each straight by its address.
ACTS: dict[str, tuple[str, dict[str, str]]] = {
    "e-mail": ("/account/email", NEW),
    "password": ("/account/password", {"new_password": "quite another long one"}),
    "deletion": ("/account/delete", {}),
    "another app": (f"{factors.HOME}/app/begin", {}),
    "no app": (f"{factors.HOME}/app/remove", {}),
    "codes": (f"{factors.HOME}/codes", {}),
    "a passkey": (f"{factors.HOME}/passkeys/options", {}),
    "no passkey": (f"{factors.HOME}/passkeys/1/remove", {}),
    "disconnecting": ("/connections/zoom/disconnect", {}),
}


def state(mara: User) -> tuple[object, ...]:
    db.session.expire_all()
    found = steps.host(mara.email)
    return found.new_email, found.password_hash, found.closing_at, steps.kinds()


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_nothing_is_done_by_a_mere_session(
    browser: FlaskClient, mara: User, act: tuple[str, dict[str, str]]
) -> None:
    factors.add_app(browser)
    factors.add_passkey(browser)
    before = state(mara)
    path, typed = act
    with time_machine.travel(LATER, tick=False):
        for more in ({}, {"password": PASSWORD, "current_password": PASSWORD}, {"code": "000000"}):
            answer = browser.post(path, data=typed | more)
            to = answer.location or ""
            asked = answer.status_code == 303 and to.startswith("/account/confirm-identity")
            assert asked or answer.status_code == 422, path
    assert state(mara) == before


def test_the_export_is_not_given_to_a_mere_session(browser: FlaskClient) -> None:
    secret, _ = factors.add_app(browser)
    with time_machine.travel(LATER, tick=False):
        answer = browser.get("/account/export")
        assert answer.location == "/account/confirm-identity?next=/account/export"
        code = factors.code(secret, later=22)
        answer = browser.post(answer.location, data={"code": code})
        assert answer.location == "/account/export"
        exported = browser.get("/account/export").get_json()
    assert [len(exported[kind]) for kind in ("authenticator_apps", "recovery_codes")] == [1, 10]
    assert secret not in str(exported)


def test_a_code_in_the_form_is_enough_and_nothing_typed_is_lost(browser: FlaskClient) -> None:
    secret, _ = factors.add_app(browser)
    with time_machine.travel(LATER, tick=False):
        page = BeautifulSoup(browser.get("/account/security").text, "html.parser")
        assert page.select_one("#code-email") is not None
        assert page.select_one("input[name=current_password]") is None
        refused = browser.post("/account/email", data=NEW | {"code": "000000"})
        assert refused.status_code == 422
        assert 'value="mara@new.example"' in refused.text
        assert "That code is wrong" in refused.text
        code = factors.code(secret, later=22)
        assert browser.post("/account/email", data=NEW | {"code": code}).status_code == 303
        assert steps.kinds()[-1] == "change_email"
        page = BeautifulSoup(browser.get("/account/security").text, "html.parser")
        assert page.select_one("#code-email") is None


def test_a_new_password_is_kept_in_the_form_while_a_code_is_asked_for(
    browser: FlaskClient,
) -> None:
    secret, _ = factors.add_app(browser)
    typed = {"new_password": "quite another long one"}
    with time_machine.travel(LATER, tick=False):
        refused = browser.post("/account/password", data=typed)
        assert 'value="quite another long one"' in refused.text
        assert "quite another long one" not in browser.get("/account/security").text
        code = factors.code(secret, later=22)
        assert browser.post("/account/password", data=typed | {"code": code}).status_code == 303
    assert steps.kinds()[-1] == "password_changed"


def test_a_passkey_shows_who_is_there(browser: FlaskClient, mara: User) -> None:
    key = factors.add_passkey(browser)
    with time_machine.travel(LATER, tick=False):
        answer = key.signed(factors.options_to_confirm(browser))
        assert browser.post("/account/email", data=NEW | {"passkey": answer}).status_code == 303
    assert steps.kinds()[-1] == "change_email"


def test_a_passkey_s_answer_for_signing_in_does_not_show_who_is_there(
    app: Flask, browser: FlaskClient
) -> None:
    key = factors.add_passkey(browser)
    with time_machine.travel(LATER, tick=False):
        answer = key.signed(factors.options_to_sign_in(browser))
        assert browser.post("/account/email", data=NEW | {"passkey": answer}).status_code == 422
    assert "change_email" not in steps.kinds()


def test_an_answer_shows_who_is_there_once(browser: FlaskClient) -> None:
    key = factors.add_passkey(browser)
    with time_machine.travel(LATER, tick=False):
        answer = key.signed(factors.options_to_confirm(browser))
        typed = NEW | {"passkey": answer}
        assert browser.post("/account/email", data=typed).status_code == 303
    with time_machine.travel(LATER + timedelta(minutes=11), tick=False):
        factors.options_to_confirm(browser)
        assert browser.post("/account/email", data=typed).status_code == 422


def test_the_passkey_of_another_does_not_show_who_is_there(
    app: Flask, browser: FlaskClient
) -> None:
    factors.add_passkey(browser)
    other = app.test_client()
    steps.sign_in(other, factories.host(another=True).email)
    key = factors.add_passkey(other)
    with time_machine.travel(LATER, tick=False):
        answer = key.signed(factors.options_to_confirm(browser))
        assert browser.post("/account/email", data=NEW | {"passkey": answer}).status_code == 422


def test_what_one_browser_has_shown_counts_for_no_other(
    app: Flask, browser: FlaskClient, mara: User
) -> None:
    secret, _ = factors.add_app(browser)
    second = app.test_client()
    with time_machine.travel(LATER, tick=False):
        factors.half_way(second, mara.email)
        factors.second_step(second, factors.code(secret, later=22))
        assert second.get(f"{factors.HOME}/passkeys/new").status_code == 200
        answer = browser.get(f"{factors.HOME}/passkeys/new")
        assert answer.location.startswith("/account/confirm-identity")


def test_without_a_second_factor_the_password_is_asked_each_time(browser: FlaskClient) -> None:
    assert browser.post("/account/email", data=NEW).status_code == 422
    assert browser.post("/account/email", data=NEW | {"password": PASSWORD}).status_code == 303
    assert browser.post("/account/email", data=NEW).status_code == 422
    assert browser.get("/account/export").status_code == 200


def test_a_first_factor_needs_the_password(browser: FlaskClient) -> None:
    with time_machine.travel(LATER, tick=False):
        answer = browser.post(f"{factors.HOME}/app/begin")
        assert answer.location == f"/account/confirm-identity?next={factors.HOME}"
        refused = factors.confirm(browser, password="not the password")
        assert refused.status_code == 422
        assert factors.confirm(browser).status_code == 303
        assert browser.post(f"{factors.HOME}/app/begin").location == f"{factors.HOME}/app"


def test_it_leads_to_no_other_site(browser: FlaskClient) -> None:
    with time_machine.travel(LATER, tick=False):
        where = "/account/confirm-identity?next=https://evil.example/"
        answer = browser.post(where, data={"password": PASSWORD})
    assert answer.location == "/dashboard"


def test_disconnecting_is_asked_for_where_it_is_pressed(browser: FlaskClient, mara: User) -> None:
    db.session.add(
        Connection(
            seal_id="seal",
            host=mara,
            provider="zoom",
            status=ConnectionStatus.ACTIVE,
            connected_at=NOW,
            generation=1,
        )
    )
    db.session.commit()
    secret, _ = factors.add_app(browser)
    with time_machine.travel(LATER, tick=False):
        asks = "/account/confirm-identity?next=/connections/zoom/disconnect"
        assert browser.post("/connections/zoom/disconnect").location == asks
        answer = browser.get("/connections/zoom/disconnect", headers={"HX-Request": "true"})
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, asks)
        browser.post(asks, data={"code": factors.code(secret, later=22)})
        assert "Disconnect Zoom?" in browser.get("/connections/zoom/disconnect").text


@pytest.fixture
def guarded(app: Flask, browser: FlaskClient) -> Callable[[str], int]:
    """Posts with CSRF protection on, and without its field."""

    def post(path: str) -> int:
        app.config["WTF_CSRF_ENABLED"] = True
        return browser.post(path).status_code

    return post


PATHS = [
    "/sign-in/second-step",
    "/sign-in/passkey",
    "/sign-in/passkey/options",
    "/account/confirm-identity",
    "/account/confirm-identity/options",
    f"{factors.HOME}/app",
    f"{factors.HOME}/app/begin",
    f"{factors.HOME}/app/remove",
    f"{factors.HOME}/passkeys/new",
    f"{factors.HOME}/passkeys/options",
    f"{factors.HOME}/passkeys/1/remove",
    f"{factors.HOME}/codes",
]


@pytest.mark.parametrize("path", PATHS)
def test_no_other_site_presses_a_button(guarded: Callable[[str], int], path: str) -> None:
    assert guarded(path) == 400
