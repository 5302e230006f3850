"""Links between a provider and an account that wait until its host confirms them from inside.

The browser's cookie holds a random id, the row its hash, so nobody can have another's browser
confirm what they have begun.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from bookme.accounts.oidc.id_token import Claims
from bookme.crypto import fingerprint, new_token
from bookme.extensions import db
from bookme.models import PendingLink, User

LIFETIME = timedelta(minutes=30)


def begin(user: User, claims: Claims, provider: str, *, now: datetime) -> str:
    """Keep what a provider said, until it's confirmed.

    :return: the random id for the browser's cookie, which is kept nowhere else.
    """
    token = new_token()
    row = PendingLink(
        token_hash=fingerprint(token),
        user_id=user.id,
        epoch=user.epoch,
        provider=provider,
        issuer=claims.issuer,
        subject=claims.subject,
        expires_at=now + LIFETIME,
    )
    db.session.add(row)
    db.session.flush()
    return token


def find(token: object, *, now: datetime) -> PendingLink | None:
    """The link that a cookie names, if it can still be confirmed."""
    if not isinstance(token, str):
        return None
    found = (
        sa.select(PendingLink)
        .join(PendingLink.user)
        .where(
            PendingLink.token_hash == fingerprint(token),
            PendingLink.expires_at > now,
            PendingLink.epoch == User.epoch,
            User.closing_at.is_(None),
        )
    )
    return db.session.scalar(found)


def take(user: User, token: object, *, now: datetime) -> PendingLink | None:
    """The same of this host, for the last time: whoever finds it has it alone."""
    found = find(token, now=now)
    if found is None or found.user_id != user.id or found.epoch != user.epoch:
        return None
    gone = sa.delete(PendingLink).where(PendingLink.id == found.id).returning(PendingLink.id)
    db.session.expunge(found)
    return found if db.session.scalar(gone) is not None else None
