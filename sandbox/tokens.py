"""Codes, grants and tokens. Everything is looked up by its hash; no secret is stored."""

import base64
import hashlib
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.settings import setting
from sandbox.times import stamp

CODE_LIFE = timedelta(minutes=5)
REFRESH_LIFE = timedelta(days=90)
#: What Zoom's tokens begin with; the rest is random here, because nobody may read it.
_TOKEN_HEAD = base64.urlsafe_b64encode(b'{"sv":"000002","alg":"HS512","v":"2.0"}').decode()


class GrantRefused(Exception):
    """The code or refresh token is not good for a pair. ``str()`` is Zoom's reason."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A new pair of tokens, in the only place where they are to be seen."""

    access: str
    refresh: str
    expires_in: int
    scopes: str


def new_code(
    db: sqlite3.Connection, asked: sqlite3.Row, person_id: str, scopes: str, now: datetime
) -> str:
    """An authorization code, for one use within :data:`CODE_LIFE`.

    :param asked: the consent page's row, which the person has answered.
    """
    code = secrets.token_urlsafe(36)
    db.execute(
        "INSERT INTO code VALUES (?, ?, ?, ?, ?, NULL, ?, ?)",
        (_hash(code), person_id, asked["redirect_uri"], asked["challenge"], stamp(now))
        + (asked["provider"], scopes),
    )
    return code


def take_code(
    db: sqlite3.Connection, code: str, now: datetime, provider: str = "zoom"
) -> sqlite3.Row:
    """Use a code up, whatever becomes of it then.

    :raises GrantRefused: if there is no such code, or it has been used.
    """
    row: sqlite3.Row | None = db.execute(
        "UPDATE code SET used_at = ? WHERE hash = ? AND provider = ? AND used_at IS NULL"
        " RETURNING *",
        (stamp(now), _hash(code), provider),
    ).fetchone()
    if row is None:
        raise GrantRefused("Invalid authorization code")
    return row


def check_code(row: sqlite3.Row, redirect_uri: str, verifier: str | None, now: datetime) -> None:
    """Refuse a code that is late, or that another party asked for.

    A code without a challenge (the Marketplace's *Add*) is good for nothing: nobody can know who
    the browser was that brought it.

    :raises GrantRefused: saying which.
    """
    if row["made_at"] <= stamp(now - CODE_LIFE):
        raise GrantRefused("Authorization code expired")
    if row["redirect_uri"] != redirect_uri:
        raise GrantRefused("Redirect URI mismatch")
    if row["challenge"] is None or verifier is None or row["challenge"] != s256(verifier):
        raise GrantRefused("Code verifier mismatch")


def grant(db: sqlite3.Connection, person_id: str, now: datetime) -> Pair:
    """A new grant with its first pair; it ends the person's earlier grants, as at Zoom (4741)."""
    kill_grants(db, person_id, "newer authorization", now)
    scopes = " ".join(setting(db, "granted_scopes"))
    return new_pair(db, new_grant(db, person_id, scopes, now), now)


def new_grant(
    db: sqlite3.Connection, person_id: str, scopes: str, now: datetime, provider: str = "zoom"
) -> sqlite3.Row:
    """A grant that has no tokens yet, beside those that there are."""
    made: sqlite3.Row = db.execute(
        "INSERT INTO app_grant (person_id, scopes, made_at, provider) VALUES (?, ?, ?, ?)"
        " RETURNING *",
        (person_id, scopes, stamp(now), provider),
    ).fetchone()
    return made


def rotate(db: sqlite3.Connection, refresh: str, now: datetime) -> Pair:
    """A new pair for a refresh token, which is dead from here on.

    :raises GrantRefused: if the token is unknown, used, expired, or its grant has ended.
    """
    row = refreshable(db, refresh, now)
    dying = ("refresh", "access" if setting(db, "old_access_dies") else "refresh")
    db.execute(
        "UPDATE token SET dead_at = ? WHERE grant_id = ? AND kind IN (?, ?) AND dead_at IS NULL",
        (stamp(now), row["id"], *dying),
    )
    return new_pair(db, row, now)


