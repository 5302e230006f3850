"""Real workers and a real sweep, on a real Redis, with a mail server and a stand-in for Zoom."""

import json
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from prometheus_client.multiprocess import MultiProcessCollector
from redis import Redis
from rq import Queue
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer

from bookme import create_app, database, queue
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.jobs.processes.worker import BookMeWorker
from bookme.models import Booking, EmailState, Heartbeat, MeetingState
from tests.conftest import settings
from tests.jobs.conftest import connected, video_booking
from tests.mail_server import Inbox, serving
from tests.patience import wait_until
from tests.processes import Part, clean_environment
from tests.servers import RedisServer

#: For what has nothing to do with the kind of database.
ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KEY = "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="  # that of tests.conftest.settings


class StubZoom(ThreadingHTTPServer):
    """Answers every create; ``answers`` is cleared to let it hang."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.created = 0
        self.asked, self.answers = threading.Event(), threading.Event()
        self.answers.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: StubZoom

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.set()
        self.server.answers.wait(20)
        self.server.created += 1
        made = {"id": 85, "join_url": "https://zoom.us/j/85", "password": "x"}
        body = json.dumps(made).encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class Machine:
    """Redis, Zoom, a mail server and a database, and BookMe's parts that run on them."""

    def __init__(self, folder: Path, database_url: str, zoom: StubZoom, smtp_port: int) -> None:
        self.folder, self.zoom = folder, zoom
        self.redis = RedisServer(folder)
        self.parts: list[Part] = []
        self.environ = clean_environment() | {
            "STATE_DIR": str(folder),
            "SECRET_KEY": "a secret for tests only",
            "TOKEN_KEYS": KEY,
            "DATABASE_URL": database_url,
            "REDIS_URL": self.redis.url,
            "MAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
            "ZOOM_CLIENT_ID": "zoom-client",
            "ZOOM_CLIENT_SECRET": "zoom-secret",
            "ZOOM_API_URL": zoom.url,
            "WAITS_DIVIDED_BY": "50",
        }

    def run(self, name: str, program: str = "") -> Part:
        """Start ``python -m bookme.jobs.processes.<name>``, or a program of the test's own."""
        words = ["-c", program] if program else ["-m", f"bookme.jobs.processes.{name}"]
        command = [sys.executable, *words]
        log = self.folder / f"{name}-{len(self.parts)}.log"
        part = Part(name, command, self.environ, log)
        part.start()
        self.parts.append(part)
        return part

    def enqueue(self, job: str, *args: Any, timeout: int = 60) -> Any:
        """Give a job to the queue as BookMe does, but keep its result."""
        jobs = Queue(queue.BOOKINGS, connection=self.redis.client(), serializer=JSONSerializer)
        return jobs.enqueue_call(job, args=args, timeout=timeout, result_ttl=60, failure_ttl=60)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def machine(database_url: str, tmp_path: Path, inbox: Inbox) -> Iterator[Machine]:
    zoom = StubZoom()
    thread = threading.Thread(target=zoom.serve_forever)
    thread.start()
    with serving(inbox) as smtp_port:
        machine = Machine(tmp_path, database_url, zoom, smtp_port)
        try:
            machine.redis.start()
            yield machine
        finally:
            zoom.answers.set()
            for part in machine.parts:
                part.kill()
            machine.redis.stop()
            zoom.shutdown()
            thread.join(20)
            zoom.server_close()


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on the same database, with the clock going."""
    app = create_app(settings(database_url, tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def booking_id(app: Flask) -> int:
    """A booking that is due, of a connected host."""
    made = video_booking()
    made.due_at = made.created_at = utcnow()
    for email in made.emails:
        email.next_attempt_at = email.created_at = utcnow()
    connected(made)
    found = made.id
    db.session.commit()  # or the database stays locked
    return found


def is_done(booking_id: int) -> bool:
    with database.reading():
        booking = db.session.get_one(Booking, booking_id, populate_existing=True)
        sent = {email.state for email in booking.emails} == {EmailState.SENT}
        ready = booking.meeting is not None and booking.meeting.state is MeetingState.READY
        free = booking.lease_holder is None
        db.session.rollback()
    return sent and ready and free


def test_a_hint_is_worked_off(machine: Machine, booking_id: int, inbox: Inbox) -> None:
    machine.run("worker")
    machine.enqueue("bookme.jobs.sync.sync_booking", booking_id)
    wait_until(lambda: is_done(booking_id), "meeting and messages")
    assert machine.zoom.created == 1
    assert {str(got["To"]) for got in inbox.messages} == {
        "Ana Costa <ana@example.com>",
        "Mara Lindqvist <mara@example.com>",
    }
    (beat,) = db.session.scalars(sa.select(Heartbeat)).all()
    assert beat.kind == "worker"


def test_no_connection_to_the_database_is_shared_with_a_job(machine: Machine, app: Flask) -> None:
    machine.run("worker")
    jobs = [machine.enqueue("tests.jobs.processes.probe.connections") for _ in range(2)]
    found = [
        wait_until(lambda job=job: job.return_value(refresh=True), "the job")  # type: ignore[misc]
        for job in jobs
    ]
    assert [one["open"] for one in found] == [0, 0]


@ONE_DATABASE
def test_jobs_share_a_process_until_one_fails_or_takes_too_long(machine: Machine) -> None:
    machine.environ["METRICS_TOKEN"] = "a-token-that-nobody-guesses"
    worker = machine.run("worker")
    probe = "tests.jobs.processes.probe"

    def pid() -> int:
        job = machine.enqueue(f"{probe}.connections")
        found = wait_until(lambda: job.return_value(refresh=True), "the job", 30)
        return int(found["pid"])

    def failed(job: Any) -> None:
        wait_until(lambda: job.get_status(refresh=True) == "failed", "the failure", 30)

    first = pid()
    assert pid() == first
    assert first not in worker.pids[:1]
    failed(machine.enqueue(f"{probe}.fail", "somebody"))
    second = pid()
    assert second != first
    failed(machine.enqueue(f"{probe}.hang", timeout=1))
    third = pid()
    assert third not in (first, second)
    os.kill(third, signal.SIGKILL)  # while it waits for a job
    fourth = pid()
    assert fourth != third
    hangs = machine.enqueue(f"{probe}.hang")
    wait_until(lambda: hangs.get_status(refresh=True) == "started", "it hangs", 30)
    os.kill(fourth, signal.SIGKILL)
    failed(hangs)
    wait_until(lambda: counted(machine)["hang", "killed"] == 1, "it is counted")
    assert counted(machine)["fail", "failed"] == counted(machine)["hang", "failed"] == 1
    assert counted(machine)["connections", "done"] == 5


def counted(machine: Machine) -> Counter[tuple[str, str]]:
    """How many jobs the processes have counted, by kind and outcome, whichever of them it was."""
    files = list(map(str, (machine.folder / "metrics").glob("histogram_*.db")))
    found = MultiProcessCollector.merge(files)
    return Counter(
        {
            (sample.labels["kind"], sample.labels["outcome"]): int(sample.value)
            for metric in found
            for sample in metric.samples
            if sample.name == "bookme_job_seconds_count"
        }
    )


@ONE_DATABASE
def test_what_a_failure_quotes_is_kept_nowhere(machine: Machine, app: Flask) -> None:
    worker = machine.run("worker")
    job = machine.enqueue("tests.jobs.processes.probe.fail", "ana" + "@example.com")
    wait_until(lambda: job.get_status(refresh=True) == "failed", "the failure")
    wait_until(lambda: "ValueError at" in worker.said(), "the log")
    kept = job.latest_result().exc_string
    assert "ValueError at" in kept
    assert "probe.py" in kept
    for text in (kept, worker.said()):
        assert "ana@example.com" not in text


@ONE_DATABASE
@pytest.mark.parametrize("how", ["stopped", "frozen"])
def test_a_worker_outlives_redis(machine: Machine, booking_id: int, how: str) -> None:
    worker = machine.run("worker")
    job = machine.enqueue("tests.jobs.processes.probe.connections")
    wait_until(lambda: job.return_value(refresh=True), "a first job")
    if how == "frozen":
        machine.redis.freeze()
        machine.redis.thaw()
    else:
        machine.redis.stop()
        wait_until(lambda: "could not connect" in worker.said() or "Redis:" in worker.said(), "it")
        machine.redis.start()
    machine.enqueue("bookme.jobs.sync.sync_booking", booking_id)
    wait_until(lambda: is_done(booking_id), "meeting and messages", 30)
    assert worker.is_running


@ONE_DATABASE
def test_a_worker_that_finds_no_redis_waits_for_it(machine: Machine, booking_id: int) -> None:
    machine.redis.stop()
    worker = machine.run("worker")
    wait_until(lambda: "Redis: ConnectionError" in worker.said(), "its complaint")
    machine.redis.start()
    machine.enqueue("bookme.jobs.sync.sync_booking", booking_id)
    wait_until(lambda: is_done(booking_id), "meeting and messages", 30)


@ONE_DATABASE
def test_told_to_stop_a_worker_ends_its_job_first(machine: Machine, booking_id: int) -> None:
    worker = machine.run("worker")
    machine.zoom.answers.clear()
    machine.enqueue("bookme.jobs.sync.sync_booking", booking_id)
    assert machine.zoom.asked.wait(20)
    worker.tell(signal.SIGTERM)
    machine.zoom.answers.set()
    wait_until(lambda: not worker.is_running, "its end")
    assert is_done(booking_id)


@ONE_DATABASE
@pytest.mark.parametrize("redis", [True, False], ids=["idle", "without redis"])
def test_told_to_stop_an_idle_worker_ends_at_once(machine: Machine, redis: bool) -> None:
    if not redis:
        machine.redis.stop()
    worker = machine.run("worker")
    if redis:
        client = machine.redis.client()
        wait_until(lambda: client.scard("rq:workers"), "its birth")
    else:
        wait_until(lambda: "Redis: ConnectionError" in worker.said(), "its complaint")
    assert worker.stop() == 0


TOLD_EARLY = """
import os, signal
from bookme.jobs.processes import worker

