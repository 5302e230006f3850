"""Forgotten and changed passwords."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.accounts import steps
from tests.factories import NOW, PASSWORD

NEW = "a new and longer password"


def test_a_forgotten_password_is_replaced_by_mail(app: Flask, client: FlaskClient) -> None:
    host, other = factories.host(), app.test_client()
    steps.sign_in(other, host.email)
    assert client.post("/forgot-password", data={"email": "MARA@example.com"}).status_code == 303
    link = steps.path_in("reset_password")
    assert client.get(link).status_code == 200
    assert steps.signed_in(other), "a GET must not act"

    assert client.post(link, data={"password": NEW}).location == "/sign-in"
    assert not steps.signed_in(other)
    assert steps.sign_in(client, host.email).status_code == 422
    assert steps.sign_in(client, host.email, NEW).status_code == 303
    assert steps.kinds() == ["reset_password", "password_changed", "new_browser"]


def test_a_reset_link_serves_once_and_three_hours(app: Flask, client: FlaskClient) -> None:
    factories.host()
    client.post("/forgot-password", data={"email": "mara@example.com"})
    link = steps.path_in("reset_password")
    with time_machine.travel(NOW + timedelta(hours=3), tick=False):
        assert client.post(link, data={"password": NEW}).status_code == 404
    assert client.post(link, data={"password": NEW}).status_code == 303
    assert client.post(link, data={"password": PASSWORD}).status_code == 404
    assert client.get(link).status_code == 404


def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    app: Flask, client: FlaskClient
) -> None:
    factories.host()
    known = client.post("/forgot-password", data={"email": "mara@example.com"})
    unknown = client.post("/forgot-password", data={"email": "nobody@example.com"})
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert known.data == unknown.data
    assert steps.kinds() == ["reset_password"]


def test_a_reset_proves_the_address_too(app: Flask, client: FlaskClient) -> None:
    host = factories.host(email_confirmed_at=None)
    client.post("/forgot-password", data={"email": host.email})
    client.post(steps.path_in("reset_password"), data={"password": NEW})
    assert steps.host(host.email).is_confirmed


@pytest.mark.parametrize("password", ["", "short", "x" * 201])
def test_a_bad_new_password_is_refused_and_the_link_stays(
    app: Flask, client: FlaskClient, password: str
) -> None:
    factories.host()
    client.post("/forgot-password", data={"email": "mara@example.com"})
    link = steps.path_in("reset_password")
    answer = client.post(link, data={"password": password})
    assert answer.status_code == 422
    assert "10 to 200 characters" in answer.text
    assert client.post(link, data={"password": NEW}).status_code == 303


def test_no_address_is_no_request(client: FlaskClient) -> None:
    answer = client.post("/forgot-password", data={"email": "nonsense"})
    assert answer.status_code == 422
    assert "nonsense" in answer.text


def test_a_changed_password_signs_out_every_other_browser(app: Flask, client: FlaskClient) -> None:
    host, other = factories.host(), app.test_client()
    steps.sign_in(client, host.email)
    steps.sign_in(other, host.email)
    client.post("/forgot-password", data={"email": host.email})
    link = steps.path_in("reset_password")

    form = {"current_password": PASSWORD, "new_password": NEW}
    assert client.post("/account/password", data=form).location == "/account/security"
    assert steps.signed_in(client)
    assert not steps.signed_in(other)
    assert client.post(link, data={"password": PASSWORD}).status_code == 404
    assert steps.sign_in(other, host.email, NEW).status_code == 303
    assert steps.kinds()[-2:] == ["password_changed", "new_browser"], "it is known no longer"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"current_password": "wrong", "new_password": NEW}, "That isn't your password."),
        ({"current_password": "", "new_password": NEW}, "Enter your password."),
        ({"current_password": PASSWORD, "new_password": "short"}, "10 to 200 characters"),
    ],
)
def test_a_password_is_changed_by_its_owner_only(
    app: Flask, client: FlaskClient, form: dict[str, str], words: str
) -> None:
    host = factories.host()
    steps.sign_in(client, host.email)
    answer = client.post("/account/password", data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert NEW not in answer.text
    assert "password_changed" not in steps.kinds()
    assert steps.sign_in(app.test_client(), host.email).status_code == 303


def test_a_deleted_accounts_reset_is_owed_to_nobody(
    app: Flask, client: FlaskClient, now: object
) -> None:
    host = factories.host(closing_at=now)
    assert client.post("/forgot-password", data={"email": host.email}).status_code == 303
    assert steps.kinds() == []