def refreshable(
    db: sqlite3.Connection, refresh: str, now: datetime, provider: str = "zoom"
) -> sqlite3.Row:
    """The grant of a refresh token that is good; its refreshes are counted.

    :raises GrantRefused: if the token is unknown, used, expired, or its grant has ended.
    """
    row: sqlite3.Row | None = db.execute(
        "UPDATE app_grant SET refreshes = refreshes + 1 FROM token, person"
        " WHERE app_grant.id = grant_id AND person.id = person_id AND person.status = 'active'"
        " AND hash = ? AND kind = 'refresh' AND expires_at > ? AND provider = ?"
        " AND token.dead_at IS NULL AND app_grant.dead_at IS NULL RETURNING *",
        (_hash(refresh), stamp(now), provider),
    ).fetchone()
    if row is None:
        raise GrantRefused("Invalid Token!")
    return row


def find_access(db: sqlite3.Connection, access: str, provider: str = "zoom") -> sqlite3.Row | None:
    """An access token with its grant's person and scopes; None if unknown or its grant is dead."""
    row: sqlite3.Row | None = db.execute(
        "SELECT person_id, scopes, grant_id, expires_at FROM token"
        " JOIN app_grant ON app_grant.id = grant_id"
        " WHERE hash = ? AND kind = 'access' AND provider = ? AND token.dead_at IS NULL"
        " AND app_grant.dead_at IS NULL",
        (_hash(access), provider),
    ).fetchone()
    return row


def owner(db: sqlite3.Connection, token: str, provider: str) -> str | None:
    """Whose grant a token is of, access or refresh; None if it is unknown or dead."""
    row = db.execute(
        "SELECT person_id FROM token JOIN app_grant ON app_grant.id = grant_id WHERE hash = ?"
        " AND provider = ? AND token.dead_at IS NULL AND app_grant.dead_at IS NULL",
        (_hash(token), provider),
    ).fetchone()
    return str(row["person_id"]) if row else None


def kill_grants(
    db: sqlite3.Connection, person_id: str, why: str, now: datetime, provider: str = "zoom"
) -> int:
    """End a person's grants at one provider with all their tokens; how many there were."""
    return db.execute(
        "UPDATE app_grant SET dead_at = ?, why = ?"
        " WHERE person_id = ? AND provider = ? AND dead_at IS NULL",
        (stamp(now), why, person_id, provider),
    ).rowcount


def kill_codes(db: sqlite3.Connection, person_id: str, now: datetime) -> None:
    """Use up a person's codes of Zoom's that nobody has exchanged yet."""
    db.execute(
        "UPDATE code SET used_at = ? WHERE person_id = ? AND provider = 'zoom' AND used_at IS NULL",
        (stamp(now), person_id),
    )


def expire_access(db: sqlite3.Connection, person_id: str | None, now: datetime) -> int:
    """Let the access tokens of one person, or of everybody, run out now; how many."""
    return db.execute(
        "UPDATE token SET expires_at = ? WHERE kind = 'access' AND expires_at > ? AND grant_id IN"
        " (SELECT id FROM app_grant WHERE person_id = coalesce(?, person_id))",
        (stamp(now), stamp(now), person_id),
    ).rowcount


def s256(verifier: str) -> str:
    """The challenge of a verifier (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def new_pair(db: sqlite3.Connection, made: sqlite3.Row, now: datetime) -> Pair:
    """Another pair of a grant's tokens, beside those that there are."""
    access, refresh = (new_token(db, made, kind, now) for kind in ("access", "refresh"))
    return Pair(access, refresh, setting(db, "access_ttl_seconds"), made["scopes"])


def new_token(db: sqlite3.Connection, made: sqlite3.Row, kind: str, now: datetime) -> str:
    """Another token of a grant, ``access`` or ``refresh``."""
    # As long as Zoom's longest, so that a column that is too short fails here and not there.
    text = f"{_TOKEN_HEAD}.{secrets.token_urlsafe(600)}.{secrets.token_urlsafe(64)}"
    short = timedelta(seconds=setting(db, "access_ttl_seconds"))
    dies = stamp(now + (short if kind == "access" else REFRESH_LIFE))
    db.execute(
        "INSERT INTO token VALUES (?, ?, ?, ?, ?, NULL)",
        (_hash(text), kind, made["id"], stamp(now), dies),
    )
    return text


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
