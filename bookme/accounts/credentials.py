"""The verbs around passwords and addresses: what a host signs in with, and how it changes."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bookme.accounts import sessions
from bookme.accounts.owed import Letter, owe
from bookme.accounts.service import AddressTaken, find
from bookme.extensions import db
from bookme.models import Email, Schedule, Session, User


def owe_reset(email: str, *, now: datetime) -> Email | None:
    """Ask for a reset link to the host of this address, if there is one."""
    user = find(email)
    if user is None or user.closing_at is not None:
        return None
    return owe(user, Letter.RESET_PASSWORD, now=now)


def reset_password(user: User, password_hash: str, *, now: datetime) -> Email | None:
    """Set a new password for the holder of a reset link, and sign out every browser.

    The link came by mail, so the address is proven too. What was prepared before that may be
    somebody else's: it stays, and is not published until the host says so.
    """
    if user.email_confirmed_at is None:
        user.email_confirmed_at = now
        theirs = sa.update(Schedule).where(Schedule.host_id == user.id)
        db.session.execute(theirs.values(active=False))
    return _set_password(user, password_hash, keep=None, now=now)


def change_password(
    user: User, password_hash: str, *, keep: Session | None, now: datetime
) -> Email | None:
    """Set a new password and sign out every browser but the one in hand."""
    return _set_password(user, password_hash, keep=keep, now=now)


def owe_new_email(user: User, new_email: str, *, now: datetime) -> Email | None:
    """Ask the owner of a new address to confirm it; until then the old one stays.

    An address that is another host's gets word of that instead, and the one who asked learns
    nothing.
    """
    user.new_email = new_email
    user.epoch += 1  # a link to an address asked for before must not confirm this one
    owner = find(new_email)
    if owner is not None and owner.id != user.id and owner.is_confirmed:
        return owe(owner, Letter.ALREADY_REGISTERED, now=now)
    return owe(user, Letter.CHANGE_EMAIL, now=now)


def forget_new_email(user: User) -> None:
    """Keep the old address after all; the link to the new one is ended."""
    user.new_email = None
    user.epoch += 1


def take_new_email(user: User, *, now: datetime) -> Email | None:
    """Replace the address by the confirmed new one, and tell the old one if it was ever proven.

    An unconfirmed account on the new address gives way, as it would for a second sign-up.

    :raises AddressTaken: if the address has become another host's meanwhile, or none is waiting.
    """
    old, was_proven, new = user.email, user.is_confirmed, user.new_email
    if new is None:
        raise AddressTaken("no address is waiting")
    unproven = sa.delete(User).where(
        User.email == new, User.id != user.id, User.email_confirmed_at.is_(None)
    )
    try:
        with db.session.begin_nested():
            db.session.execute(unproven)
            user.email, user.new_email, user.email_confirmed_at = new, None, now
            user.epoch += 1
    except IntegrityError as error:
        raise AddressTaken("another host confirmed it first") from error
    return owe(user, Letter.EMAIL_CHANGED, now=now, to=old) if was_proven else None


def _set_password(
    user: User, password_hash: str, *, keep: Session | None, now: datetime
) -> Email | None:
    user.password_hash = password_hash
    user.epoch += 1
    user.new_email = None  # asked for with the old password; its link has just ended
    sessions.end_all(user, but=keep)
    return owe(user, Letter.PASSWORD_CHANGED, now=now)
