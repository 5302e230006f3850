"""Hints: given to a real Redis, forgiven when there is none, and carrying nothing but ids."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from bookme import create_app, queue
from bookme.breaker import breaker_pool
from bookme.jobs.processes.worker import BookMeWorker
from tests.conftest import settings
from tests.processes import ROOT
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
    app.extensions["hints"] = queue.Queues(pool)
    with app.app_context():
        yield app
    pool.disconnect()


def test_a_hint_is_a_job_by_name_with_an_id(hinting: Flask, server: RedisServer) -> None:
    assert queue.hurry(7)
    client = server.client()
    (job,) = Queue(queue.BOOKINGS, connection=client, serializer=JSONSerializer).jobs
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
    assert hints == [("sync.sync_booking", (7,)), ("messages.account.send_email", (8,))]
    assert json.dumps(hints)


def test_every_job_names_its_queue_in_one_place() -> None:
    """And every job that anybody hints is one that there is."""
    assert set(queue.QUEUE_OF) == set(queue.Job)
    assert set(queue.QUEUE_OF.values()) == set(queue.QUEUES)
    for job in queue.Job:
        module, _, function = job.rpartition(".")
        assert callable(getattr(import_module(f"{queue.PACKAGE}{module}"), function)), job
    hinted = set()
    for path in (ROOT / "bookme").rglob("*.py"):
        hinted |= set(re.findall(r"(?:queue\.|hint\()Job\.([A-Z_]+)", path.read_text()))
    assert {job.name for job in queue.Job} - hinted == set(), "nothing hints this"


def test_a_booking_is_taken_before_a_thousand_removals(hinting: Flask, server: RedisServer) -> None:
    for number in range(1000):
        queue.hint(queue.Job.SETTLE_REMOVAL, number)
        if number % 100 == 0:
            queue.hint(queue.Job.READ_BUSY, number)
    queue.hurry_email(8)
    queue.hurry(7)
    with closing(server.client()) as client:
        with Redis.from_url(server.url) as connection:
            worker = BookMeWorker(hinting, connection)
            taken = [worker.dequeue_job_and_maintain_ttl(None)[0] for _ in range(3)]
        assert [(job.func_name.split(".")[-1], job.args) for job in taken] == [
            ("sync_booking", [7]),
            ("send_email", [8]),
            ("settle_deauthorization", [0]),
        ]
        assert Queue(queue.REMOVALS, connection=client, serializer=JSONSerializer).count == 999
