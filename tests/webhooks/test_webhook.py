"""What Zoom gets for what it sends."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bookme.crypto import KeyRing
from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus, Deauthorization, Problem, User
from tests import factories
from tests.conftest import NOW
from tests.connections.making import connection, rows
from tests.connections.zoom import JACK, JILL, FakeZoom
from tests.contracts import VECTORS
from tests.webhooks.sending import PATH, removal, send, signed

Hints = list[tuple[str, tuple[int, ...]]]
SAMPLES = VECTORS["zoom_signature"]


def inbox() -> list[Deauthorization]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Deauthorization).order_by(Deauthorization.id)))


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample["name"] for sample in SAMPLES])
def test_every_known_event_is_accepted_by_its_raw_bytes(
    client: FlaskClient, sample: dict[str, Any]
) -> None:
    headers = {name: sample[name] for name in ("x-zm-signature",)}
    headers["x-zm-request-timestamp"] = sample["timestamp"]
    with time_machine.travel(datetime.fromtimestamp(int(sample["timestamp"]), UTC), tick=False):
        answer = client.post(PATH, data=sample["raw_body_utf8"].encode(), headers=headers)
    assert answer.status_code == 200


def test_a_validation_is_answered(client: FlaskClient, statements: list[str]) -> None:
    sample = VECTORS["zoom_url_validation"]
    event = {"event": "endpoint.url_validation", "payload": {"plainToken": sample["plainToken"]}}
    answer = send(client, event)
    assert (answer.status_code, answer.json) == (200, sample["expected_response"])
    assert statements == []


@pytest.mark.parametrize("payload", [None, {}, {"plainToken": 7}, {"plainToken": "\ud800"}, "x"])
def test_a_validation_without_a_challenge_is_refused(client: FlaskClient, payload: Any) -> None:
    event = {"event": "endpoint.url_validation", "payload": payload}
    assert send(client, event).status_code == 400


@pytest.mark.parametrize("missing", ["x-zm-signature", "x-zm-request-timestamp"])
def test_without_signature_or_time_it_is_401(client: FlaskClient, missing: str) -> None:
    body = json.dumps(removal(JILL)).encode()
    headers = {name: value for name, value in signed(body).items() if name != missing}
    assert client.post(PATH, data=body, headers=headers).status_code == 401
    assert inbox() == []


@pytest.mark.parametrize(
    ("at", "status"),
    [
        (NOW - timedelta(hours=2), 200),
        (NOW - timedelta(hours=2, seconds=1), 401),
        (NOW + timedelta(minutes=5), 200),
        (NOW + timedelta(minutes=5, seconds=1), 401),
    ],
)
def test_a_signature_is_good_for_two_hours(client: FlaskClient, at: datetime, status: int) -> None:
    assert send(client, {"event": "meeting.started"}, at=at).status_code == status


def test_a_signature_with_another_secret_is_401(client: FlaskClient) -> None:
    body = json.dumps(removal(JILL)).encode()
    headers = signed(body, secret="another")
    assert client.post(PATH, data=body, headers=headers).status_code == 401
    assert inbox() == []


def test_a_server_without_a_secret_accepts_nothing(app: Flask, client: FlaskClient) -> None:
    app.config["ZOOM_WEBHOOK_SECRET"] = ""
    body = json.dumps(removal(JILL)).encode()
    assert client.post(PATH, data=body, headers=signed(body, secret="")).status_code == 401


@pytest.mark.parametrize(("size", "status"), [(64 * 1024, 200), (64 * 1024 + 1, 413)])
def test_a_body_has_64_kib_at_most(client: FlaskClient, size: int, status: int) -> None:
    frame = b'{"event": "x", "pad": ""}'
    body = frame.replace(b'""', b'"' + b"x" * (size - len(frame)) + b'"')
    assert len(body) == size
    assert send(client, body).status_code == status


class Endless:
    """A body without an end."""

    def __init__(self) -> None:
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        assert size >= 0
        self.taken += size
        return b"x" * size


def test_of_an_endless_body_no_more_than_that_is_read(client: FlaskClient) -> None:
    environ = EnvironBuilder(PATH, method="POST", headers=signed(b"")).get_environ()
    endless = Endless()
    environ |= {"wsgi.input": endless, "wsgi.input_terminated": True}
    environ.pop("CONTENT_LENGTH", None)
    _, status, _ = run_wsgi_app(client.application, environ)
    assert status.startswith("413")
    assert endless.taken <= 128 * 1024


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[1]", b'"x"', b"[" * 60_000, b"null"])
def test_signed_nonsense_is_400(client: FlaskClient, body: bytes) -> None:
    assert send(client, body).status_code == 400


@pytest.mark.parametrize(
    "event",
    [{}, {"event": "meeting.started"}, {"event": None}, {"event": ["x"]}, {"event": {"a": 1}}],
)
def test_an_unknown_event_is_accepted_and_nothing_done(
    client: FlaskClient, hints: Hints, event: dict[str, Any]
) -> None:
    assert send(client, event).status_code == 200
    assert (inbox(), hints) == ([], [])


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_the_content_type_is_not_looked_at(
    client: FlaskClient, hints: Hints, content_type: str
) -> None:
    body = json.dumps(removal(JILL)).encode()
    answer = client.post(PATH, data=body, headers=signed(body), content_type=content_type)
    assert answer.status_code == 200
    assert len(inbox()) == 1


def test_it_needs_no_csrf_token_and_no_session(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert send(client, {"event": "meeting.started"}).status_code == 200


def test_it_only_takes_posts(client: FlaskClient) -> None:
    assert client.get(PATH).status_code == 404


def test_a_removal_is_kept_sealed_and_its_connection_not_used_any_more(
    host: User, client: FlaskClient, zoom: FakeZoom, hints: Hints
) -> None:
    made = connection(host, zoom)
    connection(factories.host(another=True), zoom, JACK)
    assert send(client, removal(JILL)).status_code == 200
    (row,) = inbox()
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


@pytest.mark.parametrize("told", [None, "yesterday", 7, {"a": 1}, "\ud800", "9999-99-99"])
def test_without_a_sensible_time_the_events_own_counts(
    host: User, client: FlaskClient, zoom: FakeZoom, told: Any
) -> None:
    connection(host, zoom)
    event = removal(JILL, NOW - timedelta(minutes=9), deauthorization_time=told)
    assert send(client, event).status_code == 200
    assert inbox()[0].deauthorized_at == NOW - timedelta(minutes=9)
    assert rows(host)[0].status == "inactive"


@pytest.mark.parametrize("stamp", [None, "x", True, 10**30, -(10**30)])
def test_without_any_sensible_time_it_counts_from_now(client: FlaskClient, stamp: Any) -> None:
    event = removal(JILL, deauthorization_time=None) | {"event_ts": stamp}
    assert send(client, event).status_code == 200
    assert inbox()[0].deauthorized_at == NOW


def test_zooms_repeats_do_nothing(client: FlaskClient, hints: Hints) -> None:
    for minutes in (0, 5, 25, 85):
        at = NOW + timedelta(minutes=minutes)
        with time_machine.travel(at, tick=False):
            assert send(client, removal(JILL), at=at).status_code == 200
    assert len(inbox()) == 1
    assert len(hints) == 1


def test_a_repeat_is_known_after_a_change_of_keys(app: Flask, client: FlaskClient) -> None:
    send(client, removal(JILL))
    app.extensions["keys"] = KeyRing([b"n" * 32, b"k" * 32])
    send(client, removal(JILL))
    assert len(inbox()) == 1


def test_another_removal_of_the_same_user_is_another(client: FlaskClient) -> None:
    send(client, removal(JILL))
    send(client, removal(JILL, NOW - timedelta(days=1)))
    assert len(inbox()) == 2


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
    assert (inbox(), hints) == ([], [])
    assert rows(host)[0].is_active


def test_a_removal_without_any_payload_is_accepted(client: FlaskClient) -> None:
    assert send(client, {"event": "app_deauthorized"}).status_code == 200
    assert send(client, {"event": "app_deauthorized", "payload": []}).status_code == 200
    assert inbox() == []


def test_a_removal_of_a_user_nobody_knows_is_kept_to_be_confirmed(
    client: FlaskClient, hints: Hints
) -> None:
    send(client, removal(JACK))
    assert len(inbox()) == len(hints) == 1


def test_a_redis_that_is_away_costs_nothing(app: Flask, client: FlaskClient) -> None:
    from bookme import queue
    from bookme.breaker import breaker_pool

    app.extensions["hints"] = queue.make_queue(breaker_pool("redis://127.0.0.1:1/0"))
    assert send(client, removal(JILL)).status_code == 200
    assert len(inbox()) == 1
