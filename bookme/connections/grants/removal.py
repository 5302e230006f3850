"""What a removal at the provider's side does to the connections of its user."""

from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa

from bookme import wal
from bookme.connections.grants import disconnecting, revocation, setting_aside, tokens
from bookme.connections.grants.budget import Budget
from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus, Problem
from bookme.sealed import user_digests


def doubtful(provider: str, user_id: str) -> list[int]:
    """The user's active connections: too young to be ended unasked."""
    return _found(provider, user_id, Connection.status == ConnectionStatus.ACTIVE)


def set_aside_one(
    connection_id: int, generation: int, _problem: Problem, /, *, now: datetime
) -> bool:
    """Stop using a connection whose grant turned out to be dead, to be ended as the others.

    Only if generation and status are still those that were used; see
    :func:`~bookme.connections.grants.disconnecting.mark_dead`.
    """
    return setting_aside.set_aside_if_unchanged(connection_id, generation, now=now)


def end_all(provider: str, user_id: str, *, clock: Callable[[], datetime]) -> None:
    """End all of the user's connections that are not active: revoke, delete, owe the host a
    message, in this order. Commits.
    """
    for connection_id in _found(provider, user_id, Connection.status != ConnectionStatus.ACTIVE):
        _end(connection_id, clock)
    wal.truncate()


def _end(connection_id: int, clock: Callable[[], datetime]) -> None:
    connection = db.session.get(Connection, connection_id, populate_existing=True)
    if connection is None:
        return
    pair = tokens.pair_of(connection)
    shared = revocation.is_shared(connection, since=connection.connected_at, but=connection.id)
    db.session.commit()
    if pair is not None and not shared:
        budget = Budget(revocation.PATIENCE)
        revocation.revoke(pair.provider, pair.access_token, budget=budget)
    ended = disconnecting.locked(connection_id)
    if ended is not None and ended.user_digest is not None and not ended.is_active:
        now = clock()
        disconnecting.owe_letter(disconnecting.REMOVED, ended, now=now)
        disconnecting.clear(ended, Problem.REMOVED, now=now)
    db.session.commit()


def _found(provider: str, user_id: str, condition: sa.ColumnElement[bool]) -> list[int]:
    digests = user_digests(provider, user_id)
    found = db.session.scalars(
        sa.select(Connection.id).where(
            Connection.provider == provider, Connection.user_digest.in_(digests), condition
        )
    ).all()
    db.session.commit()
    return list(found)
