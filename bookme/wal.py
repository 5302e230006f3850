"""What a deletion leaves in SQLite's files, and how it goes too.

A deleted value is still in the write-ahead log until that is emptied, which a reader elsewhere may
prevent. So each deletion owes the emptying as a row, and whoever comes tries: the request that
deleted, then the sweep, until it succeeds. PostgreSQL's log is the operator's (``docs/``).
"""

import sqlite3
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from bookme.extensions import db
from bookme.models import Chore

CHORE = "truncate_log"
#: Milliseconds that a request waits for readers, and those that a connection waits otherwise.
_PATIENCE, _USUAL_PATIENCE = 200, 15_000


def owe_truncation(*, now: datetime) -> None:
    """Owe the emptying of the log, in the transaction that deletes."""
    if db.engine.dialect.name == "sqlite":
        owed = insert(Chore).values(kind=CHORE, due_at=now)
        again = owed.on_conflict_do_update(index_elements=[Chore.kind], set_={"due_at": now})
        db.session.execute(again)


def truncate() -> bool:
    """Empty SQLite's write-ahead log if that is owed; return whether nothing is owed any more.

    Commits by itself, and the caller must have committed: no transaction can be open meanwhile.
    """
    if db.engine.dialect.name != "sqlite":
        return True
    owed = db.session.scalar(sa.select(Chore.due_at).where(Chore.kind == CHORE))
    db.session.commit()
    if owed is None:
        return True
    if not _checkpoint():
        return False
    # Only this one: what was deleted after the look is owed anew.
    db.session.execute(sa.delete(Chore).where(Chore.kind == CHORE, Chore.due_at == owed))
    db.session.commit()
    return True


def _checkpoint() -> bool:
    connection = db.engine.raw_connection()  # an engine's own would open a transaction
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
        busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {_USUAL_PATIENCE}")
        cursor.close()
        connection.close()
    return not busy
