"""What Zoom gets for what it sends."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.conftest import NOW
from tests.contracts import VECTORS
from tests.fake_zoom import JILL
from tests.webhooks.sending import PATH, kept, removal, send, signed

Hints = list[tuple[str, tuple[int, ...]]]
SAMPLES = VECTORS["zoom_signature"]


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
    assert kept() == []


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
    assert kept() == []


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


def test_an_endless_body_is_read_no_further_than_any_form(client: FlaskClient) -> None:
    environ = EnvironBuilder(PATH, method="POST", headers=signed(b"")).get_environ()
    endless = Endless()
    environ |= {"wsgi.input": endless, "wsgi.input_terminated": True}
    environ.pop("CONTENT_LENGTH", None)
    _, status, _ = run_wsgi_app(client.application, environ)
    assert status.startswith("413")
    assert endless.taken <= client.application.config["MAX_CONTENT_LENGTH"]


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
    assert (kept(), hints) == ([], [])


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_the_content_type_is_not_looked_at(
    client: FlaskClient, hints: Hints, content_type: str
) -> None:
    body = json.dumps(removal(JILL)).encode()
    answer = client.post(PATH, data=body, headers=signed(body), content_type=content_type)
    assert answer.status_code == 200
    assert len(kept()) == 1


def test_it_needs_no_csrf_token_and_no_session(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert send(client, {"event": "meeting.started"}).status_code == 200


def test_it_only_takes_posts(client: FlaskClient) -> None:
    assert client.get(PATH).status_code == 404
