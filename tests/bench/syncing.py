"""What a worker does for a booking, providers answering at once, beside RQ's empty job: its meeting
alone, and with the mails to booker and host.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from bookme import queue
from bookme.bookings.messages.outbox import MessageKind, owe
from bookme.clock import utcnow
from bookme.connections.grants import seals
from bookme.extensions import db
from bookme.jobs import sync
from bookme.models import Booking, Connection, ConnectionStatus, Email, EmailState, Schedule
from bookme.providers.http.grant import Grant
from bookme.providers.zoom.client import SCOPES
from tests import factories
from tests.bench import empty, processor, world
from tests.bench.outside import answering
from tests.bench.table import Row
from tests.patience import wait_until
from tests.processes import Part
from tests.servers import RedisServer
from tests.statements import statements

#: Turns, and jobs in each.
_TURNS, _JOBS = 4, 8
ALONE, MAILED, EMPTY = "alone", "mailed", "empty"
_RATE, _MILLISECONDS, _STATEMENTS = 1 / 3, 100, 15


#: Seconds of processor time, and on the clock.
Cost = tuple[float, float]


def figures() -> Iterator[Row]:
    """The rate beside the empty job's, and what a booking costs."""
    with tempfile.TemporaryDirectory(prefix="bookme-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        redis = RedisServer(folder).start()
        stack.callback(redis.stop)
        outside, inbox = stack.enter_context(answering())
        environ = world.environment(folder) | outside | {"REDIS_URL": redis.url}
        app = world.application(environ)
        stack.enter_context(app.app_context())
        stack.callback(world.let_go)
        schedule = _connected()
        many = (_TURNS + 1) * _JOBS + 2
        ids = {kind: _bookings(schedule, many, mails=kind == MAILED) for kind in (ALONE, MAILED)}
        asked = {kind: [_statements(some.pop()) for _ in range(2)] for kind, some in ids.items()}
        words = {"worker": ["bookme.jobs.processes.worker"], EMPTY: [empty.__name__, redis.url]}
        parts = {
            kind: Part(kind, [sys.executable, "-m", *what], environ, folder / f"{kind}.log")
            for kind, what in words.items()
        }
        for part in parts.values():
            part.start()
            stack.callback(part.stop)
        yield from _rows(_measured(redis.client(), parts, ids))
        yield Row("sync_booking: SQL statements", asked[ALONE][-1], "", _STATEMENTS)
        yield Row("with both mails: SQL statements", asked[MAILED][-1], "")
        sent = f"{len(inbox.messages)} of {2 * many} mails came"
        yield Row("bookings left undone", float(_undone()), "", 0, note=sent)


def _measured(
    redis: Redis, parts: dict[str, Part], ids: dict[str, list[int]]
) -> dict[str, list[Cost]]:
    """What a job costs in each turn, of each kind."""
    bookings = Queue(queue.BOOKINGS, connection=redis, serializer=JSONSerializer)
    nothing = Queue(empty.QUEUE, connection=redis)
    found: dict[str, list[Cost]] = {ALONE: [], MAILED: [], EMPTY: []}
    for turn in range(_TURNS + 1):
        for kind, costs in found.items():
            if kind == EMPTY:
                cost = _cost(parts[EMPTY], nothing, partial(_do_nothing, nothing))
            else:
                some = [ids[kind].pop() for _ in range(_JOBS)]
                cost = _cost(parts["worker"], bookings, partial(_hint, bookings, some))
            if turn:  # the first warms up
                costs.append(cost)
    return found


def _cost(part: Part, jobs: Queue, begin: Callable[[], None]) -> Cost:
    before, began = _spent(part), time.monotonic()
    begin()
    wait_until(lambda: _is_done(jobs), f"the end of jobs: {part.said()}", 120)
    took = time.monotonic() - began
    time.sleep(0.05)  # until the last fork has been reaped
    return (_spent(part) - before) / _JOBS, took / _JOBS


def _spent(part: Part) -> float:
    """Processor time of a worker and its jobs' processes, of which one may do many jobs."""
    return sum(processor.with_ended(pid) for pid in part.pids)


def _is_done(jobs: Queue) -> bool:
    return not jobs.count and not jobs.started_job_registry.count


def _hint(jobs: Queue, ids: list[int]) -> None:
    for one in ids:
        jobs.enqueue_call(f"{queue.PACKAGE}{queue.Job.SYNC_BOOKING}", args=(one,), result_ttl=0)


def _do_nothing(jobs: Queue) -> None:
    for _ in range(_JOBS):
        jobs.enqueue_call(f"{empty.__name__}.{empty.nothing.__name__}", result_ttl=0)


def _rows(found: dict[str, list[Cost]]) -> Iterator[Row]:
    cpu = {kind: median(cost for cost, _ in costs) for kind, costs in found.items()}
    pairs = list(zip(found[ALONE], found[EMPTY], strict=True))
    by_cost = median(usual[0] / ours[0] for ours, usual in pairs)
    by_clock = median(usual[1] / ours[1] for ours, usual in pairs)
    note = (
        f"{1000 * cpu[ALONE]:.0f} ms of processor time; RQ's empty job {1000 * cpu[EMPTY]:.0f} ms"
    )
    yield Row("sync_booking, RQ's empty job = 1", by_cost, "x rate", _RATE, True, note)
    yield Row("the same by the clock", by_clock, "x rate")
    yield Row("a booking with both mails", 1000 * cpu[MAILED], "ms", _MILLISECONDS)


def _connected() -> Schedule:
    """Of a host who is connected to Zoom."""
    now = utcnow()
    schedule: Schedule = factories.schedule(host=factories.host(another=True))
    grant = Grant("access", "refresh", 90 * 86400, frozenset(SCOPES))
    connection = Connection(
        host_id=schedule.host_id,
        provider="zoom",
        status=ConnectionStatus.ACTIVE,
        seal_id="bench",
        connected_at=now - timedelta(hours=1),
        refreshed_at=now - timedelta(hours=1),
        generation=1,
        **seals.pair("bench", grant, now=now),
    )
    db.session.add(connection)
    db.session.commit()
    return schedule


def _bookings(schedule: Schedule, number: int, *, mails: bool) -> list[int]:
    """Bookings with Zoom as the service leaves them, with messages owed to both or not."""
    now = utcnow()
    first = world.midnight() + timedelta(days=200 if mails else 2)
    made = [
        factories.booking(
            schedule=schedule,
            starts_at=first + timedelta(hours=n),
            video_provider="zoom",
            due_at=now,
            created_at=now,
        )
        for n in range(number)
    ]
    for one in made if mails else ():
        owe(one, MessageKind.BOOKED, now=now)
    db.session.commit()
    return [one.id for one in made]


def _statements(booking_id: int) -> int:
    with statements() as seen:
        sync.sync_booking(booking_id)
    return len(seen)


def _undone() -> int:
    db.session.rollback()
    due = db.session.scalar(sa.select(sa.func.count(Booking.id)).where(Booking.due_at <= utcnow()))
    unsent = sa.select(sa.func.count(Email.id)).where(Email.state == EmailState.WAITING)
    return int(due or 0) + int(db.session.scalar(unsent) or 0)
