"""Signing in with two steps, and what an attacker may try in between."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme import keeping
from bookme.accounts.factors import service
from bookme.extensions import db
from bookme.models import PendingProof, RecoveryCode, User, WrongCode
from tests import factories
from tests.accounts import factor_steps as factors
from tests.accounts import steps
from tests.factories import NOW, PASSWORD


@pytest.fixture
def mara(app: Flask) -> User:
    return factories.host()


@pytest.fixture
def owner(app: Flask, mara: User) -> FlaskClient:
    """Mara's browser, signed in; she has just shown who she is."""
    browser = app.test_client()
    steps.sign_in(browser, mara.email)
    return browser


def test_password_and_code_sign_in(owner: FlaskClient, client: FlaskClient, mara: User) -> None:
    secret, _ = factors.add_app(owner)
    answer = steps.sign_in(client, mara.email, next_path="/account/data")
    assert answer.location == "/sign-in/second-step?next=/account/data"
    assert "authenticator app" in client.get(answer.location).text
    answer = factors.second_step(client, factors.code(secret), "/account/data")
    assert answer.location == "/account/data"
    assert steps.signed_in(client)


def test_a_code_may_be_typed_with_a_space(
    owner: FlaskClient, client: FlaskClient, mara: User
) -> None:
    secret, _ = factors.add_app(owner)
    factors.half_way(client, mara.email)
    code = factors.code(secret)
    factors.second_step(client, f" {code[:3]} {code[3:]} ")
    assert steps.signed_in(client)


def test_the_password_alone_reaches_nothing(
    app: Flask, owner: FlaskClient, client: FlaskClient, mara: User
) -> None:
    factors.add_app(owner)
    factors.half_way(client, mara.email)
    assert not steps.signed_in(client)
    for path in (
        "/dashboard",
        "/account/data",
        "/account/export",
        factors.HOME,
        "/account/sessions",
    ):
        assert client.get(path).status_code in (303, 308), path
    for path in ("/account/delete", "/account/email", f"{factors.HOME}/app/begin"):
        assert client.post(path).location.startswith("/sign-in"), path
    assert steps.sessions_of(mara) == 1


def test_a_code_serves_once(
    app: Flask, owner: FlaskClient, client: FlaskClient, mara: User
) -> None:
    secret, _ = factors.add_app(owner)
    factors.half_way(client, mara.email)
    factors.second_step(client, factors.code(secret))
    thief = app.test_client()
    factors.half_way(thief, mara.email)
    for replayed in (factors.code(secret), factors.code(secret, later=-1)):
        assert factors.second_step(thief, replayed).status_code == 422
    assert not steps.signed_in(thief)
    factors.second_step(thief, factors.code(secret, later=1))
    assert steps.signed_in(thief)


def test_the_code_of_the_set_up_does_not_sign_in(
    owner: FlaskClient, client: FlaskClient, mara: User
) -> None:
    secret, _ = factors.add_app(owner)
    factors.half_way(client, mara.email)
    assert factors.second_step(client, factors.code(secret, later=-1)).status_code == 422


def test_a_first_step_serves_once_and_for_ten_minutes(
    owner: FlaskClient, client: FlaskClient, mara: User
) -> None:
    secret, _ = factors.add_app(owner)
    factors.half_way(client, mara.email)
    with time_machine.travel(NOW + timedelta(minutes=10, seconds=1), tick=False):
        answer = factors.second_step(client, factors.code(secret, later=20))
        assert answer.location == "/sign-in"
        assert not steps.signed_in(client)


def test_a_new_password_ends_a_first_step(
    owner: FlaskClient, client: FlaskClient, mara: User
) -> None:
    secret, _ = factors.add_app(owner)
    factors.half_way(client, mara.email)
    owner.post("/account/password", data={"new_password": "quite another long one"})
    assert factors.second_step(client, factors.code(secret)).location == "/sign-in"
    assert not steps.signed_in(client)


def test_the_second_step_without_a_first_leads_to_the_first(
    client: FlaskClient, app: Flask
) -> None:
    assert client.get("/sign-in/second-step").location == "/sign-in"
    assert factors.second_step(client, "123456").location == "/sign-in"


def test_the_cookie_changes_with_each_step(
    owner: FlaskClient, client: FlaskClient, mara: User
) -> None:
    secret, _ = factors.add_app(owner)
    factors.half_way(client, mara.email)
    cookie = client.get_cookie("bookme_session")
    assert cookie is not None
    half = cookie.value
    factors.second_step(client, factors.code(secret))
    client.set_cookie("bookme_session", half)
    assert not steps.signed_in(client)
    assert factors.second_step(client, factors.code(secret, later=1)).location == "/sign-in"


