"""Storing a connection, in the place of what it replaces.

A connection is one grant. Connecting again makes a new row, also for the same account, so that
whatever is still under way for the old one (a refresh, a job, a late word of its removal) finds
that inactive and touches nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from bookme.connections import (
    alarms,
    endings,
    providers,
    revocation,
    seals,
    tokens,
    traces,
    usage,
)
from bookme.connections.attempts import Attempt
from bookme.connections.revocation import Pair
from bookme.errors import BookMeError
from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus, User
from bookme.oauth import Grant
from bookme.video.base import Account


class OtherAccount(BookMeError):
    """Another account is connected, and the host has not agreed that it is replaced."""


@dataclass(frozen=True, slots=True)
class Connected:
    """A new connection.

    :ivar due: bookings that waited for it, those that begin first.
    """

    connection_id: int
    due: list[int]


def link(attempt: Attempt, grant: Grant, account: Account, *, now: datetime) -> Connected:
    """Store a grant as the host's connection, and make due what waited for it. Commits.

    What it replaces is cleared, and revoked if it was another account's. The same account at other
    hosts is marked as dead, since Zoom ends a user's earlier grants, and those hosts are told.

    :raises OtherAccount: if the host is connected to another account, or is gone; the grant is not
        stored, and the caller's to revoke.
    """
    digests = seals.user_digests(attempt.provider, account.user_id)
    host, old = _locked(attempt, digests[0])
    endings.replace_elsewhere(attempt.provider, digests, host_id=attempt.host_id, now=now)
    same = old is not None and not set(digests).isdisjoint(seals.same_user(old))
    if host is None or (old and not same and not attempt.may_replace):
        db.session.commit()
        raise OtherAccount(attempt.provider)
    blocked_until = old.blocked_until if old and same else None
    leftover = _cleared(old, keep_grant=same, now=now) if old else None
    connection = _new(attempt, grant, account, now=now)
    connection.blocked_until = blocked_until
    db.session.add(connection)
    db.session.flush()
    alarms.silence(alarms.client_refused(attempt.provider))
    due = usage.make_due(attempt.host_id, attempt.provider, now=now)
    connected = Connected(connection.id, due)
    db.session.commit()
    if leftover is not None:
        revocation.end(leftover, now=now)
    traces.truncate()
    return connected


def _locked(attempt: Attempt, user_digest: str) -> tuple[User | None, Connection | None]:
    """The host and his connection, kept as they are until the transaction ends.

    The account is locked first: of two hosts who connect it at once, one is the later.
    """
    if db.engine.dialect.name == "postgresql":
        number = int(user_digest[:15], 16)
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
    host = db.session.get(
        User, attempt.host_id, populate_existing=True, with_for_update={"key_share": True}
    )
    connection_id = db.session.scalar(
        sa.select(Connection.id).where(
            Connection.host_id == attempt.host_id,
            Connection.provider == attempt.provider,
            Connection.status != ConnectionStatus.INACTIVE,
        )
    )
    return host, endings.locked(connection_id) if connection_id else None


def _new(attempt: Attempt, grant: Grant, account: Account, *, now: datetime) -> Connection:
    seal_id = uuid4().hex
    return Connection(
        host_id=attempt.host_id,
        provider=attempt.provider,
        status=ConnectionStatus.ACTIVE,
        seal_id=seal_id,
        scopes=" ".join(sorted(grant.scopes or providers.scopes(attempt.provider))),
        generation=1,
        connected_at=now,
        refreshed_at=now,
        checked_at=now,
        **seals.pair(seal_id, grant, now=now),
        **seals.account(seal_id, attempt.provider, account),
    )


def _cleared(old: Connection, *, keep_grant: bool, now: datetime) -> Pair | None:
    """Clear the connection that is replaced; return its pair if it is to be revoked."""
    leftover = None
    if old.is_active and not keep_grant:
        shared = revocation.is_shared(old, since=old.connected_at, but=old.id)
        leftover = None if shared else tokens.pair_of(old)
    endings.clear(old, None, now=now)
    return leftover
