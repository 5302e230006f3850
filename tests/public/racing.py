"""Bookers in processes of their own, who all send their forms at the same moment."""

import multiprocessing
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import time_machine

from bookme import FEATURES, create_app
from bookme.extensions import db
from tests.conftest import NOW, settings
from tests.public.pages import book, text

#: Seconds until everybody is given up.
PATIENCE = 60

_context = multiprocessing.get_context("forkserver")
# Imported once, not once a process.
_context.set_forkserver_preload([__name__, *(f"bookme.{feature}" for feature in FEATURES)])


def race(url: str, state: Path, forms: list[dict[str, str]]) -> list[tuple[int, str]]:
    """Send all forms at once, each from its own process; return statuses, each with the address it
    leads to or the words of the page."""
    start, answers = _context.Barrier(len(forms), timeout=PATIENCE), _context.SimpleQueue()
    racers = [
        _context.Process(target=_run, args=(url, state, form, start, answers)) for form in forms
    ]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(PATIENCE)
    assert [racer.exitcode for racer in racers] == [0] * len(racers)
    return [answers.get() for _ in racers]


def _run(
    url: str,
    state: Path,
    form: dict[str, str],
    start: Barrier,
    answers: "SimpleQueue[tuple[int, str]]",
) -> None:
    app = create_app(settings(url, state))
    with time_machine.travel(NOW, tick=False):
        client = app.test_client()
        client.get("/mara/intro")  # connects to the database
        start.wait()
        answer = book(client, **form)
    answers.put((answer.status_code, answer.location or text(answer)))
    with app.app_context():
        db.engine.dispose()
