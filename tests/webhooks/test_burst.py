"""Many removals at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import Connection, User
from bookme.webhooks import events, inbox
from bookme.webhooks.events import Removal
from tests import factories
from tests.conftest import NOW
from tests.connections.making import connection
from tests.fake_zoom import JACK, JILL, FakeZoom
from tests.webhooks.sending import kept, removal, send

MANY = 12


def told(person: str, **changed: object) -> Removal:
    found = events.removal(removal(person, **changed), "zoom-client", now=utcnow())
    assert found is not None
    return found


def test_removals_that_come_together_share_a_transaction(
    host: User, zoom: FakeZoom, statements: list[str]
) -> None:
    jills, jacks = connection(host, zoom), connection(factories.host(another=True), zoom, JACK)
    strangers = [told(f"stranger{number}") for number in range(20)]
    statements.clear()
    inbox.receive([told(JILL), *strangers, told(JACK)])
    writes = [one for one in statements if one.startswith(("INSERT", "UPDATE"))]
    assert len(writes) == 2, "however many there are"
    assert len(kept()) == 22
    for made in (jills, jacks):
        db.session.refresh(made)
        assert made.status == "inactive"


def test_of_those_that_come_together_one_is_given_to_the_queue(app: Flask) -> None:
    (soon,) = [one for one in inbox.receive([told(JILL), told(JACK)]) if one is not None]
    assert soon in [row.id for row in kept()]


def test_a_repeat_that_comes_together_with_the_first_is_one(app: Flask) -> None:
    ids = inbox.receive([told(JILL), told(JILL), told(JILL)])
    (row,) = kept()
    assert [one for one in ids if one is not None] == [row.id]


@pytest.mark.parametrize("turned", [False, True])
def test_of_a_users_two_removals_the_later_one_decides(
    host: User, zoom: FakeZoom, turned: bool
) -> None:
    connection(host, zoom, connected_at=NOW - timedelta(hours=2))
    before = NOW - timedelta(hours=3)
    both = [told(JILL), told(JILL, deauthorization_time=f"{before:%Y-%m-%dT%H:%M:%SZ}")]
    inbox.receive(both[::-1] if turned else both)
    assert db.session.scalars(sa.select(Connection.status)).all() == ["inactive"]


def test_the_same_events_in_several_processes_are_kept_once(app: Flask) -> None:
    """In whatever order each has them."""
    same = [told(f"user{number}") for number in range(MANY)]
    barrier = Barrier(4)

    def receive(turn: int) -> None:
        with app.app_context():
            barrier.wait(20)
            inbox.receive(same[turn:] + same[:turn])
            db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(receive, range(0, MANY, 3)))
    assert len(kept()) == MANY


def test_a_crowd_is_answered_when_all_of_it_is_kept(app: Flask) -> None:
    db.session.remove()

    def answered(number: int) -> int:
        return send(app.test_client(), removal(f"user{number}")).status_code

    with ThreadPoolExecutor(MANY) as pool:
        assert set(pool.map(answered, range(MANY))) == {200}
    assert len(kept()) == MANY


def test_nobody_is_told_that_it_is_kept_when_it_is_not(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Zoom sends it again then."""

    def fails() -> None:
        raise OperationalError("COMMIT", {}, Exception("the disk is full"))

    with monkeypatch.context() as patched:
        patched.setattr(db.session, "commit", fails)
        assert send(client, removal(JILL)).status_code == 503
    assert kept() == []
    assert send(client, removal(JILL)).status_code == 200
    assert len(kept()) == 1
