"""People who have gone to a provider: one row each, taken once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from bookme.crypto import Unreadable, fingerprint
from bookme.extensions import db
from bookme.models import Purpose, Session, SignInAttempt
from bookme.providers.http import oauth
from bookme.sealed import SIGN_IN

#: How long somebody may take at the provider's pages.
LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Begun:
    """What goes along to the provider; of the state only a hash is kept here."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that has been taken."""

    provider: str
    purpose: Purpose
    session_id: int | None
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    next_path: str | None
    zone: str
    begun_at: datetime


def start(
    provider: str,
    purpose: Purpose,
    *,
    browser: str,
    session: Session | None = None,
    next_path: str | None = None,
    zone: str = "UTC",
    now: datetime,
) -> Begun:
    """Remember that somebody goes to a provider from this browser.

    :param browser: the random id in its cookie.
    :param session: that they go from, unless it is to sign in.
    """
    begun = Begun(oauth.new_state(), oauth.new_state(), oauth.new_verifier())
    kept = fingerprint(begun.state)
    row = SignInAttempt(
        state_hash=kept,
        browser_hash=fingerprint(browser),
        provider=provider,
        purpose=purpose,
        session_id=session.id if session is not None else None,
        secrets_sealed=SIGN_IN.seal(kept, "secrets_sealed", f"{begun.nonce} {begun.verifier}"),
        next_path=next_path,
        zone=zone,
        begun_at=now,
        expires_at=now + LIFETIME,
    )
    db.session.add(row)
    db.session.flush()
    return begun


def take(
    provider: str, state: str, *, browser: str, session: Session | None, now: datetime
) -> Attempt | None:
    """Take the attempt with this state, or None: there is none, it is too old, or not this
    browser's.

    One DELETE decides, so a state serves once, whatever the provider answered; one of somebody
    else's browser stays there for it. Commits, so that it stays taken whatever comes next.

    :param session: the browser's; one that was begun from a session must come back to it.
    """
    kept, row = fingerprint(state), SignInAttempt
    taken = db.session.scalar(
        sa.delete(row)
        .where(
            row.state_hash == kept,
            row.browser_hash == fingerprint(browser),
            row.provider == provider,
            row.expires_at > now,
            sa.or_(row.session_id.is_(None), row.session_id == (session.id if session else None)),
        )
        .returning(row)
    )
    found = _opened(taken) if taken is not None else None
    db.session.commit()
    return found


def _opened(row: SignInAttempt) -> Attempt | None:
    db.session.expunge(row)
    try:
        secrets = SIGN_IN.open(row.state_hash, "secrets_sealed", row.secrets_sealed)
    except Unreadable:  # begun under a key that is no longer in the ring
        return None
    nonce, verifier = secrets.split(" ")
    return Attempt(
        provider=row.provider,
        purpose=row.purpose,
        session_id=row.session_id,
        nonce=nonce,
        verifier=verifier,
        next_path=row.next_path,
        zone=row.zone,
        begun_at=row.begun_at,
    )
