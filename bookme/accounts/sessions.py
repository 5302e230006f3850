"""The browsers in which a host is signed in: a row each, ended by deleting it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm.attributes import set_committed_value

from bookme.accounts.factors import pending
from bookme.crypto import fingerprint, new_token
from bookme.extensions import db
from bookme.models import Operator, Session, User
from bookme.prepared import Prepared, columns_of, held

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


class Signed(NamedTuple):
    """Who is signed in.

    :ivar columns: of the session's row, of which few pages need more than this.
    """

    user: User
    session_id: int
    last_seen_at: datetime
    columns: Sequence[Any]

    def session(self) -> Session:
        """The row itself."""
        return held(Session, self.columns)


def of_token(token: str, *, now: datetime) -> Signed | None:
    """Whose session a cookie's id is; None if it has ended or was not used for so long that its
    cookie would have gone too.
    """
    since = now - current_app.permanent_session_lifetime
    for row in _OF_TOKEN.rows(hash=fingerprint(token), since=since):
        named = dict(zip(_NAMES, row, strict=False))
        user = held(User, row[_OF_USER])
        # The menu asks for it on each page.
        is_operator = row[_OF_OPERATOR.start] is not None
        set_committed_value(
            user, "operator", held(Operator, row[_OF_OPERATOR]) if is_operator else None
        )
        return Signed(user, named["id"], named["last_seen_at"], row[: len(_NAMES)])
    return None


_NAMES = sa.inspect(Session).columns.keys()
_OF_USER = slice(len(_NAMES), len(_NAMES) + len(columns_of(User)))
_OF_OPERATOR = slice(_OF_USER.stop, None)
_OF_TOKEN = Prepared(
    lambda: (
        sa.select(*columns_of(Session, User, Operator))
        .join_from(Session, User)
        .outerjoin(Operator, Operator.user_id == User.id)
        .where(
            Session.token_hash == sa.bindparam("hash", type_=sa.String),
            Session.last_seen_at > sa.bindparam("since", type_=Session.last_seen_at.type),
            User.closing_at.is_(None),
        )
    )
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
