"""The sealed columns of a connection and its calendars: only this module writes and reads them.

Each value is bound to its row and column, so that one copied elsewhere does not open. What pages
and jobs need of them they get from :mod:`bookme.connections.tokens`.
"""

from datetime import datetime, timedelta
from typing import Any, Protocol

from flask import current_app

from bookme.crypto import KeyRing, Unreadable
from bookme.oauth import Grant

#: Column values of a connection without tokens.
NO_PAIR: dict[str, Any] = {
    "access_token_sealed": None,
    "refresh_token_sealed": None,
    "expires_at": None,
    "lease_until": None,
    "lease_holder": None,
}
#: Column values of a connection of which nothing is left that identifies or opens an account.
NOTHING: dict[str, Any] = NO_PAIR | {
    "label_sealed": None,
    "user_id_sealed": None,
    "account_id_sealed": None,
    "user_digest": None,
    "plan": None,
    "scopes": "",
    "blocked_until": None,
    "checked_at": None,
    "queued_at": None,
}


class Account(Protocol):
    """Whose account it is; see :class:`bookme.connections.identity.Identity`."""

    @property
    def user_id(self) -> str: ...
    @property
    def account_id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def plan(self) -> str: ...


class Sealed(Protocol):
    """A connection, or a row of its columns."""

    @property
    def provider(self) -> str: ...
    @property
    def seal_id(self) -> str: ...
    @property
    def user_id_sealed(self) -> bytes | None: ...
    @property
    def user_digest(self) -> str | None: ...


def pair(seal_id: str, grant: Grant, *, now: datetime) -> dict[str, Any]:
    """Column values for a token pair; a provider that sends no new refresh token keeps the old."""
    columns = {
        "access_token_sealed": _seal(seal_id, "access", grant.access_token),
        "expires_at": now + timedelta(seconds=grant.expires_in),
    }
    if grant.refresh_token is not None:
        columns["refresh_token_sealed"] = _seal(seal_id, "refresh", grant.refresh_token)
    return columns


def password(seal_id: str, credentials: str) -> dict[str, Any]:
    """Column values for credentials that stand for an access token and never run out."""
    return {"access_token_sealed": _seal(seal_id, "access", credentials), "expires_at": None}


def account(seal_id: str, provider: str, account: Account) -> dict[str, Any]:
    """Column values for whose account it is."""
    return {
        "label_sealed": _seal(seal_id, "label", account.label),
        "user_id_sealed": _seal(seal_id, "user", account.user_id),
        "account_id_sealed": _seal(seal_id, "account", account.account_id),
        "user_digest": _keys().digest(account.user_id, _purpose(provider)),
        "plan": account.plan,
    }


def access_token(seal_id: str, sealed: bytes) -> str:
    """Open an access token.

    :raises bookme.crypto.Unreadable: if no key opens it, as for the others here.
    """
    return _keys().open(sealed, _place(seal_id, "access"))


def refresh_token(seal_id: str, sealed: bytes) -> str:
    """Open a refresh token."""
    return _keys().open(sealed, _place(seal_id, "refresh"))


def label(seal_id: str, sealed: bytes) -> str:
    """Open an account's label."""
    return _keys().open(sealed, _place(seal_id, "label"))


def entries(calendar_id: int, words: str) -> bytes:
    """Seal what is kept of a calendar's entries."""
    return _keys().seal(words, _entries(calendar_id))


def open_entries(calendar_id: int, sealed: bytes) -> str:
    """Open what is kept of a calendar's entries."""
    return _keys().open(sealed, _entries(calendar_id))


def user_digests(provider: str, user_id: str) -> list[str]:
    """Under what a user of the provider may be found in ``Connection.user_digest``."""
    return _keys().digests(user_id, _purpose(provider))


def same_user(connection: Sealed) -> list[str]:
    """Under what the user of this connection may be found; empty once its id is deleted."""
    if connection.user_id_sealed is None:
        return []
    try:
        place = _place(connection.seal_id, "user")
        return user_digests(connection.provider, _keys().open(connection.user_id_sealed, place))
    except Unreadable:  # its key is gone; under other keys there is nothing to be found anyway
        return [connection.user_digest] if connection.user_digest else []


def _seal(seal_id: str, part: str, text: str) -> bytes:
    return _keys().seal(text, _place(seal_id, part))


def _place(seal_id: str, part: str) -> str:
    return f"connection:{seal_id}:{part}"


def _entries(calendar_id: int) -> str:
    return f"calendar:{calendar_id}:entries"


def _purpose(provider: str) -> str:
    return f"{provider} user"


def _keys() -> KeyRing:
    ring: KeyRing = current_app.extensions["keys"]
    return ring
