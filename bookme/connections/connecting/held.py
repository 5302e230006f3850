"""A grant of another account than the one that is connected, until its host has said which stays.

It is kept sealed, in a row of the browser that it came back to, and nothing uses it meanwhile. One
DELETE takes it, so one answer counts. Whatever doesn't become a connection is revoked: at once if
the host says no, signs out or disconnects, else by a job: once :data:`LIFETIME` is over, or this
browser was signed out from elsewhere, as by a link that sets a new password.

What is done here with a provider commits by itself: the host waits, and no transaction may span a
call.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bookme import wal
from bookme.connections.connecting.attempts import Attempt
from bookme.connections.grants import revocation
from bookme.connections.grants.identity import Identity
from bookme.connections.grants.revocation import Pair
from bookme.crypto import Unreadable, fingerprint, new_token
from bookme.extensions import db
from bookme.models import AuthorizationAttempt, Session
from bookme.providers.http.grant import Grant
from bookme.sealed import ATTEMPT, user_digests

#: How long a host may think about it.
LIFETIME = timedelta(minutes=10)
#: What it takes to open one.
_SEALED = (
    AuthorizationAttempt.host_id,
    AuthorizationAttempt.provider,
    AuthorizationAttempt.state_hash,
    AuthorizationAttempt.verifier_sealed,
)


@dataclass(frozen=True, slots=True)
class Held:
    """A grant that waits for its host's answer, or has got it.

    :ivar account: whose it is.
    :ivar expires_at: until when its access token is good.
    """

    host_id: int
    provider: str
    account: Identity
    pair: Pair
    scopes: frozenset[str]
    granted_at: datetime
    may_replace: bool = field(default=True, init=False)

    def grant(self, now: datetime) -> Grant:
        """The grant, as if it had come just now."""
        left = max(1, int((self.pair.expires_at - now).total_seconds()))
        return Grant(self.pair.access_token, self.pair.refresh_token, left, self.scopes)


def keep(attempt: Attempt, grant: Grant, account: Identity, *, now: datetime) -> bool:
    """Hold a grant, in place of one that is held already; return whether there still is the browser
    that it is for. Commits.
    """
    earlier = _taken(_of(attempt.host_id), AuthorizationAttempt.provider == attempt.provider)
    is_there = db.session.get(Session, attempt.session_id) is not None
    if is_there:
        kept = fingerprint(new_token())
        db.session.add(
            AuthorizationAttempt(
                state_hash=kept,
                session_id=attempt.session_id,
                host_id=attempt.host_id,
                provider=attempt.provider,
                verifier_sealed=ATTEMPT.seal(kept, "verifier_sealed", _text(grant, account, now)),
                holds_grant=True,
                expires_at=now + LIFETIME,
            )
        )
    db.session.commit()
    _revoke((one for one in earlier if one.account.user_id != account.user_id), now=now)
    return is_there


def find(session: Session, provider: str, *, now: datetime) -> Held | None:
    """What this browser's host is to be asked about."""
    found = db.session.scalar(
        sa.select(AuthorizationAttempt).where(*_answerable(session, provider, now))
    )
    return _opened(found) if found is not None else None


def take(session: Session, provider: str, *, now: datetime) -> Held | None:
    """Take it, with the host's answer. Commits, so that no second answer finds it."""
    taken = _taken(*_answerable(session, provider, now))
    db.session.commit()
    return taken[0] if taken else None


def revoke(held: Held, *, now: datetime) -> None:
    """End a grant that was taken and isn't wanted, as far as no connection lives by it. Commits."""
    _revoke([held], now=now)


def let_go(host_id: int, provider: str | None = None, *, now: datetime) -> None:
    """Revoke whatever is held for a host: nothing outlives a disconnect, or the browser's session.
    Commits.
    """
    of_provider = AuthorizationAttempt.provider == provider if provider else sa.true()
    taken = _taken(_of(host_id), of_provider)
    db.session.commit()
    _revoke(taken, now=now)


def expire(row_id: int, *, now: datetime) -> None:
    """Revoke a grant about which its host has said nothing in time, or no longer can. Commits.

    No answer can take it any more, so it is deleted last: who is killed before that is followed by
    somebody who finds it.
    """
    over = AuthorizationAttempt.id == row_id, AuthorizationAttempt.holds_grant, _is_over(now)
    row = db.session.execute(sa.select(*_SEALED).where(*over)).first()
    db.session.commit()
    found = _opened(row) if row is not None else None
    _revoke([found] if found is not None else [], now=now)
    db.session.execute(sa.delete(AuthorizationAttempt).where(*over))
    wal.owe_truncation(now=now)
    db.session.commit()
    wal.truncate()


def expired(now: datetime, limit: int) -> list[int]:
    """Rows about which nothing was said in time, or can be said any more."""
    over = sa.select(AuthorizationAttempt.id).where(AuthorizationAttempt.holds_grant, _is_over(now))
    return list(db.session.scalars(over.order_by(AuthorizationAttempt.id).limit(limit)))


def _is_over(now: datetime) -> sa.ColumnElement[bool]:
    """Whether its time is over, or its browser is signed out."""
    return sa.or_(AuthorizationAttempt.expires_at <= now, AuthorizationAttempt.session_id.is_(None))


def _of(host_id: int) -> sa.ColumnElement[bool]:
    return AuthorizationAttempt.host_id == host_id


def _answerable(
    session: Session, provider: str, now: datetime
) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        _of(session.user_id),
        AuthorizationAttempt.session_id == session.id,
        AuthorizationAttempt.provider == provider,
        AuthorizationAttempt.expires_at > now,
        AuthorizationAttempt.holds_grant.is_(True),
    )


def _taken(*conditions: sa.ColumnElement[bool]) -> list[Held]:
    rows = db.session.execute(
        sa.delete(AuthorizationAttempt)
        .where(AuthorizationAttempt.holds_grant, *conditions)
        .returning(*_SEALED)
    ).all()
    return [one for row in rows if (one := _opened(row)) is not None]


def _text(grant: Grant, account: Identity, now: datetime) -> str:
    return json.dumps(
        {
            "tokens": [grant.access_token, grant.refresh_token],
            "scopes": sorted(grant.scopes),
            "granted_at": now.timestamp(),
            "expires_in": grant.expires_in,
            "account": [account.user_id, account.account_id, account.label, account.plan],
        }
    )


def _opened(row: Any) -> Held | None:
    try:
        said = json.loads(ATTEMPT.open(row.state_hash, "verifier_sealed", row.verifier_sealed))
    except (Unreadable, ValueError):  # its key is gone
        return None
    granted_at = datetime.fromtimestamp(said["granted_at"], UTC)
    expires_at = granted_at + timedelta(seconds=said["expires_in"])
    access_token, refresh_token = said["tokens"]
    pair = Pair(row.provider, access_token, refresh_token, expires_at)
    account = Identity(*said["account"])
    return Held(row.host_id, row.provider, account, pair, frozenset(said["scopes"]), granted_at)


def _revoke(grants: Iterable[Held], *, now: datetime) -> None:
    for one in grants:
        digests = user_digests(one.provider, one.account.user_id)
        shared = revocation.used_by_another(one.provider, digests, since=one.granted_at)
        wal.owe_truncation(now=now)
        db.session.commit()
        if not shared:
            revocation.end(one.pair, now=now)
        wal.truncate()
