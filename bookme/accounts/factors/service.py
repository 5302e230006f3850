"""What a host has besides the password, and what changes of it are told by mail.

They flush and never commit.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from bookme.accounts.factors import authenticators, passkeys, pending, recovery
from bookme.accounts.owed import Letter, owe
from bookme.extensions import db
from bookme.models import Authenticator, Email, Passkey, Session, User

#: So long a browser need not show again who is there.
PROVEN_FOR = timedelta(minutes=10)


class Change(StrEnum):
    """What a message tells of."""

    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"
    REMOVED_BY_OPERATOR = "removed_by_operator"


@dataclass(frozen=True, slots=True)
class Factors:
    """What a host has."""

    app: Authenticator | None
    passkeys: list[Passkey]
    codes_left: int

    def __bool__(self) -> bool:
        return self.app is not None or bool(self.passkeys)


def of(user: User) -> Factors:
    """All that a host has. Costs three queries."""
    return Factors(authenticators.of(user), passkeys.of(user), recovery.left(user))


def has_any(user: User) -> bool:
    """Whether a password alone doesn't let the host in."""
    app = sa.exists().where(
        Authenticator.user_id == user.id, Authenticator.confirmed_at.is_not(None)
    )
    passkey = sa.exists().where(Passkey.user_id == user.id)
    return bool(db.session.scalar(sa.select(sa.or_(app, passkey))))


def is_proven(session: Session, *, now: datetime) -> bool:
    """Whether the host has shown in this browser, a moment ago, who they are."""
    return session.proven_at is not None and session.proven_at > now - PROVEN_FOR


def tell(user: User, change: Change, *, now: datetime) -> Email | None:
    """Owe a message about a change."""
    return owe(user, Letter.SECOND_FACTOR, now=now, change=change.value)


def added(user: User, change: Change, *, now: datetime) -> tuple[Email | None, list[str]]:
    """After one was added: the message to hurry, and recovery codes if they are the first ones."""
    codes = [] if recovery.left(user) else recovery.make(user, now=now)
    return tell(user, change, now=now), codes


def removed(user: User, change: Change, *, now: datetime) -> Email | None:
    """After one was removed: with the last one the recovery codes go."""
    if not has_any(user):
        recovery.remove(user)
    return tell(user, change, now=now)


def remove_all(user: User) -> bool:
    """Remove all that a host has besides the password; return whether there was anything."""
    there = has_any(user)
    for kind in (Authenticator, Passkey):
        db.session.execute(sa.delete(kind).where(kind.user_id == user.id))
    recovery.remove(user)
    pending.end_of(user)
    return there
