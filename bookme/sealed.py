"""Where something is sealed: each table, its columns, and what their values are bound to.

A value is bound to its row and column, so that one copied elsewhere does not open. Whatever must
go through all sealed values (a change of keys, a count of them) goes through :data:`PLACES`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app

from bookme.crypto import KeyRing
from bookme.models import (
    Authenticator,
    AuthorizationAttempt,
    Block,
    Calendar,
    Connection,
    Deauthorization,
    Email,
    Report,
    SignInAttempt,
)


@dataclass(frozen=True, slots=True)
class Place:
    """The sealed columns of one table.

    :ivar name: the column that names a row in what its values are bound to, the same for its life.
    :ivar parts: sealed column -> its own end of what its values are bound to.
    """

    model: type[Any]
    kind: str
    name: str
    parts: Mapping[str, str]

    def belongs_to(self, name: str, column: str) -> str:
        """What the value of a column is bound to, in the row of this name."""
        return f"{self.kind}:{name}{self.parts[column]}"

    def seal(self, name: str, column: str, text: str) -> bytes:
        """Seal a value of a column."""
        return keys().seal(text, self.belongs_to(name, column))

    def open(self, name: str, column: str, sealed: bytes) -> str:
        """Open a value of a column.

        :raises bookme.crypto.Unreadable: if no key opens it here.
        """
        return keys().open(sealed, self.belongs_to(name, column))


CONNECTION = Place(
    Connection,
    "connection",
    "seal_id",
    {
        "access_token_sealed": ":access",
        "refresh_token_sealed": ":refresh",
        "label_sealed": ":label",
        "user_id_sealed": ":user",
        "account_id_sealed": ":account",
    },
)
ATTEMPT = Place(AuthorizationAttempt, "attempt", "state_hash", {"verifier_sealed": ""})
REMOVAL = Place(Deauthorization, "deauthorization", "seal_id", {"payload_sealed": ":payload"})
LETTER = Place(Email, "email", "dedupe_key", {"to_sealed": ":to"})
ENTRIES = Place(Calendar, "calendar", "id", {"unclear_sealed": ":entries"})
AUTHENTICATOR = Place(Authenticator, "authenticator", "seal_id", {"secret_sealed": ":secret"})
BLOCK = Place(Block, "block", "seal_id", {"shown_sealed": ":shown"})
REPORT = Place(Report, "report", "seal_id", {"said_sealed": ":said"})
SIGN_IN = Place(SignInAttempt, "sign-in", "state_hash", {"secrets_sealed": ""})
#: All of them.
PLACES = (CONNECTION, ATTEMPT, REMOVAL, LETTER, ENTRIES, AUTHENTICATOR, BLOCK, REPORT, SIGN_IN)


def user_digests(provider: str, user_id: str) -> list[str]:
    """Under what a user of the provider may be found in ``Connection.user_digest``: the hash of
    the first key, under which it is stored, and those of the others.
    """
    return keys().digests(user_id, f"{provider} user")


def keys() -> KeyRing:
    """The application's key ring."""
    ring: KeyRing = current_app.extensions["keys"]
    return ring
