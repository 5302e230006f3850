"""Hints: given to a real Redis, forgiven when there is none, and carrying nothing but ids."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from rq import Queue
from rq.serializers import JSONSerializer

from bookme import create_app, queue
from bookme.breaker import breaker_pool
from tests.conftest import settings
from tests.servers import RedisServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path).start()
    yield server
    server.stop()


@pytest.fixture
def hinting(server: RedisServer, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(settings("sqlite://", tmp_path) | {"REDIS_URL": server.url, "HINTS": None})
    pool = breaker_pool(server.url)
    app.extensions["redis_pool"].disconnect()
    app.extensions["redis_pool"] = pool
    app.extensions["hints"] = queue.make_queue(pool)
    with app.app_context():
        yield app
    pool.disconnect()


def test_a_hint_is_a_job_by_name_with_an_id(hinting: Flask, server: RedisServer) -> None:
    assert queue.hurry(7)
    client = server.client()
    (job,) = Queue(queue.NAME, connection=client, serializer=JSONSerializer).jobs
    assert (job.func_name, job.args) == ("bookme.jobs.sync.sync_booking", [7])
    client.close()


def test_a_stopped_redis_is_forgiven(hinting: Flask, server: RedisServer) -> None:
    server.stop()
    assert queue.hurry(7) is False
    assert queue.hurry_email(8) is False


def test_a_redis_that_is_away_is_said_once(
    hinting: Flask, server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.stop()
    for number in range(5):
        queue.hurry(number)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_frozen_redis_is_forgiven(hinting: Flask, server: RedisServer) -> None:
    server.freeze()
    assert queue.hurry(7) is False
    server.thaw()


def test_the_hints_of_tests_are_remembered(app: Flask, hints: list[object]) -> None:
    queue.hurry(7)
    queue.hurry_email(8)
    assert hints == [("sync.sync_booking", (7,)), ("messages.send_email", (8,))]
    assert json.dumps(hints)
