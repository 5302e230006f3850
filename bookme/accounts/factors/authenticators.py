"""The authenticator app of a host: set up by a first right code, each code taken once."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from bookme.accounts.factors import totp
from bookme.crypto import new_token
from bookme.extensions import db
from bookme.models import Authenticator, Session, User
from bookme.sealed import AUTHENTICATOR

#: Setting one up takes no longer.
PATIENCE = timedelta(minutes=30)


def of(user: User) -> Authenticator | None:
    """The app in use."""
    return db.session.scalar(
        sa.select(Authenticator).where(
            Authenticator.user_id == user.id, Authenticator.confirmed_at.is_not(None)
        )
    )


def begin(session: Session, *, now: datetime) -> Authenticator:
    """Begin to set one up in this browser; what was begun before is given up."""
    db.session.execute(
        sa.delete(Authenticator).where(
            Authenticator.user_id == session.user_id, Authenticator.confirmed_at.is_(None)
        )
    )
    seal_id = new_token()
    row = Authenticator(
        user_id=session.user_id,
        session_id=session.id,
        seal_id=seal_id,
        secret_sealed=AUTHENTICATOR.seal(seal_id, "secret_sealed", totp.new_secret()),
        last_step=0,
        created_at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def being_set_up(session: Session, *, now: datetime) -> Authenticator | None:
    """The app that is being set up in this browser."""
    return db.session.scalar(
        sa.select(Authenticator).where(
            Authenticator.user_id == session.user_id,
            Authenticator.session_id == session.id,
            Authenticator.confirmed_at.is_(None),
            Authenticator.created_at > now - PATIENCE,
        )
    )


def secret(row: Authenticator) -> str:
    """What the app knows, too, in base32.

    :raises bookme.crypto.Unreadable: if no key opens it.
    """
    return AUTHENTICATOR.open(row.seal_id, "secret_sealed", row.secret_sealed)


def take(row: Authenticator, code: str, *, now: datetime) -> bool:
    """Take a code: whether it is right, and newer than any that was taken before."""
    step = totp.matching_step(secret(row), code, now=now)
    if step is None:
        return False
    taken = sa.update(Authenticator).where(
        Authenticator.id == row.id, Authenticator.last_step < step
    )
    newer = taken.values(last_step=step, last_used_at=now).returning(Authenticator.id)
    return db.session.scalar(newer) is not None


def put_in_use(row: Authenticator, *, now: datetime) -> None:
    """Use the app from now on, instead of the one before if there is one."""
    remove(row.user_id)
    row.session_id, row.confirmed_at = None, now
    db.session.flush()


def remove(user_id: int) -> bool:
    """Remove the app in use; return whether there was one."""
    gone = sa.delete(Authenticator).where(
        Authenticator.user_id == user_id, Authenticator.confirmed_at.is_not(None)
    )
    return db.session.scalar(gone.returning(Authenticator.id)) is not None
