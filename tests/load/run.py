"""A load on the whole of BookMe on this machine, one web process killed meanwhile."""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.bench import processor
from tests.bench.table import Row
from tests.load import checks, crowd
from tests.load.crowd import Crowd
from tests.load.visitor import PAGE
from tests.people import Host, new_host
from tests.sandbox_process import BEN, CHLOE, MARA
from tests.system import System

_IN_PERSON = 5
_P99, _DRAINED, _GROWN = 250, 10, 2.0
#: Requests after which a process has met all that it keeps.
_WARM = 200
#: Seconds that the queue is waited for.
_PATIENCE = 120


def run(folder: Path, database_url: str, visitors: int, seconds: float, seed: int) -> Iterator[Row]:
    """Visitors, and what came of them.

    :param database_url: PostgreSQL's; SQLite in the folder when empty.
    """
    with _system(folder, database_url) as system:
        pages, port = _pages(system), _port(system)
        asyncio.run(crowd.ask(port, pages, _WARM))
        before = _memory(system)
        kill = partial(_kill_one, system)
        seen = asyncio.run(crowd.come(port, pages, visitors, seconds, kill, seed))
        drained = _drain(system)
        yield from _answers(seen)
        yield from _kept(system, seen)
        yield Row("queue drained after the end", drained, "s", _DRAINED)
        asyncio.run(crowd.ask(port, pages, _WARM))  # the process that took the killed one's place
        yield from _grown("web, before and after", before, _memory(system))
        share = 100 * seen.cost / seen.seconds
        yield Row("the visitors' own processor time", share, "% of one")


def flat(folder: Path, database_url: str, requests: int) -> Iterator[Row]:
    """Memory of the web while pages are asked for so many times."""
    with _system(folder, database_url) as system:
        pages, port = _pages(system), _port(system)
        asyncio.run(crowd.ask(port, pages, max(_WARM, requests // 5)))
        before = _memory(system)
        for part in range(1, 5):
            asyncio.run(crowd.ask(port, pages, requests // 5))
            note = f"after {(part + 1) * (requests // 5):,} requests"
            yield Row("web", _memory(system), "MB", note=note)
        yield from _grown(f"web, from {requests // 5:,} to {requests:,}", before, _memory(system))


def _system(folder: Path, database_url: str) -> System:
    environ = {"RATE_LIMITS": "off"}  # all visitors have one address
    return System(folder, database_url=database_url, waits_divided_by=1, environ=environ)


def _pages(system: System) -> list[str]:
    """The public pages of hosts: some with Zoom, some in person."""
    system.sandbox.control("settings", {"daily_limit": 10_000})
    found = []
    for person in (MARA, BEN, CHLOE):
        host = new_host(system)
        host.connect_zoom(person)
        found.append(_published(host, duration="20", video_provider="zoom"))
    for _ in range(_IN_PERSON):
        found.append(_published(new_host(system), location_kind="in_person", address="1 Main St"))
    return found


def _published(host: Host, **typed: str) -> str:
    typed.pop("duration", "")
    return urlsplit(host.publish(**typed).url).path


def _port(system: System) -> int:
    return urlsplit(system.url).port or 80


def _kill_one(system: System) -> None:
    os.kill(system.web.children[0], signal.SIGKILL)


def _memory(system: System) -> float:
    return processor.megabytes(system.web.pids)


def _drain(system: System) -> float:
    """Seconds until nothing is due, nothing waits and no job is queued."""
    began = time.monotonic()
    redis, engine = system.redis.client(), sa.create_engine(system.environ["DATABASE_URL"])
    while time.monotonic() - began < _PATIENCE:
        with Session(engine) as session:
            if not checks.undone(session) and not any(map(redis.llen, redis.keys("rq:queue:*"))):
                break
        time.sleep(0.25)
    engine.dispose()
    redis.close()
    return time.monotonic() - began


def _answers(seen: Crowd) -> Iterator[Row]:
    statuses = Counter(one.status for one in seen.answers)
    failed = Counter((one.kind, one.status) for one in seen.answers if one.status >= 500)
    cut = sum(one.was_cut for one in seen.answers)
    yield Row("answers", len(seen.answers), "", note=f"{len(seen.answers) / seen.seconds:.0f}/s")
    words = ", ".join(f"{number} {kind}: {status}" for (kind, status), number in failed.items())
    yield Row("5xx", sum(failed.values()), "", 0, note=words)
    note = "cut with the killed process, asked again"
    yield Row("connections cut", cut, "", note=note)
    yield Row("no answer at the second try either", statuses[0], "", 0)
    for kind in sorted({one.kind for one in seen.answers}):
        each = [1000 * one.seconds for one in seen.answers if one.kind == kind and one.status]
        if len(each) > 1:
            cuts = quantiles(each, n=100)
            wanted = _P99 if kind == PAGE else None
            note = f"p50 {cuts[49]:.0f} ms, {len(each)} answers"
            yield Row(f"{kind}: p99", cuts[98], "ms", wanted, note=note)


def _kept(system: System, seen: Crowd) -> Iterator[Row]:
    engine = sa.create_engine(system.environ["DATABASE_URL"])
    with Session(engine) as session:
        doubles, gone = checks.double_bookings(session), checks.lost(session, seen.booked)
    engine.dispose()
    yield Row("double bookings", doubles, "", 0, note=f"{len(seen.booked)} bookings made")
    yield Row("bookings promised and not there", gone, "", 0)


def _grown(name: str, before: float, after: float) -> Iterator[Row]:
    note = f"{before:.0f} to {after:.0f} MB"
    yield Row(f"{name}: growth", after - before, "MB", _GROWN, note=note)
