"""Browsers that were seen before, and those that weren't."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme import keeping
from bookme.accounts import entering
from bookme.accounts.factors import known
from bookme.extensions import db
from bookme.models import KnownBrowser, User
from tests import factories
from tests.accounts import factor_steps as factors
from tests.accounts import steps
from tests.factories import NOW


@pytest.fixture
def mara(app: Flask) -> User:
    return factories.host()


def told() -> int:
    return steps.kinds().count("new_browser")


def test_the_first_browser_is_expected_and_a_second_is_told_of(
    app: Flask, client: FlaskClient, mara: User
) -> None:
    for _ in range(2):
        steps.sign_in(client, mara.email)
        client.post("/sign-out")
    assert told() == 0
    second = app.test_client()
    second.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"
    steps.sign_in(second, mara.email)
    assert told() == 1
    said = steps.context("new_browser")
    assert said["browser"] == "Firefox on Windows"
    assert steps.path_in("new_browser") == "/account/sessions"
    second.post("/sign-out")
    steps.sign_in(second, mara.email)
    assert told() == 1


def test_a_wrong_password_makes_no_browser_known(client: FlaskClient, mara: User) -> None:
    steps.sign_in(client, mara.email, "not the password")
    assert client.get_cookie(entering.BROWSER) is None


def test_a_first_step_alone_makes_no_browser_known(
    app: Flask, client: FlaskClient, mara: User
) -> None:
    steps.sign_in(client, mara.email)
    factors.add_app(client)
    thief = app.test_client()
    factors.half_way(thief, mara.email)
    assert thief.get_cookie(entering.BROWSER) is None
    assert told() == 0


def test_a_cookie_put_there_by_another_does_not_become_known(
    app: Flask, client: FlaskClient, mara: User
) -> None:
    client.set_cookie(entering.BROWSER, "chosen-by-a-thief")
    steps.sign_in(client, mara.email)
    thief = app.test_client()
    thief.set_cookie(entering.BROWSER, "chosen-by-a-thief")
    steps.sign_in(thief, mara.email)
    assert told() == 1


def test_two_accounts_of_one_browser_are_known_there(client: FlaskClient, mara: User) -> None:
    other = factories.host(another=True)
    for email in (mara.email, other.email) * 2:
        steps.sign_in(client, email)
    assert told() == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(KnownBrowser)) == 2


def test_the_cookie_is_hidden_lasts_and_is_in_no_row(client: FlaskClient, mara: User) -> None:
    steps.sign_in(client, mara.email)
    cookie = client.get_cookie(entering.BROWSER)
    assert cookie is not None
    assert (cookie.http_only, cookie.max_age) == (True, 400 * 24 * 3600)
    assert cookie.value not in str(db.session.scalars(sa.select(KnownBrowser.token_hash)).all())


def test_a_browser_is_forgotten_with_its_cookie(client: FlaskClient, mara: User) -> None:
    steps.sign_in(client, mara.email)
    keeping.forget_old(NOW + timedelta(days=399))
    assert known.is_first(mara) is False
    keeping.forget_old(NOW + timedelta(days=400))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(KnownBrowser)) == 0


def test_of_many_browsers_the_latest_are_known(app: Flask, mara: User) -> None:
    cookies = [
        known.note(mara, "", "Firefox; Linux", now=NOW + timedelta(days=day))
        for day in range(known.MOST_OF_ONE + 2)
    ]
    found = [known.find(mara, cookie) is not None for cookie in cookies]
    assert found == [False] * 2 + [True] * known.MOST_OF_ONE


def test_whoever_resets_the_password_knows_no_browser_and_is_told_of_the_next(
    client: FlaskClient, mara: User
) -> None:
    steps.sign_in(client, mara.email)
    with client.session_transaction() as cookies:
        cookies.clear()
    client.post("/forgot-password", data={"email": mara.email})
    new = "another horse entirely"
    client.post(steps.path_in("reset_password"), data={"password": new})
    assert told() == 0
    client.delete_cookie(entering.BROWSER)
    steps.sign_in(client, mara.email, new)
    assert told() == 1


def test_a_session_ends_after_thirty_days_unused(client: FlaskClient, mara: User) -> None:
    steps.sign_in(client, mara.email)
    with time_machine.travel(NOW + timedelta(days=30, seconds=1), tick=False):
        assert not steps.signed_in(client)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("127.0.0.1", "From the machine that BookMe runs on"),
        ("192.168.1.20", "From BookMe’s own network"),
        ("81.2.69.142", "From the internet (81.2.69.…)"),
        ("2a00:1450:4001:81c::200e", "From the internet (2a00:1450:4001:…)"),
        ("::ffff:81.2.69.142", "From the internet (81.2.69.…)"),
    ],
)
def test_the_page_says_roughly_where_from(
    client: FlaskClient, mara: User, address: str, words: str
) -> None:
    client.environ_base["REMOTE_ADDR"] = address
    steps.sign_in(client, mara.email)
    page = client.get("/account/sessions").text
    assert words in page
    assert address == "127.0.0.1" or address not in page
