"""What went wrong elsewhere around accounts, as people reported it, tried here."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.jobs.closing import close_account
from bookme.models import Email, GivenUpHandle, Session, User
from tests import factories
from tests.accounts import factor_steps as factors
from tests.accounts import steps
from tests.factories import NOW, PASSWORD
from tests.public.pages import book, text


def rename(browser: FlaskClient, handle: str) -> int:
    fields = {"name": "Mara", "handle": handle, "zone": "UTC", "locale": "en_GB"}
    return browser.post("/account", data={**fields, "clock_hours": "24"}).status_code


@pytest.fixture
def mara(app: Flask, client: FlaskClient) -> User:
    """Signed in in ``client``."""
    host: User = factories.host()
    steps.sign_in(client, host.email)
    return host


@pytest.fixture
def noor(app: Flask) -> FlaskClient:
    """Somebody else, signed in."""
    browser = app.test_client()
    steps.sign_in(browser, factories.host(handle="noor", email="noor@example.com").email)
    return browser


# https://github.com/u-wave/core/issues/48, https://github.com/mozilla/sumo/issues/2510: a name that
# was changed or deleted went to whoever took it next, with all links to it


def test_a_handle_that_bookers_know_goes_to_nobody_else(
    app: Flask, mara: User, client: FlaskClient, noor: FlaskClient
) -> None:
    factories.schedule(host=mara)
    assert book(app.test_client()).status_code == 303
    assert rename(client, "lindqvist") == 303
    assert rename(noor, "mara") == 422
    steps.sign_up(app.test_client(), name="Mara")
    assert steps.host().handle == "mara-2"
    assert rename(client, "mara") == 303, "its host may have it back"
    assert rename(noor, "mara") == 422
    kept = db.session.scalars(sa.select(GivenUpHandle.digest)).all()
    assert not any("mara" in one or "lindqvist" in one for one in kept)


def test_nor_once_its_account_is_deleted(
    app: Flask, mara: User, client: FlaskClient, noor: FlaskClient
) -> None:
    factories.booking(schedule=factories.schedule(host=mara), starts_at=NOW - timedelta(days=9))
    host_id = mara.id
    client.post("/account/delete", data={"password": PASSWORD, "agreed": "y"})
    db.session.expire_all()
    assert db.session.get_one(User, host_id).closing_at is not None
    assert rename(noor, "mara") == 422
    db.session.execute(sa.delete(Email))
    db.session.commit()
    close_account(host_id)
    assert db.session.get(User, host_id, populate_existing=True) is None
    assert rename(noor, "mara") == 422
    with time_machine.travel(NOW + timedelta(days=366), tick=False):
        steps.sign_in(noor, "noor@example.com")
        assert rename(noor, "mara") == 303


def test_handles_of_who_was_never_booked_are_not_hoarded(
    mara: User, client: FlaskClient, noor: FlaskClient
) -> None:
    for handle in ("anna", "ben", "chloe"):
        assert rename(client, handle) == 303
    assert rename(noor, "mara") == 303
    assert db.session.scalars(sa.select(GivenUpHandle)).all() == []


# https://github.com/WordPress/two-factor/issues/577, https://github.com/DefGuard/defguard/issues/643:
# whoever had got in with the password alone stayed in once there was a second factor


@pytest.mark.parametrize("add", [factors.add_app, factors.add_passkey])
def test_the_first_second_factor_ends_what_the_password_alone_had_opened(
    app: Flask, mara: User, client: FlaskClient, add: object
) -> None:
    thief = app.test_client()
    steps.sign_in(thief, mara.email)
    half = app.test_client()
    assert callable(add)
    add(client)
    assert steps.signed_in(client)
    assert not steps.signed_in(thief)
    steps.sign_in(half, mara.email)
    assert not steps.signed_in(half)


def test_another_one_leaves_them_as_they_are(app: Flask, mara: User, client: FlaskClient) -> None:
    secret, _codes = factors.add_app(client)
    phone = app.test_client()
    steps.sign_in(phone, mara.email)
    factors.second_step(phone, factors.code(secret))
    assert steps.signed_in(phone)
    factors.add_passkey(client)
    assert steps.signed_in(phone)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Session)) == 2


# https://github.com/danny-avila/LibreChat/pull/14715: two answers with one counter both counted


def test_an_answer_of_a_passkey_serves_once(app: Flask, mara: User, client: FlaskClient) -> None:
    key = factors.add_passkey(client)
    first, second = app.test_client(), app.test_client()
    factors.sign_in_with(first, key)
    assert steps.signed_in(first)
    count = key.count
    key.count = count - 1
    factors.sign_in_with(second, key)
    assert not steps.signed_in(second), "it has not counted on, so there may be a copy of it"


# https://github.com/kentcdodds/kody/pull/661: in a stolen session codes could be guessed on and on


def test_codes_are_not_guessed_from_a_session_either(mara: User, client: FlaskClient) -> None:
    factors.add_app(client)
    with time_machine.travel(NOW + timedelta(minutes=11), tick=False):
        answers = [factors.confirm(client, code=f"{n:06}") for n in range(7)]
    assert {one.status_code for one in answers} == {422}
    assert "Too many wrong codes" in text(answers[-1])
