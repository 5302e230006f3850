"""A booking as a form sends it, committed with all that it writes, beside a bare route that inserts
one row and commits.
"""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import time_machine
from flask import Flask

from bookme.clock import utcnow
from bookme.web import trap
from tests.bench import beside, wire, world
from tests.bench.beside import Requests
from tests.bench.running import running
from tests.bench.table import Row

_WANTED = 3
_HOSTS = 8
_ALWAYS: dict[str, Any] = {
    "week": world.ALWAYS,
    "duration_minutes": 5,
    "step_minutes": 5,
    "horizon_days": 730,
}


def figures() -> Iterator[Row]:
    """What a booking costs in inserts, and its statements."""
    name = "booking POST beside a bare INSERT route"
    with running(hosts=_HOSTS, bookings=0, **_ALWAYS) as bench:
        numbers = itertools.count()
        opened = _opened(bench.app)
        posts = (_post(bench.pages, number, opened) for number in numbers)
        kinds: dict[str, Requests] = {name: (posts, 303)}
        [one] = beside.ratios(bench.bookme, bench.bare, kinds, _insert).values()
        note = f"{one.milliseconds:.2f} ms of processor time"
        yield Row(name, one.ratio, "x bare", _WANTED, note=note)
        path, form = _booking(bench.pages, next(numbers), opened)
        yield Row("booking POST: SQL statements", bench.statements(path, form), "")


def _opened(app: Flask) -> str:
    """What a form carries that was opened a while ago."""
    with time_machine.travel(utcnow() - timedelta(hours=1)), app.test_request_context():
        return trap.opened()


def _post(pages: list[str], number: int, opened: str) -> bytes:
    path, form = _booking(pages, number, opened)
    return wire.post(path, urlencode(form).encode())


def _booking(pages: list[str], number: int, opened: str) -> tuple[str, dict[str, str]]:
    """Another free time each, of one host after the other."""
    at = world.midnight() + timedelta(days=2, minutes=5 * (number // _HOSTS))
    form = {
        "starts_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "form_key": uuid4().hex,
        trap.OPENED: opened,
        "zone": "Europe/Lisbon",
        "name": "Ana Costa",
        "email": "ana@example.com",
    }
    return f"{pages[number % _HOSTS]}/book", form


def _insert(_name: str, _size: int) -> bytes:
    form = {"name": "Ana Costa", "email": "ana@example.com", "starts_at": "2027-03-01T09:00:00Z"}
    return wire.post("/insert", urlencode(form).encode())
