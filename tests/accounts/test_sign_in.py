"""Signing in and out, and what a cookie is worth."""

import re
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bookme.accounts.sessions import of_user
from bookme.extensions import db
from bookme.models import Session, User
from tests import factories
from tests.accounts import steps
from tests.factories import PASSWORD


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie("bookme_session")
    assert cookie is not None
    return str(cookie.value)


def test_signing_in_leads_to_the_page_that_was_asked_for(app: Flask, client: FlaskClient) -> None:
    factories.host()
    answer = client.get("/account/security?x=1")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/account/security?x%3D1"
    page = client.get(answer.location).text
    action = re.search(r'<form class="body.*action="([^"]*)"', page)
    assert action is not None
    form = {"email": "Mara@Example.com ", "password": PASSWORD}
    assert client.post(action[1], data=form).location == "/account/security?x=1"
    assert steps.signed_in(client)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("mara@example.com", "not the password"),
        ("nobody@example.com", PASSWORD),
        ("mara@example.com", PASSWORD.upper()),
    ],
)
def test_a_refusal_does_not_say_which_of_the_two_was_wrong(
    app: Flask, client: FlaskClient, email: str, password: str
) -> None:
    factories.host()
    answer = steps.sign_in(client, email, password)
    assert answer.status_code == 422
    assert "This e-mail address and password don't match." in unescape(answer.text)
    assert email in answer.text
    assert password not in answer.text
    assert not steps.signed_in(client)


def test_the_cookie_carries_a_random_id_and_nothing_of_the_host(
    app: Flask, client: FlaskClient
) -> None:
    host = factories.host()
    answer = steps.sign_in(client, host.email)
    with client.session_transaction() as cookie:
        assert set(cookie) == {"_permanent", "sid"}
        token = cookie["sid"]
    assert len(token) == 32
    kept = db.session.scalars(sa.select(Session.token_hash)).one()
    assert token not in kept
    header = answer.headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Expires=" in header


def test_the_id_is_new_at_every_sign_in_and_the_old_one_is_dead(
    app: Flask, client: FlaskClient
) -> None:
    host = factories.host()
    steps.sign_in(client, host.email)
    first = cookie_of(client)
    steps.sign_in(client, host.email)
    assert cookie_of(client) != first
    assert steps.sessions_of(host) == 1
    other = app.test_client()
    other.set_cookie("bookme_session", first)
    assert not steps.signed_in(other)


def test_a_cookie_planted_before_signing_in_gains_nothing(app: Flask, client: FlaskClient) -> None:
    host = factories.host()
    with client.session_transaction() as cookie:
        cookie["sid"] = "planted"
    steps.sign_in(client, host.email)
    other = app.test_client()
    with other.session_transaction() as cookie:
        cookie["sid"] = "planted"
    assert not steps.signed_in(other)


def test_a_cookie_replayed_after_signing_out_is_signed_out(app: Flask, client: FlaskClient) -> None:
    host = factories.host()
    steps.sign_in(client, host.email)
    cookie = cookie_of(client)
    answer = client.post("/sign-out")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert "You're signed out." in unescape(client.get(answer.location).text)
    assert steps.sessions_of(host) == 0
    client.set_cookie("bookme_session", cookie)
    assert not steps.signed_in(client)


def test_signing_out_leaves_the_hosts_other_browsers_alone(app: Flask, client: FlaskClient) -> None:
    host, other = factories.host(), app.test_client()
    steps.sign_in(client, host.email)
    steps.sign_in(other, host.email)
    client.post("/sign-out")
    assert steps.signed_in(other)


def test_signing_out_is_a_form_and_twice_is_no_error(app: Flask, client: FlaskClient) -> None:
    steps.sign_in(client, factories.host().email)
    assert client.get("/sign-out").status_code == 404
    assert steps.signed_in(client)
    assert client.post("/sign-out").status_code == 303
    assert client.post("/sign-out").status_code == 303


def test_a_row_remembers_the_browser(app: Flask, client: FlaskClient) -> None:
    host = factories.host()
    client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux) Firefox/140.0"
    steps.sign_in(client, host.email)
    assert [row.label for row in of_user(host)] == ["Firefox; Linux"]


def test_a_host_that_is_being_deleted_cannot_sign_in(
    app: Flask, client: FlaskClient, now: object
) -> None:
    host = factories.host()
    steps.sign_in(client, host.email)
    db.session.execute(sa.update(User).values(closing_at=now))
    db.session.commit()
    assert not steps.signed_in(client)
    assert steps.sign_in(client, host.email).status_code == 422


def test_htmx_is_told_in_place_so_that_nothing_typed_is_lost(htmx: FlaskClient) -> None:
    answer = htmx.get("/account")
    assert answer.status_code == 401
    assert "HX-Redirect" not in answer.headers
    assert 'href="/sign-in" target="_blank"' in answer.text


def test_a_form_sent_while_signed_out_leads_to_signing_in(client: FlaskClient) -> None:
    assert client.post("/account", data={"name": "x"}).location == "/sign-in"


def test_every_host_form_wants_its_csrf_field(app: Flask, client: FlaskClient) -> None:
    host = factories.host()
    app.config["WTF_CSRF_ENABLED"] = True
    form = {"email": host.email, "password": PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 400
    field = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    assert field is not None
    answer = client.post("/sign-in", data=form | {"csrf_token": field[1]})
    assert answer.location == "/dashboard"
    for path in ("/account", "/account/password", "/account/delete", "/sign-out"):
        assert client.post(path, data=form).status_code == 400, path
    field = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/account").text)
    assert field is not None
    assert client.post("/sign-out", data={"csrf_token": field[1]}).location == "/sign-in"
