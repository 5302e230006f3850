"""Browsers in which a host has signed in before.

A long-lived cookie tells them. It lets nobody in; but whoever tries wrong passwords, or asks for
messages, from elsewhere uses up nothing that such a browser needs: its own tries are counted apart.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Response, current_app, g, request

from bookme.crypto import fingerprint, new_token
from bookme.extensions import db
from bookme.models import KnownBrowser, User

COOKIE = "bookme_known"
#: How long after its last sign-in a browser is known; browsers keep no cookie for longer.
KNOWN_FOR = timedelta(days=400)
#: Of each host, the latest.
MOST = 30


def remember(user: User, *, now: datetime) -> None:
    """Know this browser from now on. Flushes; the answer brings the cookie."""
    token = request.cookies.get(COOKIE, "")
    if not _is_ours(token):
        token = new_token()
    g.known_token = token
    row = _row(user, token)
    if row is None:
        row = KnownBrowser(user_id=user.id, token_hash=fingerprint(token), created_at=now)
        db.session.add(row)
    row.last_seen_at = now
    db.session.flush()
    _drop_oldest(user)


def here(user: User | None) -> int | None:
    """The id under which the host knows this browser; None if it isn't known."""
    token = request.cookies.get(COOKIE, "")
    row = _row(user, token) if user is not None and token else None
    return row.id if row is not None else None


def forget_others(user: User) -> None:
    """Know this browser alone: the password has changed, perhaps because somebody else had it."""
    token = request.cookies.get(COOKIE, "")
    others = sa.delete(KnownBrowser).where(
        KnownBrowser.user_id == user.id, KnownBrowser.token_hash != fingerprint(token)
    )
    db.session.execute(others)


def forget_unused(now: datetime) -> None:
    """Delete those whose cookies have gone; for the sweep."""
    gone = KnownBrowser.last_seen_at <= now - KNOWN_FOR
    db.session.execute(sa.delete(KnownBrowser).where(gone))


def send_cookie(response: Response) -> Response:
    """After a sign-in: the cookie, hidden from scripts and sent to us only."""
    token = g.pop("known_token", None)
    if token is not None:
        response.set_cookie(
            COOKIE,
            token,
            max_age=KNOWN_FOR,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response


def _is_ours(token: str) -> bool:
    """Whether we have given it out, so that nobody can plant one of their making."""
    if not token or len(token) > 100:
        return False
    known = sa.select(KnownBrowser.id).where(KnownBrowser.token_hash == fingerprint(token))
    return db.session.scalar(known.limit(1)) is not None


def _row(user: User, token: str) -> KnownBrowser | None:
    return db.session.scalar(
        sa.select(KnownBrowser).where(
            KnownBrowser.user_id == user.id, KnownBrowser.token_hash == fingerprint(token)
        )
    )


def _drop_oldest(user: User) -> None:
    mine = sa.select(KnownBrowser.id).where(KnownBrowser.user_id == user.id)
    old = mine.order_by(KnownBrowser.last_seen_at.desc(), KnownBrowser.id.desc()).offset(MOST)
    ids = db.session.scalars(old).all()
    if ids:
        db.session.execute(sa.delete(KnownBrowser).where(KnownBrowser.id.in_(ids)))
