"""What the database says for the metrics: asked seldom, at bounded cost, not waited for long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from bookme.database import reading
from bookme.deadline import Exchange
from bookme.extensions import db
from bookme.health import due, waiting
from bookme.health.service import SILENCE
from bookme.models import Alarm, Heartbeat

#: A process asks the database once in so long, however often it is scraped.
EVERY = timedelta(seconds=5)
#: Seconds that a scrape waits for the database.
PATIENCE = 3.0
#: The processes that give signs of life.
ALIVE = ("worker", "sweep")

_Values = dict[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class Found:
    """Numbers by the values of their labels.

    :ivar waiting: seconds; by kind, and by who refuses it.
    """

    due: _Values
    waiting: _Values
    heartbeat_ages: _Values
    processes: _Values
    alarms: _Values


class Looker:
    """Looks for all who ask this process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = Lock()
        self._found: Found | None = None
        self._at: datetime | None = None
        self._look: Exchange[Found] | None = None

    def found(self, now: datetime) -> Found | None:
        """What the database says, or said some seconds ago; None if it does not answer. One look at
        a time: while one hangs, nobody begins another.
        """
        with self._lock:
            is_stale = self._at is None or abs(now - self._at) >= EVERY
            hangs = self._look is not None and self._look.is_alive()
            if is_stale and hangs:
                return None
            if is_stale:
                self._look = Exchange("look for the metrics", lambda _: self._ask(now))
                self._found, self._at = _found(self._look.within(PATIENCE)), now
            return self._found

    def _ask(self, now: datetime) -> Found:
        with self._app.app_context(), reading():
            return look(now)


def _found(outcome: Found | BaseException | None) -> Found | None:
    if isinstance(outcome, BaseException) and not isinstance(outcome, SQLAlchemyError):
        raise outcome
    return outcome if isinstance(outcome, Found) else None


def look(now: datetime) -> Found:
    """Ask the database.

    :raises sqlalchemy.exc.DBAPIError: if it is away.
    """
    waits: _Values = {(kind, ""): 0 for kind in waiting.KINDS}
    for one in waiting.everything(now):
        key = one.kind, one.refused_by or ""
        waits[key] = max(waits.get(key, 0), (now - one.since).total_seconds())
    ages, alive = _heartbeats(now)
    return Found(
        due={(kind,): rows for kind, rows in due.rows(now).items()},
        waiting=waits,
        heartbeat_ages=ages,
        processes=alive,
        alarms={(kind,): 1 for kind in db.session.scalars(sa.select(Alarm.kind))},
    )


def _heartbeats(now: datetime) -> tuple[_Values, _Values]:
    """How old the last sign of life of each kind is (none: there was none for a day), and how many
    are alive.
    """
    ages: _Values = {}
    alive: _Values = {(kind,): 0 for kind in ALIVE}
    beats = sa.select(Heartbeat.kind, Heartbeat.at).where(Heartbeat.kind.in_(ALIVE))
    for kind, at in db.session.execute(beats):
        age = abs((now - at).total_seconds())
        ages[kind,] = min(age, ages.get((kind,), age))
        alive[kind,] += age <= SILENCE.total_seconds()
    return ages, alive
