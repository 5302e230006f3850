"""Passkeys: added, signed in with, and what an attacker may send instead."""

import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme import keeping
from bookme.accounts.factors import passkeys
from bookme.extensions import db
from bookme.models import Passkey, PendingProof, User
from tests import factories
from tests.accounts import factor_steps as factors
from tests.accounts import steps
from tests.factories import NOW
from tests.software_key import ATTESTED, PRESENT, VERIFIED, SoftwareKey


@pytest.fixture
def mara(app: Flask) -> User:
    return factories.host()


@pytest.fixture
def owner(app: Flask, mara: User) -> FlaskClient:
    """Mara's browser, signed in; she has just shown who she is."""
    browser = app.test_client()
    steps.sign_in(browser, mara.email)
    return browser


def kept() -> list[Passkey]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Passkey).order_by(Passkey.id)))


@pytest.mark.both_databases
def test_a_passkey_alone_signs_in(owner: FlaskClient, client: FlaskClient, mara: User) -> None:
    key = factors.add_passkey(owner)
    assert factors.sign_in_with(client, key).location == "/dashboard"
    assert steps.signed_in(client)
    (row,) = kept()
    assert (row.name, row.sign_count, row.last_used_at) == ("My phone", 1, NOW)
    assert row.transports == ["internal"]


def test_the_first_factor_brings_recovery_codes_and_a_message(
    owner: FlaskClient, mara: User
) -> None:
    factors.add_passkey(owner)
    assert len(factors.codes_shown(owner)) == 10
    assert factors.codes_shown(owner) == []
    assert str(steps.context("second_factor")["said"].heading).startswith("A passkey was added")
    factors.add_passkey(owner, "Key ring")
    assert factors.codes_shown(owner) == []
    assert len({row.user_handle for row in kept()}) == 1
    page = owner.get(factors.HOME).text
    assert "My phone" in page
    assert "Key ring" in page
    assert "10 recovery codes left" in page


def test_a_passkey_is_asked_for_after_a_password(
    owner: FlaskClient, client: FlaskClient, mara: User
) -> None:
    key = factors.add_passkey(owner)
    factors.half_way(client, mara.email)
    options = factors.options_to_sign_in(client)
    assert [one["type"] for one in options["allowCredentials"]] == ["public-key"]
    client.post("/sign-in/passkey", data={"passkey": key.signed(options)})
    assert steps.signed_in(client)


def test_signing_in_names_no_passkey_to_a_stranger(owner: FlaskClient, client: FlaskClient) -> None:
    factors.add_passkey(owner)
    options = factors.options_to_sign_in(client)
    assert options.get("allowCredentials", []) == []
    assert options["userVerification"] == "required"
    assert options["rpId"] == "localhost"


def test_an_answer_serves_once(app: Flask, owner: FlaskClient, client: FlaskClient) -> None:
    key = factors.add_passkey(owner)
    answer = key.signed(factors.options_to_sign_in(client))
    for _ in range(2):
        client.post("/sign-in/passkey", data={"passkey": answer})
    client.post("/sign-out")
    assert client.post("/sign-in/passkey", data={"passkey": answer}).location == "/sign-in"
    thief = app.test_client()
    factors.options_to_sign_in(thief)
    assert thief.post("/sign-in/passkey", data={"passkey": answer}).location == "/sign-in"
    assert not steps.signed_in(thief)


def test_a_challenge_serves_in_its_own_browser_only(
    app: Flask, owner: FlaskClient, client: FlaskClient
) -> None:
    key = factors.add_passkey(owner)
    answer = key.signed(factors.options_to_sign_in(client))
    thief = app.test_client()
    thief.post("/sign-in/passkey", data={"passkey": answer})
    assert not steps.signed_in(thief)


def test_a_challenge_serves_for_five_minutes(owner: FlaskClient, client: FlaskClient) -> None:
    key = factors.add_passkey(owner)
    answer = key.signed(factors.options_to_sign_in(client))
    with time_machine.travel(NOW + timedelta(minutes=5, seconds=1), tick=False):
        client.post("/sign-in/passkey", data={"passkey": answer})
        assert not steps.signed_in(client)


