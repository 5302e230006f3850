"""What the consent pages of Zoom, Google and Microsoft share: a page that waits for its answer."""

import base64
import binascii
import re
import secrets
import sqlite3
from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

from werkzeug.datastructures import MultiDict

from sandbox.context import Sandbox
from sandbox.pages import not_found
from sandbox.times import stamp

#: How long a consent page waits for its answer.
PATIENCE = timedelta(minutes=10)
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


def begin(
    db: sqlite3.Connection,
    redirect: str,
    state: str | None,
    challenge: str | None,
    now: datetime,
    *,
    provider: str = "zoom",
    scopes: str = "",
) -> str:
    """Note that somebody is being asked; the answer returns the id."""
    asking = secrets.token_urlsafe(24)
    db.execute(
        "INSERT INTO consent VALUES (?, ?, ?, ?, ?, ?, ?)",
        (asking, redirect, state, challenge, stamp(now), provider, scopes),
    )
    return asking


def waiting(
    db: sqlite3.Connection, asking: str, now: datetime, provider: str = "zoom"
) -> sqlite3.Row:
    """A page that has not been answered yet.

    :raises NotFound: if there is none.
    """
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM consent WHERE id = ? AND provider = ? AND made_at > ?",
        (asking, provider, stamp(now - PATIENCE)),
    ).fetchone()
    if row is None:
        raise not_found("This consent page has been answered, or has waited too long.")
    return row


def take(db: sqlite3.Connection, asking: str, now: datetime, provider: str = "zoom") -> sqlite3.Row:
    """The same, answered from here on.

    :raises NotFound: if there is none.
    """
    row = waiting(db, asking, now, provider)
    db.execute("DELETE FROM consent WHERE id = ?", (asking,))
    return row


def redirects(db: sqlite3.Connection, here: Sandbox, provider: str) -> list[str]:
    """The redirect addresses registered with a provider: each of Zoom's has its sister there."""
    return [
        address.replace("/connections/zoom/", f"/connections/{provider}/")
        for address in here.registered(db, "redirects")
    ]


def what_is_wrong(
    asked: MultiDict[str, str], required: Collection[str], allowed: Collection[str] = ()
) -> str | None:
    """Why a request is none for a code with PKCE; None if it is."""
    required = {*required, *_ALWAYS}
    if any(len(asked.getlist(name)) != 1 or not asked[name] for name in required):
        return "each once: " + ", ".join(sorted(required))
    if unknown := set(asked) - required - set(allowed):
        return "not wanted: " + ", ".join(sorted(unknown))[:200]
    if asked["response_type"] != "code":
        return "response_type must be code"
    if asked["code_challenge_method"] != "S256" or not _is_challenge(asked["code_challenge"]):
        return "code_challenge must be one of method S256"
    return None


_ALWAYS = {
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "code_challenge",
    "code_challenge_method",
}


def with_query(address: str, given: dict[str, str]) -> str:
    """An address with more parameters."""
    joint = "&" if urlsplit(address).query else "?"
    return f"{address}{joint}{urlencode(given)}"


def _is_challenge(text: str) -> bool:
    """Whether this may be the unpadded base64url of a SHA-256."""
    if not _CHALLENGE.fullmatch(text):
        return False
    try:
        digest = base64.urlsafe_b64decode(f"{text}=")
    except binascii.Error:
        return False
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == text
