"""Whether the database takes writes: tried by writing, and seldom, however often it is asked."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from bookme.extensions import db
from bookme.models import Heartbeat

#: A process tries once in so long: nobody shall make the database busy by asking how it is.
EVERY = timedelta(seconds=5)
#: What a try has shown is believed for so long; whoever watches asks more often.
KNOWN_FOR = timedelta(seconds=60)
#: Milliseconds that a try waits for other writers, and those that a connection waits otherwise.
_PATIENCE, _USUAL_PATIENCE = 1000, 15_000
#: The row that is written, over and over.
_NAME, _KIND = "readyz", "probe"
#: SQLite's names and PostgreSQL's codes, by their beginnings.
_REASONS = (
    (("SQLITE_FULL", "53100"), "the disk is full"),
    (("SQLITE_READONLY", "25006"), "it is read-only"),
    (("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "57014"), "another writer holds it"),
    (("SQLITE_IOERR", "58"), "the disk fails"),
    (("SQLITE_CANTOPEN",), "its file cannot be opened"),
)


@dataclass
class Probe:
    """What the last try of this process came to.

    :ivar refusal: why a write was refused; None if it was not.
    """

    tried_at: datetime | None = None
    refusal: str | None = None
    lock: Lock = field(default_factory=Lock)


def refusal(now: datetime) -> str | None:
    """Why the database takes no writes, for the operator; None if it does.

    As of the last try, if that was just now or another request is at one.
    """
    probe = _probe()
    if probe.lock.acquire(blocking=False):
        try:
            if probe.tried_at is None or abs(now - probe.tried_at) >= EVERY:
                probe.refusal, probe.tried_at = _try(now), now
        finally:
            probe.lock.release()
    return probe.refusal


def was_refused_lately(now: datetime) -> bool:
    """Whether the last try of this process was refused, if that was lately. Tries nothing."""
    probe = _probe()
    if probe.tried_at is None or abs(now - probe.tried_at) > KNOWN_FOR:
        return False
    return probe.refusal is not None


def _probe() -> Probe:
    probe: Probe = current_app.extensions.setdefault("write_probe", Probe())
    return probe


def _try(now: datetime) -> str | None:
    try:
        with db.engine.connect() as connection:
            _set_patience(connection, _PATIENCE)
            try:
                _write(connection, now)
            finally:
                _set_patience(connection, _USUAL_PATIENCE)
    except DBAPIError as error:
        return _why(error)
    return None


def _write(connection: Connection, now: datetime) -> None:
    """One row, always the same, committed: only then a full disk is noticed."""
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {_PATIENCE}")
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {_PATIENCE}")
        again = sa.update(Heartbeat).where(Heartbeat.name == _NAME).values(at=now)
        if connection.execute(again.returning(Heartbeat.name)).first() is not None:
            return
        try:
            with connection.begin_nested():
                connection.execute(sa.insert(Heartbeat).values(name=_NAME, kind=_KIND, at=now))
        except IntegrityError:
            pass  # another process was first


def _set_patience(connection: Connection, milliseconds: int) -> None:
    if connection.dialect.name == "sqlite":
        driver: sa.PoolProxiedConnection = connection.connection
        driver.cursor().execute(f"PRAGMA busy_timeout = {milliseconds}")


def _why(error: DBAPIError) -> str:
    return reason(error) or type(error.orig).__name__


def reason(error: DBAPIError) -> str | None:
    """What a database says that it suffers from, in words; None if it says nothing of the kind."""
    code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    found = (words for beginnings, words in _REASONS if str(code).startswith(beginnings))
    return next(found, None)
