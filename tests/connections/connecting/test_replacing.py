"""Another Zoom account on one BookMe account, and one Zoom account on two."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from bookme.connections.grants import tokens
from bookme.extensions import db
from bookme.models import ConnectionStatus, Email, Problem, User
from tests import factories
from tests.conftest import NOW
from tests.connections.making import (
    CONNECT,
    connect,
    connection,
    expired,
    forget_browser,
    rows,
)
from tests.fake_zoom import JACK, JILL, FakeZoom

AsHost = Callable[..., FlaskClient]


def test_a_connected_account_is_not_replaced_unasked(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom)
    browser = as_host(host)
    answer = browser.post(CONNECT)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/connections/zoom/install")
    page = browser.get("/connections/zoom/install").text
    assert JILL in page
    assert 'name="replace" value="yes"' in page
    assert "Replace this account" in page


def test_replacing_revokes_the_old_pair(host: User, as_host: AsHost, zoom: FakeZoom) -> None:
    connection(host, zoom)
    assert connect(as_host(host), zoom, JACK, replace="yes").status_code == 303
    old, new = rows(host)
    assert (old.status, old.label_sealed, old.user_digest) == ("inactive", None, None)
    assert tokens.label(new) == JACK
    assert zoom.living(JILL) == []
    assert zoom.calls == ["exchange", "me", "revoke"]


def test_an_old_pair_that_has_expired_is_refreshed_to_be_revoked(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    expired(connection(host, zoom), zoom)
    connect(as_host(host), zoom, JACK, replace="yes")
    assert zoom.calls == ["exchange", "me", "refresh", "revoke"]
    assert zoom.living(JILL) == []


def test_replacing_succeeds_although_the_old_pair_cannot_be_revoked(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom)
    zoom.fails("revoke", (500, {}, ""))
    assert connect(as_host(host), zoom, JACK, replace="yes").status_code == 303
    assert [row.status for row in rows(host)] == ["inactive", "active"]


def test_another_account_than_the_one_to_be_reconnected_is_asked_about(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    connection(host, zoom, status=ConnectionStatus.NEEDS_RECONNECT)
    answer = connect(as_host(host), zoom, JACK)
    assert answer.status_code == 409
    assert f"You allowed BookMe to use {JACK}." in answer.text
    assert "a different Zoom account" in answer.text
    assert 'name="replace" value="yes"' in answer.text
    assert [row.status for row in rows(host)] == ["needs_reconnect"]
    assert zoom.living(JACK) == []
    browser = as_host(host)
    assert connect(browser, zoom, JACK, replace="yes").status_code == 303
    assert f"Zoom is connected as {JACK}, instead of {JILL}." in browser.get("/connections").text


def test_the_older_connection_of_a_zoom_account_is_marked_and_its_host_told(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    other = factories.host(another=True)
    older = connection(other, zoom)
    connect(as_host(host), zoom)
    (older,) = rows(other)
    assert (older.status, older.problem) == ("needs_reconnect", Problem.REPLACED)
    assert (older.access_token_sealed, older.refresh_token_sealed) == (None, None)
    letter = db.session.scalars(sa.select(Email)).one()
    assert (letter.kind, letter.user_id) == ("connection_replaced", other.id)
    assert "revoke" not in zoom.calls
    assert len(zoom.living(JILL)) == 1


def test_it_can_be_taken_back_and_then_the_other_host_is_told(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    other = factories.host(another=True)
    connect(as_host(host), zoom)
    forget_browser()
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        connect(as_host(other), zoom)
        forget_browser()
        connect(as_host(host), zoom)
    assert [row.status for row in rows(host)] == ["inactive", "active"]
    assert [row.status for row in rows(other)] == ["needs_reconnect"]
    told = db.session.scalars(sa.select(Email.user_id).order_by(Email.id)).all()
    assert told == [host.id, other.id]


def test_a_pair_is_not_revoked_while_a_newer_connection_uses_its_account(
    host: User, as_host: AsHost, zoom: FakeZoom
) -> None:
    # Both rows say active, as when two hosts connect within the same moment.
    connection(host, zoom, connected_at=NOW - timedelta(days=2))
    connection(factories.host(another=True), zoom)
    connect(as_host(host), zoom, JACK, replace="yes")
    assert "revoke" not in zoom.calls
    assert len(zoom.living(JILL)) == 1
