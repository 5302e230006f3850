"""``python -m bookme.jobs.processes.sweep``: gives to the queue what is due in the database.

The queue only hurries things; this is what makes sure of them. It survives without Redis: what it
cannot give away stays unmarked and is found again. Any number of sweeps may run beside each other.
"""

import logging
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import count
from typing import Any

import sqlalchemy as sa
from flask import Flask

from bookme import create_app, endings, keeping, logs, queue, waits
from bookme.clock import utcnow
from bookme.database import reading
from bookme.extensions import db
from bookme.jobs import claim, closing, held, refresh, removals, timed
from bookme.jobs.calendars import reading as busy
from bookme.jobs.messages import account
from bookme.jobs.processes import chores, heartbeat
from bookme.jobs.processes.failures import where
from bookme.models import (
    Booking,
    Calendar,
    Connection,
    Deauthorization,
    Email,
    User,
)

log = logging.getLogger(__name__)

#: Rows of one kind that are queued in one round: after an outage the queue fills bit by bit.
MOST = 500


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of each was given to the queue."""

    bookings: int = 0
    messages: int = 0
    removals: int = 0
    checks: int = 0
    refreshes: int = 0
    readings: int = 0
    closings: int = 0

    def __str__(self) -> str:
        return "queued: " + ", ".join(f"{n} {name}" for name, n in asdict(self).items())


class RedisAway(Exception):
    """The queue takes nothing at the moment."""


def sweep_once(now: datetime) -> Counts:
    """Queue all that is due, and tidy up. Commits."""
    timed.wake(now)
    heartbeat.beat("sweep", heartbeat.own_name("sweep"), now=now)
    counts = _queue_all(now)
    held.hurry(now)
    keeping.forget_old(now)
    chores.truncate_log()
    return counts


def look_once(now: datetime) -> int:
    """Queue the bookings that have become due since the last round, such as those whose meeting was
    refused a moment ago; return how many. Commits.
    """
    timed.wake(now)
    with reading():
        new = claim.unmarked(Booking, now=now)
        found = db.session.scalar(_waiting(now).where(new).limit(1))
        db.session.rollback()
    if found is None:
        return 0
    try:
        return _queue(Booking, queue.Job.SYNC_BOOKING, due_bookings(now, MOST))
    except RedisAway:
        return 0


def _waiting(now: datetime) -> sa.Select[int]:
    return sa.select(Booking.id).where(claim.is_due(Booking, Booking.due_at, now))


def due_bookings(now: datetime, limit: int) -> list[int]:
    """Bookings with something to do, marked as queued, the longest waiting first. Commits."""
    waiting = _waiting(now).order_by(Booking.due_at, Booking.id)
    return claim.due(Booking, waiting, now=now, limit=limit)


def _queue_all(now: datetime) -> Counts:
    counts: dict[str, int] = {}
    try:
        for name, model, job, find in (
            ("bookings", Booking, queue.Job.SYNC_BOOKING, due_bookings),
            ("messages", Email, queue.Job.SEND_EMAIL, account.due),
            ("removals", Deauthorization, queue.Job.SETTLE_REMOVAL, removals.due),
            ("checks", Connection, queue.Job.CHECK_CONNECTION, refresh.due_checks),
            ("refreshes", Connection, queue.Job.REFRESH_IDLE, refresh.due_refreshes),
            ("readings", Calendar, queue.Job.READ_BUSY, busy.due_readings),
            ("closings", User, queue.Job.CLOSE_ACCOUNT, closing.due),
        ):
            counts[name] = _queue(model, job, find(now, MOST))
    except RedisAway:
        pass  # said in the log by the queue
    return Counts(**counts)


def _queue(model: Any, job: queue.Job, ids: list[int]) -> int:
    for number, row_id in enumerate(ids):
        if not queue.hint(job, row_id):
            _unmark(model, ids[number:])
            raise RedisAway
    return len(ids)


def _unmark(model: Any, ids: list[int]) -> None:
    db.session.execute(sa.update(model).where(model.id.in_(ids)).values(queued_at=None))
    db.session.commit()


def main() -> None:
    """Sweep until told to stop."""
    app = create_app()
    logs.configure(app.config["LOG_FORMAT"])
    run(app)


def run(app: Flask) -> None:
    """Sweep for an application until told to stop."""
    endings.hold()
    looks = round(waits.SWEEP_EVERY / waits.LOOK_EVERY)
    for turn in count():
        act = look_once if turn % looks else sweep_once
        pause = waits.LOOK_EVERY
        try:
            with app.app_context():
                act(utcnow())
        except Exception as error:  # the next round may fare better
            log.error("a round failed: %s", where(error))
            pause = waits.SWEEP_EVERY
        if endings.came_within(pause.total_seconds()):
            return


if __name__ == "__main__":
    main()
