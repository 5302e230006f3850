"""What becomes of the word that somebody has removed BookMe."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme.crypto import KeyRing
from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus, Problem, User
from tests import factories
from tests.conftest import NOW
from tests.connections.making import connection, rows
from tests.fake_zoom import JACK, JILL, FakeZoom
from tests.webhooks.sending import kept, removal, send

Hints = list[tuple[str, tuple[int, ...]]]


def test_a_removal_is_kept_sealed_and_its_connection_not_used_any_more(
    host: User, client: FlaskClient, zoom: FakeZoom, hints: Hints
) -> None:
    made = connection(host, zoom)
    connection(factories.host(another=True), zoom, JACK)
    assert send(client, removal(JILL)).status_code == 200
    (row,) = kept()
    assert (row.received_at, row.next_attempt_at, row.settled_at) == (NOW, NOW, None)
    assert row.payload_sealed is not None
    assert b"uid-jill" not in row.payload_sealed
    db.session.refresh(made)
    assert (made.status, made.problem) == ("inactive", Problem.REMOVED)
    assert made.access_token_sealed is not None  # the job revokes it, then deletes
    assert hints == [("deauthorization.settle_deauthorization", (row.id,))]
    others = sa.select(Connection.status).where(Connection.host_id != host.id)
    assert db.session.scalars(others).all() == ["active"]
    assert zoom.calls == []


def test_one_that_waits_for_its_host_is_set_aside_too(
    host: User, client: FlaskClient, zoom: FakeZoom
) -> None:
    connection(host, zoom, status=ConnectionStatus.NEEDS_RECONNECT)
    send(client, removal(JILL))
    assert rows(host)[0].status == "inactive"


@pytest.mark.parametrize(
    ("older_by", "status"),
    [
        (timedelta(minutes=5, seconds=1), "inactive"),
        (timedelta(minutes=5), "active"),
        (timedelta(minutes=-5), "active"),
    ],
)
def test_one_that_may_be_newer_than_the_removal_stays_until_zoom_is_asked(
    host: User, client: FlaskClient, zoom: FakeZoom, older_by: timedelta, status: str
) -> None:
    at = NOW - timedelta(hours=1)
    connection(host, zoom, connected_at=at - older_by)
    payload = {"deauthorization_time": f"{at:%Y-%m-%dT%H:%M:%SZ}"}
    send(client, removal(JILL, at, **payload))
    assert rows(host)[0].status == status


def test_a_time_that_lies_ahead_counts_as_now(
    host: User, client: FlaskClient, zoom: FakeZoom
) -> None:
    connection(host, zoom, connected_at=NOW - timedelta(minutes=4))
    send(client, removal(JILL, NOW + timedelta(days=300)))
    assert rows(host)[0].is_active


#: Instants from which nothing can be counted back, and at which Zoom was not there.
TOO_EARLY = ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "1970-01-01T00:00:00Z"]


@pytest.mark.parametrize(
    "told", [None, "yesterday", 7, {"a": 1}, "\ud800", "9999-99-99", *TOO_EARLY]
)
def test_without_a_sensible_time_the_events_own_counts(
    host: User, client: FlaskClient, zoom: FakeZoom, told: Any
) -> None:
    connection(host, zoom)
    event = removal(JILL, NOW - timedelta(minutes=9), deauthorization_time=told)
    assert send(client, event).status_code == 200
    assert kept()[0].deauthorized_at == NOW - timedelta(minutes=9)
    assert rows(host)[0].status == "inactive"


@pytest.mark.parametrize("stamp", [None, "x", True, 10**30, -(10**30), -62135596800000])
def test_without_any_sensible_time_it_counts_from_now(client: FlaskClient, stamp: Any) -> None:
    event = removal(JILL, deauthorization_time=None) | {"event_ts": stamp}
    assert send(client, event).status_code == 200
    assert kept()[0].deauthorized_at == NOW


def test_zooms_repeats_do_nothing(client: FlaskClient, hints: Hints) -> None:
    for minutes in (0, 5, 25, 85):
        at = NOW + timedelta(minutes=minutes)
        with time_machine.travel(at, tick=False):
            assert send(client, removal(JILL), at=at).status_code == 200
    assert len(kept()) == 1
    assert len(hints) == 1


def test_a_repeat_is_known_after_a_change_of_keys(app: Flask, client: FlaskClient) -> None:
    send(client, removal(JILL))
    app.extensions["keys"] = KeyRing([b"n" * 32, b"k" * 32])
    send(client, removal(JILL))
    assert len(kept()) == 1


def test_another_removal_of_the_same_user_is_another(client: FlaskClient) -> None:
    send(client, removal(JILL))
    send(client, removal(JILL, NOW - timedelta(days=1)))
    assert len(kept()) == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "another-app"},
        {"client_id": None},
        {"client_id": ""},
        {"user_id": None},
        {"user_id": ""},
        {"user_id": 7},
        {"user_id": "\ud800"},
    ],
)
def test_a_removal_of_another_app_or_of_nobody_is_accepted_and_nothing_done(
    host: User, client: FlaskClient, zoom: FakeZoom, hints: Hints, changed: dict[str, Any]
) -> None:
    connection(host, zoom)
    assert send(client, removal(JILL, **changed)).status_code == 200
    assert (kept(), hints) == ([], [])
    assert rows(host)[0].is_active


def test_a_removal_without_any_payload_is_accepted(client: FlaskClient) -> None:
    assert send(client, {"event": "app_deauthorized"}).status_code == 200
    assert send(client, {"event": "app_deauthorized", "payload": []}).status_code == 200
    assert kept() == []


def test_a_removal_of_a_user_nobody_knows_is_kept_to_be_confirmed(
    client: FlaskClient, hints: Hints
) -> None:
    send(client, removal(JACK))
    assert len(kept()) == len(hints) == 1


def test_a_redis_that_is_away_costs_nothing(app: Flask, client: FlaskClient) -> None:
    from bookme import queue
    from bookme.breaker import breaker_pool

    app.extensions["hints"] = queue.Queues(breaker_pool("redis://127.0.0.1:1/0"))
    assert send(client, removal(JILL)).status_code == 200
    assert len(kept()) == 1
