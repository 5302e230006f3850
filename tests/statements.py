"""Counting what a database is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from bookme.extensions import db


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL statements of the block; beginnings and ends of transactions are none."""
    found: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            found.append(statement)

    db.session.remove()
    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
