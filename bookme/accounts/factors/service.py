"""What a host has besides the password, and what changes of it are told by mail.

They flush and never commit.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from bookme.accounts import sessions
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


@dataclass(frozen=True, slots=True)
class Added:
    """What followed from adding one.

    :ivar email: to hurry after the commit.
    :ivar codes: recovery codes, if they are the first ones.
    :ivar ended: how many sessions ended with it.
    """

    email: Email | None
    codes: list[str]
    ended: int


def added(user: User, change: Change, here: Session, *, now: datetime) -> Added:
    """After one was added. The first one ends the sessions of all other browsers: whoever got in
    without it, such as with a stolen password, is out.

    :param here: the session in which it was added.
    """
    codes = [] if recovery.left(user) else recovery.make(user, now=now)
    factors = of(user)
    is_first = len(factors.passkeys) + (factors.app is not None) == 1
    ended = sessions.end_all(user, but=here) if is_first else 0
    return Added(tell(user, change, now=now), codes, ended)


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