LIES: dict[str, dict[str, Any]] = {
    "another origin": {"origin": "https://bookme.example.evil"},
    "another port": {"origin": "http://localhost:8000"},
    "another site": {"site": "evil.example"},
    "nobody verified": {"flags": PRESENT},
    "nobody present": {"flags": VERIFIED},
    "another challenge": {"challenge": "A" * 43},
    "another account's handle": {"handle": b"x" * 32},
    "counted back": {"counts": -1},
    "counted nothing": {"counts": 0},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_lie_does_not_sign_in(
    owner: FlaskClient, client: FlaskClient, lie: dict[str, Any]
) -> None:
    key = factors.add_passkey(owner)
    key.count = 3
    factors.sign_in_with(client, key)
    client.post("/sign-out")
    assert factors.sign_in_with(client, key, **lie).location == "/sign-in"
    assert not steps.signed_in(client)
    assert "That didn’t work with this passkey" in client.get("/sign-in").text


def test_an_unknown_passkey_does_not_sign_in(owner: FlaskClient, client: FlaskClient) -> None:
    factors.add_passkey(owner)
    assert factors.sign_in_with(client, SoftwareKey()).location == "/sign-in"


def test_another_key_under_a_known_id_does_not_sign_in(
    owner: FlaskClient, client: FlaskClient
) -> None:
    key, forged = factors.add_passkey(owner), SoftwareKey()
    forged.id, forged.handle = key.id, key.handle
    factors.sign_in_with(client, forged)
    assert not steps.signed_in(client)


def test_a_passkey_of_another_is_no_second_step(
    app: Flask, owner: FlaskClient, client: FlaskClient, mara: User
) -> None:
    factors.add_passkey(owner)
    other = factories.host(another=True)
    theirs = app.test_client()
    steps.sign_in(theirs, other.email)
    key = factors.add_passkey(theirs)
    factors.half_way(client, mara.email)
    factors.sign_in_with(client, key)
    assert not steps.signed_in(client)


LIES_OF_A_NEW_ONE: dict[str, dict[str, Any]] = {
    "another origin": {"origin": "https://evil.example"},
    "another site": {"site": "evil.example"},
    "nobody verified": {"flags": PRESENT | ATTESTED},
    "another challenge": {"challenge": "A" * 43},
}


@pytest.mark.parametrize("lie", LIES_OF_A_NEW_ONE.values(), ids=LIES_OF_A_NEW_ONE)
def test_a_lie_adds_nothing(owner: FlaskClient, lie: dict[str, Any]) -> None:
    answer = SoftwareKey().made(factors.options_to_add(owner), **lie)
    refused = owner.post(f"{factors.HOME}/passkeys/new", data={"name": "x", "passkey": answer})
    assert refused.status_code == 422
    assert 'value="x"' in refused.text
    assert kept() == []


def test_a_registration_serves_once_and_in_its_own_session(
    app: Flask, owner: FlaskClient, mara: User
) -> None:
    answer = SoftwareKey().made(factors.options_to_add(owner))
    second = app.test_client()
    steps.sign_in(second, mara.email)
    where = f"{factors.HOME}/passkeys/new"
    assert second.post(where, data={"passkey": answer}).status_code == 422
    assert owner.post(where, data={"passkey": answer}).status_code == 303
    assert owner.post(where, data={"passkey": answer}).status_code == 422
    assert len(kept()) == 1


def test_a_passkey_of_one_account_is_not_added_to_another(
    app: Flask, owner: FlaskClient, mara: User
) -> None:
    key = factors.add_passkey(owner)
    other = app.test_client()
    steps.sign_in(other, factories.host(another=True).email)
    answer = key.made(factors.options_to_add(other))
    refused = other.post(f"{factors.HOME}/passkeys/new", data={"passkey": answer})
    assert "on an account already" in refused.text
    assert [row.user_id for row in kept()] == [mara.id]


def test_a_removed_passkey_opens_nothing_and_the_codes_go_with_the_last(
    owner: FlaskClient, client: FlaskClient, mara: User
) -> None:
    key = factors.add_passkey(owner)
    (row,) = kept()
    assert owner.post(f"{factors.HOME}/passkeys/{row.id}/remove").status_code == 303
    factors.sign_in_with(client, key)
    assert not steps.signed_in(client)
    assert steps.sign_in(client, mara.email).location == "/dashboard"
    assert "recovery code" not in owner.get(factors.HOME).text


def test_a_passkey_of_another_can_not_be_removed(
    app: Flask, owner: FlaskClient, mara: User
) -> None:
    factors.add_passkey(owner)
    (row,) = kept()
    other = app.test_client()
    steps.sign_in(other, factories.host(another=True).email)
    assert other.post(f"{factors.HOME}/passkeys/{row.id}/remove").status_code == 404
    assert len(kept()) == 1


def broken(answer: str) -> list[str]:
    """Answers as no browser sends them."""
    found = json.loads(answer)
    pieces = ["", "{}", "[]", "null", "1", '"x"', "x" * 30_000, "\x00", answer[:-9], "[" * 5000]
    for part in list(found):
        pieces += [json.dumps({**found, part: wrong}) for wrong in (None, 1, "", "ü", [], "AA")]
    for part in list(found["response"]):
        for wrong in (None, 1, "", "ü", [], "AA", "A" * 64, "oWNmbXRkbm9uZQ"):
            said = {**found, "response": {**found["response"], part: wrong}}
            pieces.append(json.dumps(said))
    return pieces


def test_nonsense_is_refused_and_breaks_nothing(owner: FlaskClient, mara: User) -> None:
    key, challenge = factors.add_passkey(owner), passkeys.new_challenge()
    options = {"challenge": urlsafe_b64encode(challenge).decode().rstrip("=")}
    good = key.signed(options)
    for answer in broken(good):
        with pytest.raises(passkeys.BadPasskey):
            pytest.fail(str(passkeys.use(answer, challenge, user_id=None, now=NOW)) + answer)
    assert passkeys.use(good, challenge, user_id=None, now=NOW).user_id == mara.id


def test_nonsense_adds_nothing(owner: FlaskClient, mara: User) -> None:
    challenge = passkeys.new_challenge()
    asked = PendingProof(challenge=challenge, user_handle=b"h" * 32)
    text = urlsafe_b64encode(challenge).decode().rstrip("=")
    good = SoftwareKey().made({"challenge": text, "user": {"id": "aGhoaA"}})
    for answer in broken(good):
        if "transports" in answer and '["internal"]' not in answer:
            continue  # what is no transport is left out
        with pytest.raises(passkeys.BadPasskey):
            passkeys.add(mara, answer, asked, name="x", now=NOW)
    passkeys.add(mara, good, asked, name="x", now=NOW)
    assert len(kept()) == 1


def test_a_stranger_leaves_nothing_for_long(app: Flask, client: FlaskClient) -> None:

    for _ in range(3):
        factors.options_to_sign_in(client)
    keeping.forget_old(NOW + timedelta(minutes=5))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PendingProof)) == 0
