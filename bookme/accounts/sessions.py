"""The browsers in which a host is signed in: a row each, ended by deleting it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import current_app

from bookme.accounts.factors import pending
from bookme.crypto import fingerprint, new_token
from bookme.extensions import db
from bookme.models import Session, User
from bookme.prepared import Prepared, columns_of, held


def begin(
    user: User, label: str, network: str = "", *, proven: bool = False, now: datetime
) -> tuple[Session, str]:
    """Sign a host in, in one more browser.

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
        user = held(User, row[len(_NAMES) :])
        return Signed(user, named["id"], named["last_seen_at"], row[: len(_NAMES)])
    return None


_NAMES = sa.inspect(Session).columns.keys()
_OF_TOKEN = Prepared(
    lambda: (
        sa.select(*columns_of(Session, User))
        .join_from(Session, User)
        .where(
            Session.token_hash == sa.bindparam("hash", type_=sa.String),
            Session.last_seen_at > sa.bindparam("since", type_=Session.last_seen_at.type),
            User.closing_at.is_(None),
        )
    )
)


def of_user(user: User) -> list[Session]:
    """All of a host's sessions, the latest seen first."""
    return list(
        db.session.scalars(
            sa.select(Session)
            .where(Session.user_id == user.id)
            .order_by(Session.last_seen_at.desc(), Session.id.desc())
        )
    )


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


def end_all(user: User, *, but: Session | None = None) -> None:
    """End a host's sessions, all but the one in hand if it is given, and what is on its way to
    becoming one.
    """
    pending.end_of(user)
    db.session.execute(
        sa.delete(Session).where(
            Session.user_id == user.id, Session.id != (but.id if but is not None else 0)
        )
    )
