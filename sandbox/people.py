"""The Zoom users that the sandbox knows."""

import sqlite3

_COLUMNS = (
    "id",
    "account_id",
    "email",
    "first_name",
    "last_name",
    "type",
    "status",
    "timezone",
    "pmi",
)
#: Type 1 is Basic (40 minutes a meeting), 2 is licensed.
_PEOPLE = [
    ("mV3rK8sQTWy0cJ-Lq1Zt4A", "Acc9dTqLmR5eWx0ZbN1u", "mara@example.com")
    + ("Mara", "Lindström", 2, "active", "Europe/Berlin", 3542471135),
    ("b7NfXoA_Rk2uYw5hGd9PeQ", "Acc2hVpKsJ8rYc3MnF6t", "ben@example.com")
    + ("Ben", "Okafor", 1, "active", "America/New_York", 4817203965),
    ("hU1zCe4mSb-GvT6jXn0WyA", "Acc5wBgEzQ1oDi7UkX4v", "chloe@example.org")
    + ("Chloé", "O’Neill", 2, "active", "Asia/Kolkata", 9025516374),
]


def add_missing(db: sqlite3.Connection) -> None:
    """Make the demo's people, where they are not there yet."""
    db.executemany(
        f"INSERT OR IGNORE INTO person ({', '.join(_COLUMNS)}) VALUES (?,?,?,?,?,?,?,?,?)", _PEOPLE
    )


def everybody(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """All people, in the order they were made."""
    return db.execute("SELECT * FROM person ORDER BY rowid").fetchall()


def find(db: sqlite3.Connection, who: object) -> sqlite3.Row | None:
    """The person with that id or e-mail address; None if there is none."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM person WHERE id = ? OR email = ?", (str(who), str(who))
    ).fetchone()
    return row


def display_name(person: sqlite3.Row) -> str:
    """First and last name."""
    return f"{person['first_name']} {person['last_name']}"
