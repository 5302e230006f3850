"""BookMe and the yardstick, each in a process of its own, on a database for a part of the bench."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bookme.extensions import db
from bookme.models import Booking, Schedule
from tests.bench import world
from tests.bench.server import BARE, BOOKME, Served, serving
from tests.statements import statements


@dataclass(frozen=True, slots=True)
class Bench:
    """What runs.

    :ivar pages: the public page of each host's schedule.
    :ivar tokens: of all bookings.
    :ivar cookies: of each host's browser, signed in.
    """

    app: Flask
    pages: list[str]
    tokens: list[str]
    cookies: list[str]
    bookme: Served
    bare: Served

    @property
    def cookie(self) -> str:
        """Of the first host."""
        return self.cookies[0]

    def statements(self, path: str, form: dict[str, str] | None = None) -> float:
        """How many SQL statements a page takes, or a form that is sent there."""
        client: FlaskClient = self.app.test_client(use_cookies=False)
        headers = {"Cookie": self.cookie}
        for _ in range(1 if form else 2):  # the first visit of a day notes that there was one
            with statements() as seen:
                # Nothing of another request: who was signed in is remembered beside this one.
                answer = Context().run(
                    client.open, path, method="POST" if form else "GET", data=form, headers=headers
                )
        assert answer.status_code == (303 if form else 200), answer.status
        return float(len(seen))


@contextmanager
def running(
    *,
    hosts: int,
    bookings: int,
    fill: Callable[[list[Schedule]], None] = lambda _: None,
    **columns: Any,
) -> Iterator[Bench]:
    """Both servers, on a database with hosts, until the block ends.

    :param bookings: of each host.
    :param fill: gives them what else they have.
    :param columns: of each host's schedule.
    """
    with tempfile.TemporaryDirectory(prefix="bookme-bench-") as folder:
        environ = world.environment(Path(folder))
        app = world.application(environ)
        with app.app_context():
            schedules = world.hosts(hosts, bookings, **columns)
            pages = [world.path_of(one) for one in schedules]
            cookies = [world.signed_in(app, one.host) for one in schedules]
            fill(schedules)
            tokens = list(db.session.scalars(sa.select(Booking.token)))
            world.let_go()
            with serving(BOOKME, environ) as bookme, serving(BARE, environ) as bare:
                yield Bench(app, pages, tokens, cookies, bookme, bare)
            world.let_go()
