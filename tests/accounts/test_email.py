"""Changing the e-mail address."""

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import User
from tests import factories
from tests.accounts import steps
from tests.factories import NOW, PASSWORD

NEW = "mara@example.org"


@pytest.fixture
def mara(app: Flask, client: FlaskClient) -> User:
    """Signed in, in ``client``."""
    host = factories.host()
    steps.sign_in(client, host.email)
    return host


def ask(client: FlaskClient, email: str = NEW, password: str = PASSWORD) -> int:
    form = {"new_email": email, "password": password}
    return client.post("/account/email", data=form).status_code


def test_a_new_address_counts_once_its_owner_confirms_it(mara: User, client: FlaskClient) -> None:
    assert ask(client, "Mara@Example.org") == 303
    assert steps.context("change_email")["to"] == NEW
    link = steps.path_in("change_email")
    page = client.get("/account/security").text
    assert "Waiting for confirmation" in page
    assert NEW in page
    assert NEW in client.get(link).text
    assert steps.host("mara@example.com").new_email == NEW, "a GET must not act"

    assert client.post(link).location == "/account/security"
    assert steps.host(NEW).new_email is None
    assert steps.signed_in(client)
    assert steps.kinds() == ["change_email", "email_changed"]
    assert client.post(link).status_code == 404


def test_the_old_address_is_told_and_kept_sealed_until_then(
    mara: User, client: FlaskClient
) -> None:
    ask(client)
    client.post(steps.path_in("change_email"))
    assert steps.context("email_changed")["to"] == "mara@example.com"
    assert "mara@" not in str(steps.last("email_changed").facts)


def test_it_works_on_another_device(app: Flask, mara: User, client: FlaskClient) -> None:
    ask(client)
    phone, link = app.test_client(), steps.path_in("change_email")
    assert phone.post(link).status_code == 422
    assert "You aren't signed in here" in phone.get(link).text
    assert phone.post(link, data={"password": PASSWORD}).status_code == 303
    assert steps.host(NEW).id == mara.id


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        (NEW, "wrong", "That isn't your password."),
        ("nonsense", PASSWORD, "Enter an e-mail address, such as name@example.com."),
        ("MARA@example.com", PASSWORD, "That's already your address."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    mara: User, client: FlaskClient, email: str, password: str, words: str
) -> None:
    answer = client.post("/account/email", data={"new_email": email, "password": password})
    assert answer.status_code == 422
    assert words in unescape(answer.text)
    assert email in answer.text
    assert steps.kinds() == []
    assert steps.host("mara@example.com").new_email is None


def test_an_address_of_another_host_is_not_given_away(mara: User, client: FlaskClient) -> None:
    owner = factories.host(another=True)
    known = client.post("/account/email", data={"new_email": owner.email, "password": PASSWORD})
    after_known = client.get(known.location).text
    unknown = client.post("/account/email", data={"new_email": NEW, "password": PASSWORD})
    after_unknown = client.get(unknown.location).text
    assert after_known.replace(owner.email, NEW) == after_unknown
    assert steps.kinds() == ["already_registered", "change_email"]
    assert steps.last("already_registered").user_id == owner.id


def test_an_address_that_another_confirmed_meanwhile_stays_theirs(
    app: Flask, mara: User, client: FlaskClient
) -> None:
    ask(client)
    link = steps.path_in("change_email")
    factories.host(email=NEW, handle="other")
    assert client.post(link).status_code == 404
    assert steps.host("mara@example.com").id == mara.id
    assert steps.host(NEW).handle == "other"


def test_an_unconfirmed_account_on_the_new_address_gives_way(
    app: Flask, mara: User, client: FlaskClient
) -> None:
    steps.sign_up(app.test_client(), email=NEW)
    ask(client)
    assert client.post(steps.path_in("change_email")).status_code == 303
    assert steps.host(NEW).id == mara.id


def test_a_link_for_one_address_never_confirms_another(mara: User, client: FlaskClient) -> None:
    ask(client)
    first = steps.path_in("change_email")
    ask(client, "mara@example.net")
    assert client.post(first).status_code == 404
    client.post(steps.path_in("change_email"))
    assert steps.host("mara@example.net").id == mara.id


def test_the_old_address_can_be_kept_after_all(mara: User, client: FlaskClient) -> None:
    ask(client)
    link = steps.path_in("change_email")
    assert client.post("/account/email/keep").status_code == 303
    assert "Waiting for confirmation" not in client.get("/account/security").text
    assert client.post(link).status_code == 404


def test_a_link_is_good_for_a_day(mara: User, client: FlaskClient) -> None:
    ask(client)
    link = steps.path_in("change_email")
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert client.post(link).status_code == 404


def test_an_address_never_proven_is_not_told(app: Flask, client: FlaskClient) -> None:
    steps.sign_up(client)
    steps.sign_in(client, "nora@example.com")
    ask(client)
    client.post(steps.path_in("change_email"))
    assert steps.host(NEW).is_confirmed
    assert steps.kinds() == ["confirm_email", "change_email"]
    db.session.rollback()
