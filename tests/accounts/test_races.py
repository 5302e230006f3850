"""Several at once, for the same address or the same handle."""

from collections.abc import Callable
from functools import partial

import sqlalchemy as sa
from flask import Flask

from bookme.accounts import service
from bookme.extensions import db
from bookme.models import User
from tests import factories
from tests.at_once import at_once
from tests.factories import NOW

MANY = 8


def many_at_once(app: Flask, act: Callable[[int], object]) -> list[str]:
    """Let several act; return what was raised."""
    return list(filter(None, at_once(app, [lambda n=n: partial(act, n) for n in range(MANY)])))


def newcomer(email: str) -> service.Newcomer:
    return service.Newcomer(name="Nora Berg", email=email, password_hash="hash")


def test_one_address_gives_one_account(app: Flask) -> None:
    who = newcomer("nora@example.com")
    assert many_at_once(app, lambda number: service.sign_up(who, now=NOW)) == []
    found = db.session.scalars(sa.select(User)).all()
    assert [(user.email, user.handle) for user in found] == [("nora@example.com", "nora-berg")]


def test_one_name_gives_as_many_handles_as_there_are_people(app: Flask) -> None:
    def act(number: int) -> None:
        service.sign_up(newcomer(f"nora{number}@example.com"), now=NOW)

    assert many_at_once(app, act) == []
    handles = set(db.session.scalars(sa.select(User.handle)))
    assert len(handles) == MANY
    assert all(handle.startswith("nora-berg") for handle in handles)


def test_one_handle_goes_to_one_host(app: Flask) -> None:
    ids = [factories.host(another=True).id for _ in range(MANY)]
    db.session.rollback()

    def act(number: int) -> None:
        host = db.session.get_one(User, ids[number])
        kept = {"contact": "", "zone": "UTC", "locale": "en_GB", "clock_hours": 24}
        service.change_profile(host, name="Nora", handle="nora", now=NOW, **kept)

    assert many_at_once(app, act) == ["HandleTaken"] * (MANY - 1)
    db.session.rollback()
    assert db.session.scalars(sa.select(User.handle).where(User.handle == "nora")).all() == ["nora"]
