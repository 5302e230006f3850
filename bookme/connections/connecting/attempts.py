"""Consents that hosts have started: one row each, taken once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from bookme.crypto import Unreadable, fingerprint
from bookme.extensions import db
from bookme.models import AuthorizationAttempt, Session
from bookme.providers.http import oauth
from bookme.sealed import ATTEMPT

#: How long a host may take at the provider's pages.
LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that has been taken. It replaces no other account: about that its host is asked
    afterwards (:mod:`bookme.connections.connecting.held`).
    """

    host_id: int
    session_id: int
    provider: str
    verifier: str = field(repr=False)
    may_replace: bool = False


def start(session: Session, provider: str, *, now: datetime) -> tuple[str, str]:
    """Remember that a host goes to the provider's consent page from this browser.

    Flushes and leaves the commit to the caller.

    :return: the state to send, of which only a hash is kept, and the PKCE verifier.
    """
    purge(now)
    state, verifier = oauth.new_state(), oauth.new_verifier()
    kept = fingerprint(state)
    db.session.add(
        AuthorizationAttempt(
            state_hash=kept,
            session_id=session.id,
            host_id=session.user_id,
            provider=provider,
            verifier_sealed=ATTEMPT.seal(kept, "verifier_sealed", verifier),
            expires_at=now + LIFETIME,
        )
    )
    db.session.flush()
    return state, verifier


def take(session: Session, provider: str, state: str, *, now: datetime) -> Attempt | None:
    """Take the attempt with this state, or None: there is none, it is too old, or not this
    browser's.

    One DELETE decides, so a state serves once, whatever the provider answered; one of somebody
    else's browser stays there for it. Commits, so that it stays taken whatever comes next.
    """
    kept = fingerprint(state)
    taken = db.session.execute(
        sa.delete(AuthorizationAttempt)
        .where(
            AuthorizationAttempt.state_hash == kept,
            AuthorizationAttempt.session_id == session.id,
            AuthorizationAttempt.host_id == session.user_id,
            AuthorizationAttempt.provider == provider,
            AuthorizationAttempt.expires_at > now,
            AuthorizationAttempt.holds_grant.is_(False),
        )
        .returning(
            AuthorizationAttempt.host_id,
            AuthorizationAttempt.session_id,
            AuthorizationAttempt.verifier_sealed,
        )
    ).one_or_none()
    db.session.commit()
    if taken is None:
        return None
    try:
        verifier = ATTEMPT.open(kept, "verifier_sealed", taken.verifier_sealed)
    except Unreadable:  # begun under a key that is no longer in the ring
        return None
    return Attempt(taken.host_id, taken.session_id, provider, verifier)


def is_known(state: str) -> bool:
    """Whether an attempt with this state is still there: not taken, though perhaps too old, or
    somebody else's.
    """
    kept = AuthorizationAttempt.state_hash == fingerprint(state)
    return db.session.scalar(sa.select(AuthorizationAttempt.id).where(kept)) is not None


def drop(host_id: int, provider: str) -> None:
    """Forget every attempt of a host: what was allowed before a disconnect ends with it. What holds
    a grant is not forgotten before that is revoked.
    """
    db.session.execute(
        sa.delete(AuthorizationAttempt)
        .where(AuthorizationAttempt.host_id == host_id, AuthorizationAttempt.provider == provider)
        .where(AuthorizationAttempt.holds_grant.is_(False))
    )


def purge(now: datetime) -> None:
    """Forget the attempts that nobody has come back from in time."""
    db.session.execute(
        sa.delete(AuthorizationAttempt).where(
            AuthorizationAttempt.expires_at <= now, AuthorizationAttempt.holds_grant.is_(False)
        )
    )
