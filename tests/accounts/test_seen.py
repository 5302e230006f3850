"""When a browser was last seen."""

import logging
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme import database, keeping
from bookme.accounts import seen, service
from bookme.extensions import db
from bookme.models import Session
from tests import factories
from tests.accounts import steps
from tests.factories import NOW

FIVE_MINUTES = timedelta(minutes=5)


def look(client: FlaskClient) -> None:
    """Open a page, and let its answer be closed as a server does."""
    with client.get("/account") as answer:
        assert answer.status_code == 200


def the_session() -> int:
    found = db.session.scalars(sa.select(Session.id)).one()
    db.session.rollback()
    return found


def last_seen() -> timedelta:
    db.session.rollback()
    found = db.session.scalars(sa.select(Session.last_seen_at)).one()
    db.session.rollback()
    return found - NOW


def test_it_is_noted_after_the_page_every_five_minutes(app: Flask, client: FlaskClient) -> None:
    steps.sign_in(client, factories.host().email)
    with time_machine.travel(NOW, tick=False) as clock:
        clock.shift(FIVE_MINUTES - timedelta(seconds=1))
        look(client)
        assert last_seen() == timedelta()
        clock.shift(timedelta(seconds=1))
        look(client)
        assert last_seen() == FIVE_MINUTES


def test_a_database_that_is_busy_costs_the_page_nothing(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    steps.sign_in(client, factories.host().email)
    caplog.set_level(logging.INFO)
    session_id = the_session()
    with db.engine.connect() as writer:
        database.only_read(False)
        writer.execute(sa.update(Session).values(label="held by another writer"))
        seen.note(db.engine, session_id, NOW + FIVE_MINUTES)
        writer.rollback()
    assert "OperationalError" in caplog.text
    assert last_seen() == timedelta()
    look(client)


def test_the_note_leaves_the_connection_as_patient_as_before(
    app: Flask, client: FlaskClient
) -> None:
    steps.sign_in(client, factories.host().email)
    question = {"sqlite": "PRAGMA busy_timeout", "postgresql": "SHOW lock_timeout"}
    ask = question[db.engine.dialect.name]
    with db.engine.connect() as connection:
        usual = connection.exec_driver_sql(ask).scalar()
    seen.note(db.engine, the_session(), NOW + FIVE_MINUTES)
    assert last_seen() == FIVE_MINUTES
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql(ask).scalar() == usual


def cookie_of(client: FlaskClient, path: str) -> str:
    """The cookie that an answer sets; empty if none."""
    with client.get(path) as answer:
        return answer.headers.get("Set-Cookie", "")


def test_the_cookie_is_renewed_with_the_note_and_by_nothing_else(
    app: Flask, client: FlaskClient
) -> None:
    """An answer that comes late must not put back the cookie from before a sign-in."""
    style = "/static/look.css"
    steps.sign_up(client)
    assert [cookie_of(client, path) for path in (style, "/help/zoom")] == ["", ""]
    steps.sign_in(client, factories.host().email)
    cookie_of(client, "/dashboard")  # with the first form of a session comes its key
    assert [cookie_of(client, path) for path in ("/dashboard", style)] == ["", ""]
    with time_machine.travel(NOW + FIVE_MINUTES, tick=False):
        assert cookie_of(client, style) == ""
        assert "bookme_session=" in cookie_of(client, "/dashboard")


def test_a_browser_not_seen_for_thirty_days_is_signed_out(app: Flask, client: FlaskClient) -> None:
    host = factories.host()
    steps.sign_in(client, host.email)
    with client.session_transaction() as cookie:
        token = cookie["sid"]
    with time_machine.travel(NOW + timedelta(days=30), tick=False):
        late = app.test_client()
        with late.session_transaction() as cookie:
            cookie["sid"] = token
        assert not steps.signed_in(late)


def test_what_nobody_comes_back_for_is_forgotten(app: Flask, client: FlaskClient) -> None:
    host = factories.host()
    steps.sign_in(client, host.email)
    steps.sign_up(client)
    month = timedelta(days=30)
    keeping.forget_old(NOW + month - timedelta(seconds=1))
    assert (steps.sessions_of(host), steps.host().name) == (1, "Nora Berg")
    keeping.forget_old(NOW + month + timedelta(seconds=1))
    assert steps.sessions_of(host) == 0
    assert service.find("nora@example.com") is None
    assert service.find(host.email) is not None
