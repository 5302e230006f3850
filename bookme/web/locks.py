"""Locks end before a refusal is rendered.

A form's request takes SQLite's one write lock, or its host's row on PostgreSQL, before it looks.
Refused, it has nothing to write, and the page that says so takes longer to make than a booking:
nobody should wait for it.
"""

from bookme import database
from bookme.extensions import db


def let_go() -> None:
    """End a request's transaction without writing anything; from here on it only reads. Rows that
    it has found are read again when they are asked for something.
    """
    db.session.rollback()
    database.only_read(True)
