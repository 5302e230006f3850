"""``make growth``: what pages cost with a thousand bookings, and with a million, on both databases.

.venv/bin/python -m tests.bench.growth [--bookings N] [--database sqlite|postgresql|URL]
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from bookme import create_app
from bookme.accounts import sessions
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import User
from tests.bench.growth_rows import BUSY, ORDINARY, Growth
from tests.bench.world import environment
from tests.databases import Postgres

SIZES = (1_000, 100_000, 1_000_000)
TIMES = 40
#: What a host looks at. A search that finds one booking, every sixteenth one, and none.
PAGES = {
    "dashboard": "/dashboard",
    "list, upcoming": "/dashboard/bookings",
    "list, past": "/dashboard/bookings?show=past",
    "list, all": "/dashboard/bookings?show=all",
    "search, one": "/dashboard/bookings?show=all&q={rare}",
    "search, many": "/dashboard/bookings?show=all&q=bruno",
    "search, two words": "/dashboard/bookings?show=past&q=bruno+rossi",
    "search, none": "/dashboard/bookings?show=all&q=zzyzx",
    "public page": "/{handle}/intro",
}
#: What is read as a whole because it is little: results of parts, and lists.
_SMALL = ("SUBQUERY", "CONSTANT ROW", "SCAN anon_", "Seq Scan on anon_")
#: Each host's page is measured beside the other's: their ratio is to be at most this.
WANTED = 1.2


def main() -> None:
    ask = argparse.ArgumentParser(prog="make growth")
    ask.add_argument("--bookings", type=int, default=SIZES[-1], help="fill up to so many")
    ask.add_argument("--database", default="both", help="sqlite, postgresql, both, or an address")
    asked = ask.parse_args()
    for name in ("sqlite", "postgresql") if asked.database == "both" else (asked.database,):
        with _database(name) as environ:
            os.environ.update(environ)
            _grow(create_app(), name, asked.bookings)


@contextmanager
def _database(name: str) -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="bookme-growth-") as folder:
        environ = environment(Path(folder))
        if name == "postgresql":
            server = Postgres()
            try:
                yield environ | {"DATABASE_URL": server.empty()}
            finally:
                server.stop()
        else:
            yield environ if name == "sqlite" else environ | {"DATABASE_URL": name}


def _grow(app: Flask, name: str, most: int) -> None:
    with app.app_context():
        upgrade()
        engine = db.engine
    growth = Growth(engine, int(time.time()))
    growth.hosts()
    for size in sorted({min(size, most) for size in (*SIZES, most)}):
        began, worked = time.monotonic(), time.process_time()
        growth.bookings(size)
        took, worked = time.monotonic() - began, time.process_time() - worked
        _say(f"\n{name}: {size:,} bookings (filled in {took:.1f} s, {worked:.1f} of them here)")
        _measure(app, engine, is_busy_there=size >= ORDINARY + BUSY)
    engine.dispose()


def _measure(app: Flask, engine: sa.Engine, *, is_busy_there: bool) -> None:
    hosts = {1: ORDINARY, 2: BUSY} if is_busy_there else {1: ORDINARY}
    clients = {number: _signed_in(app, number) for number in hosts}
    _say(
        f"  {'':<20}"
        + "".join(f"{f'host with {n:,}: median, p95, SQL':>38}" for n in hosts.values())
    )
    plans: dict[str, str] = {}
    for page, path in PAGES.items():
        calls = {number: _call(clients[number], path, number) for number in hosts}
        asked = {number: _statements(engine, call) for number, call in calls.items()}
        taken = _interleaved(calls, _clock(engine))
        line = f"  {page:<20}"
        for number, seconds in taken.items():
            p95 = statistics.quantiles(seconds, n=20)[-1]
            line += f"{1000 * statistics.median(seconds):>20.1f} {1000 * p95:>7.1f} ms"
            line += f" {len(asked[number]):>6}"
            plans |= {
                f"{page}: {plan}": plan for one in asked[number] for plan in _scans(engine, *one)
            }
        if is_busy_there:
            ratio = statistics.median(b / a for a, b in zip(taken[1], taken[2], strict=True))
            line += f"   ratio {ratio:.2f} (wanted: <= {WANTED})"
        _say(line)
    for plan in plans:
        _say(f"  scans: {plan}")


def _call(client: FlaskClient, path: str, number: int) -> Callable[[], None]:
    rare = f"jonas.{489 if number == 1 else 30_009}@"
    address = path.format(handle=f"host{number}", rare=rare)

    def call() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, address

    return call


def _interleaved(
    calls: dict[int, Callable[[], None]], clock: Callable[[], float]
) -> dict[int, list[float]]:
    taken: dict[int, list[float]] = {number: [] for number in calls}
    for _ in range(TIMES):
        for number, call in calls.items():
            began = clock()
            call()
            taken[number].append(clock() - began)
    return taken


def _clock(engine: sa.Engine) -> Callable[[], float]:
    """SQLite works in this process, so its time counts; for others it is waited."""
    return time.process_time if engine.dialect.name == "sqlite" else time.perf_counter


def _signed_in(app: Flask, number: int) -> FlaskClient:
    with app.app_context():
        user = db.session.get_one(User, number)
        _, token = sessions.begin(user, "Firefox on Linux", now=utcnow())
        db.session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["sid"] = token
    return client


def _statements(engine: sa.Engine, call: Callable[[], None]) -> list[tuple[str, Any]]:
    call()  # compiles what the next ones use
    seen: list[tuple[str, Any]] = []

    def note(*args: Any) -> None:
        if not args[2].startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            seen.append((args[2], args[3]))

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        call()
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return seen


def _scans(engine: sa.Engine, statement: str, values: Any) -> Iterator[str]:
    """The steps of a statement that read a whole table of more than a few rows."""
    if not statement.startswith(("SELECT", "WITH")):
        return
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
        for row in connection.exec_driver_sql(f"{explain} {statement}", values):
            step = str(row[-1]).strip()
            words = ("SCAN ",) if is_sqlite else ("Seq Scan",)
            if any(one in step for one in words) and not any(one in step for one in _SMALL):
                yield step


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