class Told(worker.BookMeWorker):
    def bootstrap(self, *words):
        os.kill(os.getpid(), signal.SIGTERM)
        super().bootstrap(*words)

worker.BookMeWorker = Told
worker.main()
"""


@ONE_DATABASE
def test_a_worker_that_is_told_to_stop_before_it_has_begun_ends(machine: Machine) -> None:
    worker = machine.run("worker", TOLD_EARLY)
    wait_until(lambda: not worker.is_running, "its end")
    assert worker.stop() == 0


@ONE_DATABASE
def test_a_worker_ends_also_where_what_was_interrupted_caught_its_wish_to(
    machine: Machine, app: Flask
) -> None:
    """As logging does with any exception."""
    with Redis.from_url(machine.redis.url) as connection:
        worker = BookMeWorker(app, connection)
        worker.told_to_stop = True
        with pytest.raises(StopRequested):
            worker.dequeue_job_and_maintain_ttl(1, max_idle_time=1)


def test_the_sweep_outlives_redis_and_brings_everything_to_its_end(
    machine: Machine, booking_id: int
) -> None:
    machine.redis.stop()
    sweep = machine.run("sweep")
    machine.run("worker")
    wait_until(lambda: "Redis takes no hints" in sweep.said(), "its complaint")
    machine.redis.start()
    wait_until(lambda: is_done(booking_id), "meeting and messages", 40)
    assert sweep.stop() == 0
    kinds = db.session.scalars(sa.select(Heartbeat.kind)).all()
    assert sorted(kinds) == ["sweep", "worker"]


@ONE_DATABASE
def test_a_worker_listens_to_its_queue_only(tmp_path: Path, app: Flask) -> None:
    server = RedisServer(tmp_path).start()
    try:
        with Redis.from_url(server.url) as connection:
            worker = BookMeWorker(app, connection)
            assert worker.queue_names() == list(queue.QUEUES)
            assert worker.job_class.__name__ == "QuietJob"
    finally:
        server.stop()
