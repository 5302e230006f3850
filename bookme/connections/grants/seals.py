"""The sealed columns of a connection: only this module writes and reads them (and
:mod:`bookme.resealing`, when keys change).

What pages and jobs need of them they get from :mod:`bookme.connections.grants.tokens`.
"""

from datetime import datetime, timedelta
from typing import Any, Protocol

from bookme.crypto import Unreadable
from bookme.providers.http.grant import Grant
from bookme.sealed import CONNECTION, user_digests

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
    """Whose account it is; see :class:`bookme.connections.grants.identity.Identity`."""

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
        "access_token_sealed": CONNECTION.seal(seal_id, "access_token_sealed", grant.access_token),
        "expires_at": now + timedelta(seconds=grant.expires_in),
    }
    if grant.refresh_token is not None:
        columns["refresh_token_sealed"] = CONNECTION.seal(
            seal_id, "refresh_token_sealed", grant.refresh_token
        )
    return columns


def password(seal_id: str, credentials: str) -> dict[str, Any]:
    """Column values for credentials that stand for an access token and never run out."""
    return {
        "access_token_sealed": CONNECTION.seal(seal_id, "access_token_sealed", credentials),
        "expires_at": None,
    }


def account(seal_id: str, provider: str, account: Account) -> dict[str, Any]:
    """Column values for whose account it is."""
    return {
        "label_sealed": CONNECTION.seal(seal_id, "label_sealed", account.label),
        "user_id_sealed": CONNECTION.seal(seal_id, "user_id_sealed", account.user_id),
        "account_id_sealed": CONNECTION.seal(seal_id, "account_id_sealed", account.account_id),
        "user_digest": user_digests(provider, account.user_id)[0],
        "plan": account.plan,
    }


def access_token(seal_id: str, sealed: bytes) -> str:
    """Open an access token.

    :raises bookme.crypto.Unreadable: if no key opens it, as for the others here.
    """
    return CONNECTION.open(seal_id, "access_token_sealed", sealed)


def refresh_token(seal_id: str, sealed: bytes) -> str:
    """Open a refresh token."""
    return CONNECTION.open(seal_id, "refresh_token_sealed", sealed)


def label(seal_id: str, sealed: bytes) -> str:
    """Open an account's label."""
    return CONNECTION.open(seal_id, "label_sealed", sealed)


def same_user(connection: Sealed) -> list[str]:
    """Under what the user of this connection may be found; empty once its id is deleted."""
    if connection.user_id_sealed is None:
        return []
    try:
        sealed = connection.user_id_sealed
        user_id = CONNECTION.open(connection.seal_id, "user_id_sealed", sealed)
        return user_digests(connection.provider, user_id)
    except Unreadable:  # its key is gone; under other keys there is nothing to be found anyway
        return [connection.user_digest] if connection.user_digest else []
