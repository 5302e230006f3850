"""When a browser was last seen: written after the page, and never at a page's cost."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
from flask import Response, g, session
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bookme import database
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import Session

log = logging.getLogger(__name__)

#: A browser is noted again after so long.
EVERY = timedelta(minutes=5)
#: How long the note may wait for another writer, in milliseconds.
PATIENCE = 50


def note_after(response: Response) -> Response:
    """Note the signed-in browser once the page has gone out, unless that was done a moment ago."""
    session_id, last_seen_at = g.get("session_seen", (None, None))
    now = utcnow()
    if session_id is not None and last_seen_at <= now - EVERY:
        session.modified = True  # the cookie lasts as long as the row, from now on
        response.call_on_close(partial(note, db.engine, session_id, now))
    return response


def note(engine: Engine, session_id: int, now: datetime) -> None:
    """Write that a browser was seen, in a transaction of its own; give up rather than wait."""
    seen = sa.update(Session).where(Session.id == session_id, Session.last_seen_at < now)
    try:
        with engine.connect() as connection, _impatient(connection):
            database.only_read(False)
            connection.execute(seen.values(last_seen_at=now))
            connection.commit()
    except SQLAlchemyError as error:
        log.info("a session was not noted as seen: %s", type(error).__name__)


@contextmanager
def _impatient(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != "sqlite":
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {PATIENCE}")
        yield
        return
    raw = connection.connection.driver_connection  # no transaction yet: its BEGIN is what waits
    assert raw is not None
    usual = raw.execute("PRAGMA busy_timeout").fetchone()[0]
    raw.execute(f"PRAGMA busy_timeout = {PATIENCE}")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA busy_timeout = {usual}")