def test_a_session_of_another_does_not_survive_a_first_step(
    app: Flask, owner: FlaskClient, client: FlaskClient, mara: User
) -> None:
    factors.add_app(owner)
    other = factories.host(another=True)
    steps.sign_in(client, other.email)
    factors.half_way(client, mara.email)
    assert not steps.signed_in(client)
    assert steps.sessions_of(other) == 0


def test_wrong_codes_are_counted_whoever_begins_again(
    app: Flask, owner: FlaskClient, mara: User
) -> None:
    secret, codes = factors.add_app(owner)
    thief = app.test_client()
    for _ in range(5):
        factors.half_way(thief, mara.email)
        assert "That code is wrong" in factors.second_step(thief, "000000").text
    factors.half_way(thief, mara.email)
    answer = factors.second_step(thief, factors.code(secret))
    assert answer.status_code == 422
    assert "Too many wrong codes" in answer.text
    assert not steps.signed_in(thief)
    # Her own browser, which has signed in before, isn't kept out; nor is a recovery code.
    factors.half_way(owner, mara.email)
    factors.second_step(owner, factors.code(secret))
    assert steps.signed_in(owner)
    factors.second_step(thief, codes[0])
    assert steps.signed_in(thief)


def test_wrong_codes_are_forgiven_after_an_hour_and_only_twenty_a_day(
    app: Flask, owner: FlaskClient, client: FlaskClient, mara: User
) -> None:
    secret, _ = factors.add_app(owner)
    for hour in range(4):
        with time_machine.travel(NOW + timedelta(hours=hour, minutes=hour), tick=False):
            factors.half_way(client, mara.email)
            for _ in range(5):
                assert "That code is wrong" in factors.second_step(client, "000000").text
    later = NOW + timedelta(hours=20)
    with time_machine.travel(later, tick=False):
        factors.half_way(client, mara.email)
        assert "Too many" in factors.second_step(client, factors.code(secret, later=2400)).text
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        factors.half_way(client, mara.email)
        factors.second_step(client, factors.code(secret, later=3000))
        assert steps.signed_in(client)


def test_a_recovery_code_serves_once_and_the_host_is_told(
    app: Flask, owner: FlaskClient, client: FlaskClient, mara: User
) -> None:
    _, codes = factors.add_app(owner)
    assert len(set(codes)) == 10
    factors.half_way(client, mara.email)
    factors.second_step(client, codes[3].upper().replace("-", " "))
    assert steps.signed_in(client)
    said = steps.context("second_factor")
    assert (str(said["said"].heading), said["codes_left"]) == ("A recovery code was used", 9)
    again = app.test_client()
    factors.half_way(again, mara.email)
    assert factors.second_step(again, codes[3]).status_code == 422


def test_a_recovery_code_of_another_host_does_not_serve(
    app: Flask, owner: FlaskClient, client: FlaskClient, mara: User
) -> None:
    factors.add_app(owner)
    other = factories.host(another=True)
    theirs = app.test_client()
    steps.sign_in(theirs, other.email)
    _, codes = factors.add_app(theirs)
    factors.half_way(client, mara.email)
    assert factors.second_step(client, codes[0]).status_code == 422


def test_the_database_has_no_code_and_no_secret(owner: FlaskClient, mara: User) -> None:
    secret, codes = factors.add_app(owner)
    kept = db.session.scalars(sa.select(RecoveryCode.code_hash)).all()
    assert not {code.replace("-", "") for code in codes} & set(kept)
    raw = db.session.scalar(sa.text("SELECT secret_sealed FROM authenticator"))
    assert secret.encode() not in bytes(raw)


@pytest.mark.both_databases
def test_a_password_reset_does_not_pass_the_second_step(
    owner: FlaskClient, client: FlaskClient, mara: User
) -> None:
    factors.add_app(owner)
    client.post("/forgot-password", data={"email": mara.email})
    client.post(steps.path_in("reset_password"), data={"password": "quite another long one"})
    answer = steps.sign_in(client, mara.email, "quite another long one")
    assert answer.location == "/sign-in/second-step"


def test_what_is_never_finished_is_forgotten(
    owner: FlaskClient, client: FlaskClient, mara: User
) -> None:
    factors.add_app(owner)
    factors.begin_app(owner)
    factors.half_way(client, mara.email)
    factors.second_step(client, "000000")
    client.post("/sign-in/passkey/options")
    keeping.forget_old(NOW + timedelta(days=2))
    for kind in (PendingProof, WrongCode):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(kind)) == 0
    assert service.has_any(mara)


def test_after_the_password_a_wrong_one_starts_over_nothing(
    owner: FlaskClient, client: FlaskClient, mara: User
) -> None:
    factors.add_app(owner)
    assert steps.sign_in(client, mara.email, "not the password").status_code == 422
    assert client.get("/sign-in/second-step").location == "/sign-in"
    assert PASSWORD not in client.get("/sign-in").text
