"""The browsers in which a host has signed in: another one is told of by mail.

To be known lets nobody in. But what strangers try elsewhere, wrong passwords and codes or too many
messages, uses up nothing of what such a browser has: its own tries are counted apart.

One cookie names them for all accounts of a browser: a random id for each, so that none of them can
be given to a browser by somebody else and then count as the host's.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from bookme.crypto import fingerprint, new_token
from bookme.extensions import db
from bookme.models import KnownBrowser, Session, User

#: A browser is forgotten after so long without a sign-in. No browser keeps a cookie for longer.
KEPT_FOR = timedelta(days=400)
#: Accounts that one browser remembers.
MOST = 5
#: Browsers that are known of one account: the latest.
MOST_OF_ONE = 30
_BETWEEN = "."


def find(user: User, cookie: str) -> KnownBrowser | None:
    """The host's row of the browser with this cookie."""
    hashes = _hashes(cookie)
    if not hashes:
        return None
    wanted = sa.select(KnownBrowser).where(
        KnownBrowser.user_id == user.id, KnownBrowser.token_hash.in_(hashes)
    )
    return db.session.scalar(wanted.order_by(KnownBrowser.id).limit(1))


def is_first(user: User) -> bool:
    """Whether nobody has ever signed in to the account, as far as is known."""
    seen = (sa.exists().where(kind.user_id == user.id) for kind in (KnownBrowser, Session))
    return not db.session.scalar(sa.select(sa.or_(*seen)))


def note(user: User, cookie: str, label: str, *, now: datetime) -> str:
    """Remember that the host has signed in in this browser.

    :return: its cookie from now on.
    """
    row = find(user, cookie)
    if row is not None:
        row.last_seen_at, row.label = now, label
        return cookie
    token = new_token()
    db.session.add(
        KnownBrowser(
            user_id=user.id,
            token_hash=fingerprint(token),
            label=label,
            created_at=now,
            last_seen_at=now,
        )
    )
    db.session.flush()
    _forget_oldest(user)
    return _BETWEEN.join([token, *_tokens(cookie)][:MOST])


def forget_others(user: User, cookie: str) -> None:
    """Let each browser of a host be a new one, but the one with this cookie.

    If that is none of them, one row stays that belongs to no browser: what signs in next is not
    the account's first.
    """
    row = find(user, cookie) or db.session.scalar(_latest_first(user).limit(1))
    if row is None:
        return
    if row.token_hash not in _hashes(cookie):
        row.token_hash = fingerprint(new_token())
    others = KnownBrowser.user_id == user.id, KnownBrowser.id != row.id
    db.session.execute(sa.delete(KnownBrowser).where(*others))
    db.session.flush()


def forget_all(user: User) -> None:
    """Let each browser of a host be a new one."""
    db.session.execute(sa.delete(KnownBrowser).where(KnownBrowser.user_id == user.id))


def _forget_oldest(user: User) -> None:
    for row in db.session.scalars(_latest_first(user).offset(MOST_OF_ONE)).all():
        db.session.delete(row)
    db.session.flush()


def _latest_first(user: User) -> sa.Select[KnownBrowser]:
    mine = sa.select(KnownBrowser).where(KnownBrowser.user_id == user.id)
    return mine.order_by(KnownBrowser.last_seen_at.desc(), KnownBrowser.id.desc())


def _hashes(cookie: str) -> list[str]:
    return [fingerprint(token) for token in _tokens(cookie)]


def _tokens(cookie: str) -> list[str]:
    return [token for token in cookie.split(_BETWEEN)[:MOST] if token]
