"""What kinds of Microsoft account people have."""

import sqlite3
from uuid import NAMESPACE_URL, uuid5

from sandbox import people

#: ``unlicensed`` is a work account without Teams.
KINDS = ("work", "unlicensed", "personal", "no-mailbox")
#: What each may ask for as an event's meeting.
_MEETINGS = {"work": ["teamsForBusiness"], "unlicensed": [], "personal": ["skypeForConsumer"]}


def add_missing(db: sqlite3.Connection) -> None:
    """Give everybody an account: Ben a personal one, the others one of their work."""
    for person in people.everybody(db):
        kind = "personal" if person["email"].startswith("ben@") else "work"
        account_id = str(uuid5(NAMESPACE_URL, person["id"]))
        db.execute(
            "INSERT OR IGNORE INTO microsoft_account VALUES (?, ?, ?)",
            (person["id"], account_id, kind),
        )


def of(db: sqlite3.Connection, person_id: str) -> sqlite3.Row:
    """A person's account."""
    query = "SELECT * FROM microsoft_account WHERE person_id = ?"
    found: sqlite3.Row = db.execute(query, (person_id,)).fetchone()
    return found


def change(db: sqlite3.Connection, person_id: str, kind: object) -> None:
    """Make an account one of another kind.

    :raises ValueError: if there is no such kind.
    """
    if kind not in KINDS:
        raise ValueError(f"kind is one of {', '.join(KINDS)}")
    db.execute("UPDATE microsoft_account SET kind = ? WHERE person_id = ?", (kind, person_id))


def meetings(account: sqlite3.Row) -> list[str]:
    """The kinds of online meeting that an account's events can carry."""
    return _MEETINGS[account["kind"]]
