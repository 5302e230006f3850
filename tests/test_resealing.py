"""A change of keys: everything moves under the first one, and nobody is forgotten on the way."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
import responses
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bookme import resealing, sealed
from bookme.accounts import owed
from bookme.connections.connecting import attempts
from bookme.connections.grants import seals, tokens
from bookme.crypto import KeyRing, Unreadable
from bookme.extensions import db
from bookme.jobs.deauthorization import settle_deauthorization
from bookme.jobs.messages.account import send_email
from bookme.models import (
    Alarm,
    AuthorizationAttempt,
    Connection,
    Deauthorization,
    Email,
    EmailState,
    Session,
    User,
)
from tests import factories
from tests.conftest import NOW
from tests.connections.making import connection, expired, rows
from tests.fake_zoom import JILL, FakeZoom, at_the_wire
from tests.webhooks.sending import kept, received

A, B, C = b"a" * 32, b"b" * 32, b"c" * 32


@pytest.fixture
def host(app: Flask) -> User:
    made: User = factories.host()
    return made


def use(app: Flask, *keys: bytes) -> None:
    """A restart under these TOKEN_KEYS."""
    db.session.rollback()
    db.session.expire_all()
    app.extensions["keys"] = KeyRing(list(keys))


def one_of_each(host: User, zoom: FakeZoom) -> None:
    """A row with sealed values in every table that has them."""
    connection(host, zoom)
    received(JILL)
    browser = Session(user=host, token_hash="h" * 64, created_at=NOW, last_seen_at=NOW)
    db.session.add(browser)
    db.session.flush()
    attempts.start(browser, "google", now=NOW)
    owed.owe(host, owed.Letter.EMAIL_CHANGED, now=NOW, to="old@example.com")
    db.session.commit()


def reseal(app: Flask) -> Any:
    return app.test_cli_runner().invoke(args=["reseal"])


def test_every_sealed_column_is_known_to_a_change_of_keys(app: Flask) -> None:
    known = {
        (place.model.__tablename__, column) for place in sealed.PLACES for column in place.parts
    }
    in_tables = {
        (table.name, column.name)
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.LargeBinary) or column.name.endswith("_sealed")
        if table.name not in ("picture", "passkey", "pending_proof")  # public, or no secret
    }
    assert in_tables == known


def test_every_kind_of_row_moves_under_the_first_key(
    app: Flask, host: User, zoom: FakeZoom
) -> None:
    use(app, A)
    one_of_each(host, zoom)
    use(app, B, A)
    assert resealing.held() == resealing.Held([0, 4], 0)
    result = reseal(app)
    assert result.exit_code == 0, result.output
    assert "brought under the first key: 4" in result.output
    assert "Rows under key 2 in TOKEN_KEYS: 0" in result.output
    use(app, B)
    assert resealing.held() == resealing.Held([4], 0)
    (made,) = rows(host)
    opened = tokens.pair_of(made)
    assert opened is not None
    assert (opened.access_token, opened.refresh_token) == (
        zoom.grants[0].access,
        zoom.grants[0].refresh,
    )
    assert tokens.label(made) == JILL
    assert made.user_digest in seals.same_user(made)
    assert owed.reader(db.session.scalars(sa.select(Email)).one()) == "old@example.com"
    attempt = db.session.scalars(sa.select(AuthorizationAttempt)).one()
    assert sealed.ATTEMPT.open(attempt.state_hash, "verifier_sealed", attempt.verifier_sealed)
    settle_deauthorization(kept()[0].id)
    assert kept()[0].finished_at == NOW


def test_resealing_again_changes_nothing(app: Flask, host: User, zoom: FakeZoom) -> None:
    use(app, A)
    one_of_each(host, zoom)
    use(app, B, A)
    reseal(app)
    before = [tuple(row) for row in db.session.execute(sa.select(Connection.__table__))]
    db.session.rollback()
    assert "first key: 0" in reseal(app).output
    assert before == [tuple(row) for row in db.session.execute(sa.select(Connection.__table__))]


def test_what_was_killed_half_way_is_finished_by_the_next_run(
    app: Flask, host: User, zoom: FakeZoom
) -> None:
    use(app, A)
    one_of_each(host, zoom)
    use(app, B, A)
    assert next(resealing.reseal())
    db.session.rollback()
    assert resealing.held() == resealing.Held([1, 3], 0)
    assert "first key: 3" in reseal(app).output


def test_a_row_that_changes_meanwhile_keeps_its_change(
    app: Flask, host: User, zoom: FakeZoom
) -> None:
    use(app, A)
    first = connection(host, zoom)
    second = connection(factories.host(another=True), zoom, "jack@example.com")
    use(app, B, A)
    steps = resealing.reseal()
    next(steps)
    second.label_sealed = sealed.CONNECTION.seal(second.seal_id, "label_sealed", "changed")
    db.session.commit()
    assert list(steps) == [True]
    use(app, B)
    assert tokens.label(second) == "changed"
    assert tokens.label(first) == JILL


def test_others_can_write_between_two_rows(
    app: Flask, host: User, zoom: FakeZoom, tmp_path: Path
) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL locks the row alone")
    use(app, A)
    one_of_each(host, zoom)
    use(app, B, A)
    for _ in resealing.reseal():
        with sqlite3.connect(tmp_path / "bookme.sqlite", timeout=0) as other:
            other.execute("UPDATE user SET name = name")
    assert resealing.held().older == 0


def test_what_no_key_opens_stays_and_is_told(app: Flask, host: User, zoom: FakeZoom) -> None:
    use(app, A)
    connection(host, zoom)
    use(app, B, C)
    result = reseal(app)
    assert result.exit_code == 1
    assert "not in TOKEN_KEYS: 1" in result.output
    use(app, A)
    assert tokens.label(rows(host)[0]) == JILL


def test_a_refresh_brings_the_whole_row_under_the_first_key(
    app: Flask, host: User, zoom: FakeZoom
) -> None:
    use(app, A)
    made = expired(connection(host, zoom), zoom)
    use(app, B, A)
    tokens.access_token(made.id, now=NOW)
    use(app, B)
    assert resealing.held() == resealing.Held([1], 0)
    (row,) = rows(host)
    assert tokens.label(row) == JILL
    assert row.user_digest in seals.same_user(row)


def test_a_removal_after_a_refresh_under_a_new_key_finds_the_user(
    app: Flask, host: User, zoom: FakeZoom
) -> None:
    use(app, A)
    made = expired(connection(host, zoom), zoom)
    use(app, B, A)
    tokens.access_token(made.id, now=NOW)
    use(app, B)
    settle_deauthorization(received(JILL))
    assert len(zoom.confirmations) == 1
    (row,) = rows(host)
    assert (row.label_sealed, row.access_token_sealed, row.user_digest) == (None, None, None)


def test_nothing_is_confirmed_while_a_user_cannot_be_looked_for(
    app: Flask, host: User, zoom: FakeZoom
) -> None:
    use(app, A)
    connection(host, zoom)
    use(app, B)
    zoom.removes_app(JILL)
    removal_id = received(JILL)
    settle_deauthorization(removal_id)
    assert zoom.confirmations == []
    assert kept()[0].finished_at is None
    assert db.session.get(Alarm, "token_keys") is not None
    use(app, B, A)
    db.session.execute(sa.update(Deauthorization).values(next_attempt_at=NOW))
    db.session.commit()
    settle_deauthorization(removal_id)
    assert len(zoom.confirmations) == 1
    assert rows(host)[0].user_digest is None


def test_a_removal_waits_for_a_missing_key_however_long_it_takes(
    app: Flask, host: User, zoom: FakeZoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(app, A)
    connection(host, zoom)
    use(app, B)
    removal_id = received(JILL)
    long_ago = NOW.replace(year=NOW.year - 1)
    db.session.execute(sa.update(Deauthorization).values(received_at=long_ago))
    db.session.commit()
    settle_deauthorization(removal_id)
    assert (zoom.confirmations, kept()[0].finished_at) == ([], None)
    assert kept()[0].payload_sealed is not None


def test_a_message_whose_reader_cannot_be_opened_waits_for_the_key(app: Flask, host: User) -> None:
    use(app, A)
    email = owed.owe(host, owed.Letter.EMAIL_CHANGED, now=NOW, to="old@example.com")
    assert email is not None
    db.session.commit()
    use(app, B)
    send_email(email.id)
    db.session.expire_all()
    assert (email.state, email.lease_holder) == (EmailState.WAITING, None)
    assert db.session.get(Alarm, "token_keys") is not None


def test_the_address_of_a_message_that_is_out_is_not_kept(app: Flask, host: User) -> None:
    email = owed.owe(host, owed.Letter.EMAIL_CHANGED, now=NOW, to="old@example.com")
    assert email is not None
    db.session.commit()
    send_email(email.id)
    db.session.expire_all()
    assert (email.state, email.to_sealed) == (EmailState.SENT, None)


@pytest.mark.parametrize("column", list(sealed.CONNECTION.parts))
def test_a_value_copied_to_another_column_does_not_open(
    app: Flask, host: User, zoom: FakeZoom, column: str
) -> None:
    made = connection(host, zoom)
    for other in sealed.CONNECTION.parts:
        if other != column:
            with pytest.raises(Unreadable):
                sealed.CONNECTION.open(made.seal_id, column, getattr(made, other))
    label, made.label_sealed = made.label_sealed, made.access_token_sealed
    assert tokens.label(made) is None
    made.access_token_sealed = label
    assert tokens.pair_of(made) is None


def test_the_doctor_and_the_health_page_count_the_rows_of_each_key(
    app: Flask, host: User, client: FlaskClient
) -> None:
    use(app, A)
    with at_the_wire() as zoom:
        connection(host, zoom)
    use(app, B, A)
    assert client.get("/readyz").json["keys"] == {"1": 0, "2": 1, "missing": 0}
    with responses.RequestsMock():  # no provider answers
        report = app.test_cli_runner().invoke(args=["doctor"]).output
    assert "ok   keys: key 1: 0 rows, key 2: 1 rows" in report
    use(app, B)
    found = client.get("/readyz").json
    assert found["keys"] == {"1": 0, "missing": 1}
    assert "token keys: one that sealed rows is missing from TOKEN_KEYS" in found["degraded"]
