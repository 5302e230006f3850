"""What a booking's sync costs in a worker: a meeting made, and both mails sent, with everybody
answering at once. Beside it a job that does nothing in RQ's own worker.

    python -m tests.bench.jobs

Processor time of the workers and what they fork; Redis, Zoom and the mail server are not in it.
"""

import itertools
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from rq import Queue
from rq.serializers import JSONSerializer

from bookme import create_app, queue
from bookme.bookings.messages.outbox import MessageKind, owe
from bookme.clock import utcnow
from bookme.connections.grants import seals
from bookme.extensions import db
from bookme.models import Booking, Connection, ConnectionStatus, User
from bookme.providers.http.grant import Grant
from bookme.providers.zoom.client import SCOPES
from tests import factories
from tests.bench import empty, processor, whole
from tests.mail_server import Inbox, serving
from tests.servers import RedisServer

JOBS, ROUNDS = 10, 5


class _Zoom(BaseHTTPRequestHandler):
    numbers = itertools.count(85)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        number = next(self.numbers)
        made = {"id": number, "join_url": f"https://zoom.us/j/{number}", "password": "x"}
        body = json.dumps(made).encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def figures() -> Iterator[tuple[str, float, str]]:
    """Processor time of both, and the yardstick's part of ours."""
    with tempfile.TemporaryDirectory(prefix="bookme-bench-") as name, _zoom() as zoom:
        folder, inbox = Path(name), Inbox()
        redis = RedisServer(folder).start()
        with serving(inbox) as port:
            environ = whole.environment(folder) | {
                "REDIS_URL": redis.url,
                "MAIL_URL": f"smtp://127.0.0.1:{port}",
                "ZOOM_CLIENT_ID": "zoom-client",
                "ZOOM_CLIENT_SECRET": "zoom-secret",
                "ZOOM_API_URL": zoom,
            }
            os.environ.update(environ)
            ids = iter(_bookings(create_app(), JOBS * (ROUNDS + 1)))
            with (
                _worker(environ, "bookme.jobs.processes.worker") as ours,
                _worker(environ, "tests.bench.empty", redis.url) as bare,
            ):
                sync = partial(_sync, redis, ours, inbox, ids)
                nothing = partial(_nothing, redis, bare)
                sync(), nothing()  # what is loaded once is no job's
                mine, empty_job, ratio = processor.beside(sync, nothing, ROUNDS)
        redis.stop()
    yield "RQ's empty job", empty_job * 1000, "ms"
    yield "a booking's sync: meeting and both mails (<= 100)", mine * 1000, "ms"
    yield "  of RQ's empty job (>= 0.33)", 1 / ratio, ""


@contextmanager
def _zoom() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Zoom)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _bookings(app: Flask, count: int) -> list[int]:
    """Bookings that are due, of one connected host."""
    with app.app_context():
        upgrade()
        schedule, now = factories.schedule(), utcnow()
        _connect(schedule.host)
        ids = [_booking(schedule, now + timedelta(days=1, hours=number)) for number in range(count)]
        db.session.remove()
        db.engine.dispose()
        return ids


def _connect(host: User) -> None:
    now = utcnow()
    grant = Grant("access", "refresh", 90 * 86400, frozenset(SCOPES))
    db.session.add(
        Connection(
            host_id=host.id,
            provider="zoom",
            status=ConnectionStatus.ACTIVE,
            seal_id="bench",
            connected_at=now - timedelta(days=1),
            refreshed_at=now,
            generation=1,
            **seals.pair("bench", grant, now=now),
        )
    )


def _booking(schedule: Any, starts_at: Any) -> int:
    now = utcnow()
    made: Booking = factories.booking(
        schedule=schedule, starts_at=starts_at, video_provider="zoom", due_at=now, created_at=now
    )
    owe(made, MessageKind.BOOKED, now=now)
    db.session.commit()
    return made.id


@contextmanager
def _worker(environ: dict[str, str], *words: str) -> Iterator[int]:
    """A worker's process id."""
    command = [sys.executable, "-m", *words]
    process = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def _sync(redis: RedisServer, worker: int, inbox: Inbox, ids: Iterator[int]) -> float:
    wanted = len(inbox.messages) + 2 * JOBS
    name = f"{queue.PACKAGE}{queue.Job.SYNC_BOOKING}"
    jobs = _queue(redis, queue.BOOKINGS)
    before = processor.of_tree(worker)
    for booking_id in itertools.islice(ids, JOBS):
        jobs.enqueue_call(name, args=(booking_id,), timeout=60, result_ttl=0)
    _wait(lambda: len(inbox.messages) >= wanted and not jobs.started_job_registry.count)
    return (processor.of_tree(worker) - before) / JOBS


def _nothing(redis: RedisServer, worker: int) -> float:
    jobs = _queue(redis, empty.QUEUE)
    before = processor.of_tree(worker)
    for _ in range(JOBS):
        jobs.enqueue_call("tests.bench.empty.nothing", timeout=60, result_ttl=0)
    _wait(lambda: not jobs.count and not jobs.started_job_registry.count)
    return (processor.of_tree(worker) - before) / JOBS


def _queue(redis: RedisServer, name: str) -> Queue:
    return Queue(name, connection=redis.client(), serializer=JSONSerializer)


def _wait(is_done: Any) -> None:
    ends = time.monotonic() + 120
    while not is_done():
        if time.monotonic() > ends:
            raise TimeoutError("the worker does not get done")
        time.sleep(0.05)


if __name__ == "__main__":
    for name, value, unit in figures():
        sys.stdout.write(f"  {name:<58} {value:>10,.2f} {unit}\n")
