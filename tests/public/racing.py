"""Bookers in processes of their own, who all send their forms at the same moment."""

import multiprocessing
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import time_machine
from flask import Flask

from bookme import FEATURES, create_app
from bookme.extensions import db
from tests.conftest import NOW, settings
from tests.public.pages import book, text

#: Seconds until everybody is given up.
PATIENCE = 60

Answers = Any  # a multiprocessing.SimpleQueue of statuses, each with its address or words

_fork = multiprocessing.get_context("fork")
_context = multiprocessing.get_context("forkserver")
# Imported once, not once a process.
_context.set_forkserver_preload([__name__, *(f"bookme.{feature}" for feature in FEATURES)])


def race(url: str, state: Path, forms: list[dict[str, str]]) -> list[tuple[int, str]]:
    """Send all forms at once, each from its own process; return statuses, each with the address it
    leads to or the words of the page."""
    answers = _context.SimpleQueue()
    crowd = _context.Process(target=_crowd, args=(url, state, forms, answers))
    crowd.start()
    crowd.join(2 * PATIENCE)
    assert crowd.exitcode == 0
    return [answers.get() for _ in forms]


def _crowd(url: str, state: Path, forms: list[dict[str, str]], answers: Answers) -> None:
    """Make the application once, and then the racers from it, as the web makes its processes."""
    app = create_app(settings(url, state))
    with time_machine.travel(NOW, tick=False):
        app.test_client().get("/mara/intro")
    with app.app_context():
        db.engine.dispose()
        if db.engine.dialect.name == "sqlite":
            sa.event.listen(db.engine, "connect", _patient)
    start = _fork.Barrier(len(forms), timeout=PATIENCE)
    racers = [_fork.Process(target=_run, args=(app, form, start, answers)) for form in forms]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(PATIENCE)
    assert [racer.exitcode for racer in racers] == [0] * len(racers)


def _patient(connection: Any, _record: Any) -> None:
    """Who gets the time is not the machine's choice: here nobody waits for the disk, and on a busy
    machine everybody has longer than five seconds for the lock.
    """
    for pragma in ("synchronous = OFF", f"busy_timeout = {PATIENCE * 500}"):
        connection.execute(f"PRAGMA {pragma}").close()


def _run(app: Flask, form: dict[str, str], start: Barrier, answers: Answers) -> None:
    with time_machine.travel(NOW, tick=False):
        client = app.test_client()
        client.get("/mara/intro")  # connects to the database
        start.wait()
        answer = book(client, **form)
    answers.put((answer.status_code, answer.location or text(answer)))
    with app.app_context():
        db.engine.dispose()
