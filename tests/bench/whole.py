"""BookMe through its web server beside a bare Flask route through the same server."""

import itertools
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import requests
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from bookme import create_app
from bookme.clock import utcnow
from bookme.crypto import new_key
from bookme.extensions import db
from tests import factories
from tests.bench import load

SECONDS = 5.0
HOSTS = 8
ALWAYS = [[[0, 1440]]] * 7


def figures() -> list[tuple[str, float, str]]:
    """The figures of the whole, the yardstick's first. Takes about half a minute."""
    found = []
    with tempfile.TemporaryDirectory(prefix="bookme-bench-") as folder:
        environ = environment(Path(folder))
        os.environ.update(environ)
        app = create_app()
        schedules = fill(app)
        with server("tests.bench.yardstick:app", environ) as port:
            rate = load.measure(port, lambda: load.get("/"), 200, SECONDS)
            found.append(_figure("bare Flask route", rate))
        with server("wsgi:app", environ) as port:
            page = load.get(f"/{schedules[0]}?zone=Europe/Lisbon")
            found.append(
                _figure("public page of a schedule", load.measure(port, lambda: page, 200, SECONDS))
            )
            numbers = itertools.count()  # threads may share it
            rate = load.measure(port, lambda: _booking(schedules, next(numbers)), 303, SECONDS)
            found.append(_figure("booking (POST, committed)", rate))
        return found + _statements(app, schedules[1])


def _figure(name: str, rate: load.Rate) -> tuple[str, float, str]:
    unit = "requests/s" + (f" ({rate.others} answered otherwise!)" if rate.others else "")
    return name, rate.a_second, unit


def environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "STATE_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'bookme.sqlite'}",
        "SECRET_KEY": new_key(),
        "TOKEN_KEYS": new_key(),
        "REDIS_URL": "redis://localhost:1/0",  # none: the sweep would find what is due
        "RATE_LIMITS": "off",
    }


def fill(app: Flask) -> list[str]:
    """Hosts with a schedule that is always open and a hundred bookings; their public paths."""
    with app.app_context():
        upgrade()
        paths = []
        for number in range(HOSTS):
            host = factories.host(another=True)
            schedule = factories.schedule(
                host=host,
                slug=f"s{number}",
                week=ALWAYS,
                duration_minutes=5,
                step_minutes=5,
                horizon_days=730,
            )
            paths.append(f"{host.handle}/{schedule.slug}")
        office = factories.schedule(host=factories.host(another=True), week=factories.WEEKDAYS)
        begin = _midnight() + timedelta(days=1, hours=9)
        for number in range(100):
            at = begin + timedelta(days=number // 2, hours=number % 2)
            factories.booking(schedule=office, starts_at=at)
        paths.insert(0, f"{office.host.handle}/{office.slug}")
        db.session.remove()
        db.engine.dispose()
        return paths


def _midnight() -> datetime:
    return utcnow().replace(hour=0, minute=0, second=0, microsecond=0)


def _booking(schedules: list[str], number: int) -> bytes:
    """The booking of another free time each, of one host after the other."""
    at = _midnight() + timedelta(days=2, minutes=5 * (number // HOSTS))
    return load.post(f"/{schedules[1 + number % HOSTS]}/book", urlencode(_fields(at)).encode())


def _fields(at: datetime) -> dict[str, str]:
    return {
        "starts_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "form_key": uuid4().hex,
        "zone": "Europe/Lisbon",
        "name": "Ana Costa",
        "email": "ana@example.com",
    }


@contextmanager
def server(app: str, environ: dict[str, str]) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.server", app, str(port)],
        env=environ,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int) -> None:
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        try:
            requests.get(f"http://127.0.0.1:{port}/", timeout=5)
            return
        except requests.ConnectionError:
            time.sleep(0.05)
    raise TimeoutError("the server does not answer")


def _statements(app: Flask, path: str) -> list[tuple[str, float, str]]:
    """How many SQL statements each page takes."""
    seen: list[str] = []
    client = app.test_client()
    with app.app_context():
        engine = db.engine

    def count(*args: Any) -> None:
        seen.append(args[2])

    pages = {"landing page": "/", "host's page": f"/{path.split('/')[0]}", "schedule": f"/{path}"}
    found = []
    sa.event.listen(engine, "before_cursor_execute", count)
    for name, address in pages.items():
        seen.clear()
        client.get(address)
        found.append((f"{name}: SQL statements", float(len(seen)), ""))
    seen.clear()
    client.post(f"/{path}/book", data=_fields(_midnight() + timedelta(days=400, hours=9)))
    found.append(("booking (POST): SQL statements", float(len(seen)), ""))
    sa.event.remove(engine, "before_cursor_execute", count)
    engine.dispose()
    return found
