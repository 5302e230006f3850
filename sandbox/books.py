"""Whose calendars the sandbox has."""

import sqlite3
from datetime import datetime

from sandbox.entries import Book
from sandbox.google.book import BOOK as GOOGLE
from sandbox.icloud import accounts as apple_accounts
from sandbox.icloud.book import BOOK as ICLOUD
from sandbox.microsoft import accounts
from sandbox.microsoft.book import BOOK as MICROSOFT

_KEPT = (GOOGLE, MICROSOFT)
BOOKS: dict[str, Book] = {book.name: book for book in (*_KEPT, ICLOUD)}


def add_missing(db: sqlite3.Connection, now: datetime) -> None:
    """Make the demo people's accounts and calendars, where nobody has any. Radicale's are made
    when it starts.
    """
    accounts.add_missing(db)
    apple_accounts.add_missing(db)
    for book in _KEPT:
        book.add_missing(db, now)
