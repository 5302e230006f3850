"""The sandbox's state: one SQLite file in WAL mode."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

_TABLES = (
    "token",
    "code",
    "consent",
    "app_grant",
    "meeting",
    "quota",
    "fault",
    "call",
    "compliance",
    "webhook",
    "mail",
    "setting",
    "meet_request",
    "event",
    "calendar",
    "microsoft_account",
    "app_password",
    "person",
)
#: Columns that a state from before Google and Microsoft lacks.
_LATER = {
    "consent": ("provider", "scopes"),
    "code": ("provider", "scopes"),
    "app_grant": ("provider",),
    "call": ("event_id",),
}
_DEFINITIONS = {
    "provider": "TEXT NOT NULL DEFAULT 'zoom'",
    "scopes": "TEXT NOT NULL DEFAULT ''",
    "event_id": "TEXT",
}


class Store:
    """Has a connection for each transaction under way, so any thread may use it; they are kept for
    later ones, as to open one takes longer than most transactions.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        # SQLite's own waiting is unfair: of a hundred writers some would starve.
        self._turn = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        with self._open() as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(resources.files(__package__).joinpath("schema.sql").read_text())
            _grow(db)

    def close(self) -> None:
        """Put everything in the one file."""
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A view of one moment."""
        with self._open() as db:
            db.execute("BEGIN")
            yield db
            db.execute("COMMIT")

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction that is alone from its beginning; an exception undoes it."""
        with self._turn, self._open() as db:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            db = self._idle.pop()
        except IndexError:
            db = self._connect()
        try:
            yield db
        except BaseException:
            db.close()  # undoes what was not committed
            raise
        self._idle.append(db)

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=30, isolation_level=None, check_same_thread=False)
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA synchronous = NORMAL")
        return db


def clear(db: sqlite3.Connection) -> None:
    """Empty every table; numbers begin with 1 again."""
    for table in (*_TABLES, "sqlite_sequence"):
        db.execute(f"DELETE FROM {table}")


def _grow(db: sqlite3.Connection) -> None:
    """Give an older state the columns that it lacks."""
    for table, columns in _LATER.items():
        there = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
        for column in columns:
            if column not in there:
                db.execute(f"ALTER TABLE {table} ADD COLUMN {column} {_DEFINITIONS[column]}")
