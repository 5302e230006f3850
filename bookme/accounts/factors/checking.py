"""Codes that somebody types as a second factor, and how often they may be wrong.

Wrong ones are counted in the database, since this must not fail open. Strangers who know the
password share one count; each browser that is known to be the host's has its own, so that they
can't keep the host out. Recovery codes are too long to be guessed, and always serve.
"""

from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa

from bookme.accounts.factors import authenticators, recovery, totp
from bookme.errors import BookMeError
from bookme.extensions import db
from bookme.models import User, WrongCode

#: How often codes may be wrong, in all that time.
MOST = ((timedelta(hours=1), 5), (timedelta(days=1), 20))
REMEMBERED = max(length for length, _ in MOST)


class Shown(StrEnum):
    """What somebody has shown."""

    APP = "app"
    RECOVERY = "recovery"
    PASSKEY = "passkey"


class WrongCodeTyped(BookMeError):
    """The code is wrong, too old, or has been used."""


class TooManyWrong(BookMeError):
    """Codes were wrong so often that none of the app is taken for a while."""


def take(user: User, typed: str, *, source: str, now: datetime) -> Shown:
    """Use a code up, of the app or for recovery.

    :param user: locked, so that guesses come one after the other.
    :param source: the known browser that it comes from, or nothing.
    :raises WrongCodeTyped: and the caller commits, since the wrong one was counted.
    :raises TooManyWrong: if it looked like one of the app, which wasn't looked at.
    """
    code = "".join(typed.split())
    if len(code) != totp.DIGITS or not (code.isascii() and code.isdigit()):
        if recovery.take(user, typed, now=now):
            return Shown.RECOVERY
        raise WrongCodeTyped("no such recovery code")
    if _had_enough(user, source, now):
        raise TooManyWrong(f"{user.id}")
    app = authenticators.of(user)
    if app is not None and authenticators.take(app, code, now=now):
        return Shown.APP
    count_wrong(user, source=source, now=now)
    raise WrongCodeTyped("not a code of now")


def count_wrong(user: User, *, source: str, now: datetime) -> None:
    """Remember that a code was wrong."""
    db.session.add(WrongCode(user_id=user.id, source=source, created_at=now))
    db.session.flush()


def _had_enough(user: User, source: str, now: datetime) -> bool:
    mine = (WrongCode.user_id == user.id, WrongCode.source == source)
    for length, most in MOST:
        counted = sa.select(sa.func.count()).where(*mine, WrongCode.created_at > now - length)
        if (db.session.scalar(counted) or 0) >= most:
            return True
    return False
