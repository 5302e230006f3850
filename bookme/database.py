"""How transactions begin, and what each database needs to be told on each connection.

On PostgreSQL nothing may outlive its transaction in a session (a prepared statement, ``SET``
without ``LOCAL``, an advisory lock of the session, ``LISTEN``): a pooler in transaction mode gives
each transaction whichever session is free.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from time import sleep
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bookme import private, searched

_WRITING = "BEGIN IMMEDIATE"
#: Seconds between two tries to get the lock, and between those of somebody who has waited long.
_PAUSE, _SHORT_PAUSE, _LONG = 0.008, 0.002, 0.5
#: A transaction that may write takes SQLite's write lock before it reads. One that found its data
#: first and then wants to write is refused at once ("database is locked") when another wrote
#: meanwhile.
_may_write: ContextVar[bool] = ContextVar("may_write", default=True)


def prepare(engine: Engine) -> None:
    """Bind the rules of this module to an engine."""
    sa.event.listen(engine, "handle_error", _drop_read_only)
    if engine.dialect.name == "postgresql":
        sa.event.listen(engine, "do_connect", _prepare_nothing)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "do_connect", _before_connect)
        sa.event.listen(engine, "connect", _on_connect)
        sa.event.listen(engine, "begin", _on_begin)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions that begin in this block only read: on SQLite they run beside a writer."""
    token = _may_write.set(False)
    try:
        yield
    finally:
        _may_write.reset(token)


def only_read(yes: bool) -> None:
    """Say for the rest of this context (a request) whether its transactions only read."""
    _may_write.set(not yes)


def only_reads() -> bool:
    """Whether that, or :func:`reading`, was said."""
    return not _may_write.get()


def _drop_read_only(context: sa.engine.ExceptionContext) -> None:
    """A connection that takes no writes stays so after its file, or its server, takes them again:
    all of the pool are closed, and the next one may do better.
    """
    error = context.original_exception
    code = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
    if str(code).startswith(("SQLITE_READONLY", "25006")):
        context.is_disconnect = True


def _prepare_nothing(_dialect: Any, _record: Any, _arguments: Any, named: dict[str, Any]) -> None:
    """psycopg would prepare, in the session, a statement that comes for the sixth time."""
    named["prepare_threshold"] = None


def _before_connect(_dialect: Any, _record: Any, arguments: Any, _more: Any) -> None:
    """Only the user who runs BookMe may read the database; SQLite gives its logs the same mode."""
    name = str(arguments[0]) if arguments else ""
    if name and name != ":memory:" and not name.startswith("file:"):
        private.make_file(Path(name))
        for beside in ("-wal", "-shm", "-journal"):
            private.hide(Path(name + beside))


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late; _on_begin sends it
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "busy_timeout = 15000",  # many at once: waiting is better than a refusal
        "foreign_keys = ON",
        "secure_delete = ON",
        "trusted_schema = ON",  # the triggers on attendee call search_words
    ):
        connection.execute(f"PRAGMA {pragma}").close()
    connection.create_function("search_words", 5, searched.of_person, deterministic=True)


def _on_begin(connection: Connection) -> None:
    if _may_write.get():
        _begin_writing(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    """Take the write lock, waiting for it as long as the connection's ``busy_timeout`` says.

    SQLite itself asks again less and less often, ten times a second in the end, so whoever comes
    just then goes first, and who has waited longest is refused. Here they ask more often instead.
    """
    driver: Any = connection.connection.driver_connection
    [milliseconds] = driver.execute("PRAGMA busy_timeout").fetchone()
    driver.execute("PRAGMA busy_timeout = 0").close()
    waited = 0.0
    try:
        while _is_busy(driver):
            if waited * 1000 >= milliseconds:
                connection.exec_driver_sql(_WRITING)  # SQLAlchemy's error of it, or the lock
                return
            pause = _PAUSE if waited < _LONG else _SHORT_PAUSE
            sleep(pause)
            waited += pause
        if not driver.in_transaction:
            connection.exec_driver_sql(_WRITING)
    finally:
        if not connection.invalidated:  # nor closed, therefore
            driver.execute(f"PRAGMA busy_timeout = {milliseconds}").close()


def _is_busy(driver: Any) -> bool:
    """Begin, unless another has the lock; whatever else is wrong, SQLAlchemy says in its way."""
    try:
        driver.execute(_WRITING).close()
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return False
