"""The browsers in which a host is signed in: a row each, ended by deleting it."""

from datetime import datetime

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import contains_eager

from bookme.accounts.factors import pending
from bookme.crypto import fingerprint, new_token
from bookme.extensions import db
from bookme.models import Session, User

#: In so many browsers a host is signed in at once; one more ends the session that was used least
#: recently.
MOST = 30


def begin(
    user: User, label: str, network: str = "", *, proven: bool = False, now: datetime
) -> tuple[Session, str]:
    """Sign a host in, in one more browser; of more than :data:`MOST` the oldest are signed out.

    :param network: as :func:`bookme.accounts.factors.networks.kept` gives it.
    :param proven: whether the host has just shown who they are.

    :return: the row, and the random id for the browser's cookie, which is kept nowhere else.
    """
    token = new_token()
    row = Session(
        user=user,
        token_hash=fingerprint(token),
        label=label[:80],
        network=network,
        created_at=now,
        last_seen_at=now,
        proven_at=now if proven else None,
    )
    db.session.add(row)
    db.session.flush()
    _end_oldest(user)
    return row, token


def of_token(token: str, *, now: datetime) -> Session | None:
    """The session whose id a cookie carries, with its host; None if it has ended or was not used
    for so long that its cookie would have gone too.
    """
    since = now - current_app.permanent_session_lifetime
    return db.session.scalar(_OF_TOKEN, {"hash": fingerprint(token), "since": since})


_OF_TOKEN = (
    sa.select(Session)
    .join(Session.user)
    .where(
        Session.token_hash == sa.bindparam("hash", type_=sa.String),
        Session.last_seen_at > sa.bindparam("since", type_=Session.last_seen_at.type),
        User.closing_at.is_(None),
    )
    .options(contains_eager(Session.user).joinedload(User.operator))
)


def of_user(user: User) -> list[Session]:
    """A host's sessions, the latest seen first, at most :data:`MOST`."""
    mine = sa.select(Session).where(Session.user_id == user.id)
    return list(db.session.scalars(mine.order_by(*_LATEST_FIRST).limit(MOST)))


def end(user: User, session_id: int) -> bool:
    """End one of a host's sessions; return whether there was one."""
    ended = db.session.scalar(
        sa.delete(Session)
        .where(Session.id == session_id, Session.user_id == user.id)
        .returning(Session.id)
    )
    return ended is not None


def end_token(token: str) -> None:
    """End the session whose id a cookie carries, if there is one."""
    db.session.execute(sa.delete(Session).where(Session.token_hash == fingerprint(token)))


def end_all(user: User, *, but: Session | None = None) -> int:
    """End a host's sessions, all but the one in hand if it is given, and what is on its way to
    becoming one; return how many there were.
    """
    pending.end_of(user)
    others = Session.user_id == user.id, Session.id != (but.id if but is not None else 0)
    return len(db.session.scalars(sa.delete(Session).where(*others).returning(Session.id)).all())


_LATEST_FIRST = (Session.last_seen_at.desc(), Session.id.desc())


def _end_oldest(user: User) -> None:
    mine = sa.select(Session.id).where(Session.user_id == user.id).order_by(*_LATEST_FIRST)
    oldest = db.session.scalars(mine.offset(MOST)).all()
    if oldest:
        db.session.execute(sa.delete(Session).where(Session.id.in_(oldest)))
