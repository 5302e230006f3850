"""Answers to one booking that are given at the same moment, each in a process of its own."""

import multiprocessing
from collections.abc import Callable
from datetime import datetime
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import time_machine

from bookme import FEATURES, create_app
from bookme.bookings import service as bookings
from bookme.database import only_read
from bookme.errors import BookMeError
from bookme.extensions import db
from bookme.jobs.sync import sync_booking
from bookme.models import Actor, Booking
from tests.conftest import settings

#: Seconds until everybody is given up.
PATIENCE = 60

_context = multiprocessing.get_context("forkserver")
# Imported once, not once a process.
_context.set_forkserver_preload([__name__, *(f"bookme.{feature}" for feature in FEATURES)])

#: What can be done, by name; those of people commit as their routes do.
ACTS: dict[str, Callable[[Booking, datetime], object]] = {
    "accept": lambda booking, now: bookings.accept(booking, now=now),
    "decline": lambda booking, now: bookings.decline(booking, now=now),
    "cancel": lambda booking, now: bookings.cancel(booking, by=Actor.BOOKER, now=now),
    "confirm": lambda booking, now: bookings.confirm_email(booking, now=now),
    "lapse": lambda booking, now: sync_booking(booking.id),
}


def at_once(url: str, state: Path, booking: Booking, names: list[str], now: datetime) -> list[str]:
    """Do all at once; return those that were done, and not refused."""
    start, answers = _context.Barrier(len(names), timeout=PATIENCE), _context.SimpleQueue()
    args = (url, state, booking.id, now, start, answers)
    db.session.rollback()
    people = [_context.Process(target=_run, args=(name, *args)) for name in names]
    for one in people:
        one.start()
    for one in people:
        one.join(PATIENCE)
    assert [one.exitcode for one in people] == [0] * len(people)
    return [name for name in (answers.get() for _ in people) if name]


def _run(
    name: str,
    url: str,
    state: Path,
    booking_id: int,
    now: datetime,
    start: Barrier,
    answers: "SimpleQueue[str]",
) -> None:
    app = create_app(settings(url, state))
    with time_machine.travel(now, tick=False), app.app_context():
        only_read(False)
        booking = db.session.get_one(Booking, booking_id)
        db.session.expunge(booking)  # it stays as it is now, before the transaction ends
        db.session.rollback()
        db.session.add(booking)
        start.wait()
        try:
            ACTS[name](booking, now)
            db.session.commit()
        except BookMeError:
            db.session.rollback()
            name = ""
        answers.put(name)
        db.session.remove()
        db.engine.dispose()
