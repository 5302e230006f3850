"""Whose calendars the sandbox has."""

import sqlite3
from datetime import datetime

from bookme.sandbox.entries import Book
from bookme.sandbox.google.book import BOOK as GOOGLE
from bookme.sandbox.microsoft import accounts
from bookme.sandbox.microsoft.book import BOOK as MICROSOFT

_KEPT = (GOOGLE, MICROSOFT)
BOOKS: dict[str, Book] = {book.name: book for book in _KEPT}


def add_missing(db: sqlite3.Connection, now: datetime) -> None:
    """Make the demo people's calendars, where nobody has any."""
    accounts.add_missing(db)
    for book in _KEPT:
        book.add_missing(db, now)
