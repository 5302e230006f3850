"""A moment to come back to as often as it takes, much sooner than it was made."""

import sqlite3
from contextlib import closing
from copy import deepcopy
from typing import Any

from bookme.extensions import db


class Moment:
    """The rows of a SQLite database as they are now, and what some containers hold."""

    def __init__(self, *containers: dict[Any, Any] | set[Any]) -> None:
        db.session.rollback()
        self._rows = sqlite3.connect(":memory:")
        with closing(_opened()) as file:
            file.backup(self._rows)
        self._held = [(one, deepcopy(one)) for one in containers]

    def back(self) -> None:
        """Everything is as it was; objects of the session are to be had from it again."""
        db.session.rollback()
        db.session.expunge_all()
        with closing(_opened()) as file:
            file.execute("PRAGMA synchronous = OFF")
            self._rows.backup(file)
        for container, held in self._held:
            container.clear()
            container.update(deepcopy(held))


def _opened() -> sqlite3.Connection:
    path = db.engine.url.database
    assert path is not None
    return sqlite3.connect(path)
