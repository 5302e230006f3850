"""Apple Accounts: who has which number, and whose app-specific passwords are good."""

import hashlib
import hmac
import secrets
import sqlite3
import string
from collections.abc import Mapping

from sandbox import people


def number(person: Mapping[str, str] | sqlite3.Row) -> str:
    """What stands for a person in iCloud's addresses."""
    return str(int(hashlib.sha256(person["id"].encode()).hexdigest()[:12], 16) % 10**10)


def add_missing(db: sqlite3.Connection) -> None:
    """Give everybody a first password, if nobody has any."""
    if db.execute("SELECT 1 FROM app_password").fetchone() is None:
        for person in people.everybody(db):
            renew(db, person["id"])


def passwords(db: sqlite3.Connection) -> dict[str, str]:
    """Each password that is good, by its person's number."""
    rows = db.execute("SELECT id, password FROM app_password JOIN person ON person.id = person_id")
    return {number(row): row["password"] for row in rows}


def listed(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """Everybody with a password, or without."""
    return db.execute(
        "SELECT id, email, password FROM person LEFT JOIN app_password ON person.id = person_id"
        " ORDER BY person.rowid"
    ).fetchall()


def renew(db: sqlite3.Connection, person_id: str) -> str:
    """Another password instead of the one before."""
    revoke(db, person_id)
    groups = ("".join(secrets.choice(string.ascii_lowercase) for _ in range(4)) for _ in range(4))
    password = "-".join(groups)
    db.execute("INSERT INTO app_password VALUES (?, ?)", (password, person_id))
    return password


def revoke(db: sqlite3.Connection, person_id: str) -> None:
    """No password any more."""
    db.execute("DELETE FROM app_password WHERE person_id = ?", (person_id,))


def signed_in(db: sqlite3.Connection, email: str, password: str) -> sqlite3.Row | None:
    """The person with this address and app-specific password; None if there is none."""
    row: sqlite3.Row | None = db.execute(
        "SELECT person.*, password FROM person JOIN app_password ON person.id = person_id"
        " WHERE email = ? AND person.status = 'active'",
        (email.casefold(),),
    ).fetchone()
    if row is None or not hmac.compare_digest(row["password"].encode(), password.encode()):
        return None
    return row
