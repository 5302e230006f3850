"""Hashing takes long on purpose: everybody waits the same, and nobody waits for it with a lock."""

import sqlite3
from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from tests import factories
from tests.accounts import steps
from tests.factories import PASSWORD

Visit = Callable[[FlaskClient, str], object]


class Watched:
    """A hasher that counts its uses, and lets somebody look while it is at work."""

    def __init__(self) -> None:
        self.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        self.uses = 0
        self.meanwhile: Callable[[], None] = lambda: None

    def hash(self, password: str) -> str:
        self.uses += 1
        self.meanwhile()
        return self.hasher.hash(password)

    def verify(self, kept: str, password: str) -> bool:
        self.uses += 1
        self.meanwhile()
        return self.hasher.verify(kept, password)


@pytest.fixture
def hasher(app: Flask) -> Watched:
    made = app.config["PASSWORD_HASHER"] = Watched()
    return made


@pytest.mark.parametrize(
    "visit",
    [
        lambda client, email: steps.sign_in(client, email, "a wrong password"),
        lambda client, email: steps.sign_up(client, email=email),
        lambda client, email: client.post("/forgot-password", data={"email": email}),
    ],
    ids=["sign in", "sign up", "forgotten"],
)
def test_an_unknown_address_costs_as_much_as_a_known_one(
    app: Flask, client: FlaskClient, hasher: Watched, visit: Visit
) -> None:
    factories.host()
    visit(client, "mara@example.com")
    known = hasher.uses
    visit(client, "nobody@example.com")
    assert known == 1
    assert hasher.uses == 2 * known


def test_no_lock_is_held_meanwhile(app: Flask, client: FlaskClient, hasher: Watched) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has no lock on the whole database")
    mara = str(factories.host().email)
    file = db.engine.url.database
    assert file is not None

    def write() -> None:
        with sqlite3.connect(file, timeout=0) as other:
            other.execute("UPDATE user SET clock_hours = 12")
        other.close()

    def post(path: str, **form: str) -> None:
        db.session.rollback()  # what the test has read itself
        assert client.post(path, data=form).status_code == 303

    hasher.meanwhile = write
    post("/sign-in", email=mara, password=PASSWORD)
    post("/forgot-password", email=mara)
    post(steps.path_in("reset_password"), password=PASSWORD)
    post("/sign-in", email=mara, password=PASSWORD)
    post("/account/password", current_password=PASSWORD, new_password=PASSWORD)
    post("/account/email", new_email="mara@example.org", password=PASSWORD)
    post("/account/delete", password=PASSWORD)
    post("/sign-up", name="Nora Berg", email="nora@example.com", password=PASSWORD)
    assert hasher.uses == 9
