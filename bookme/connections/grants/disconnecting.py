"""How a connection ends: marked as dead, or made inactive with nothing left of the account.

Nothing here commits. The messages that are owed go out when the sweep finds them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bookme import outbox, wal
from bookme.connections import waiting
from bookme.connections.calendars import changes, rows
from bookme.connections.grants import seals
from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus, Problem

LOST = "connection_lost"
REPLACED = "connection_replaced"
REMOVED = "connection_removed"


def mark_dead(connection_id: int, generation: int, problem: Problem, *, now: datetime) -> bool:
    """Mark a connection as needing its host, delete its tokens, and owe the host a message.

    Only if generation and status are still those that were used: otherwise somebody else has
    renewed or ended it meanwhile, and the failure says nothing about it.

    :return: whether it was marked.
    """
    return _end_if_unchanged(
        connection_id,
        generation,
        REPLACED if problem is Problem.REPLACED else LOST,
        now,
        status=ConnectionStatus.NEEDS_RECONNECT,
        problem=problem,
        problem_at=now,
        **seals.NO_PAIR,
    )


def replace_elsewhere(
    provider: str, user_digests: Sequence[str], *, host_id: int, now: datetime
) -> list[int]:
    """Mark this user's connections at other hosts as dead, and return those hosts.

    Zoom ends a user's earlier grants when he makes another, so they are; their hosts are told.
    """
    others = db.session.execute(
        sa.select(Connection.id, Connection.generation, Connection.host_id).where(
            Connection.provider == provider,
            Connection.user_digest.in_(user_digests),
            Connection.status == ConnectionStatus.ACTIVE,
            Connection.host_id != host_id,
        )
    ).all()
    return [
        other.host_id
        for other in others
        if mark_dead(other.id, other.generation, Problem.REPLACED, now=now)
    ]


def clear(
    connection: Connection,
    problem: Problem | None,
    *,
    now: datetime,
    keep_calendars: bool = False,
) -> None:
    """Make a connection inactive and delete all that identifies or opens the account. Bookings
    that waited for it to be mended are looked at again.

    Lock it first (:func:`locked`). What an in-flight refresh gets afterwards is not stored.

    :param keep_calendars: they are going to be the next connection's, to the same account.
    """
    connection.status = ConnectionStatus.INACTIVE
    connection.problem = problem
    connection.problem_at = now if problem else None
    connection.disconnected_at = connection.disconnected_at or now
    connection.generation += 1
    for name, value in seals.NOTHING.items():
        setattr(connection, name, value)
    if not keep_calendars:
        waiting.lock(rows.bookings_with_entries(connection))
        changes.forget(connection)
    waiting.reconsider(connection.host_id, connection.provider, now=now)
    wal.owe_truncation(now=now)
    db.session.flush()


def locked(connection_id: int) -> Connection | None:
    """A connection as it is now, kept so until the transaction ends."""
    return db.session.get(
        Connection, connection_id, populate_existing=True, with_for_update={"key_share": True}
    )


def lock_in_order(ids: Sequence[int]) -> None:
    """Keep several connections as they are, locked in one order, so that of two who want the same
    ones the later waits.
    """
    wanted = sa.select(Connection.id).where(Connection.id.in_(ids)).order_by(Connection.id)
    db.session.execute(wanted.with_for_update(key_share=True)).all()


def owe_letter(kind: str, connection: Any, *, now: datetime) -> None:
    """Owe the host one message about a connection. It holds ids; the words are found when sent.

    :param connection: a connection, or a row of its id, seal id, host and provider.
    """
    facts = {"provider": connection.provider, "connection_id": connection.id}
    outbox.owe(kind, connection.host_id, key=f"{kind}.{connection.seal_id}", now=now, facts=facts)


def _end_if_unchanged(
    connection_id: int, generation: int, letter: str, now: datetime, **values: Any
) -> bool:
    ended = db.session.execute(
        sa.update(Connection)
        .where(
            Connection.id == connection_id,
            Connection.generation == generation,
            Connection.status == ConnectionStatus.ACTIVE,
        )
        .values(**values)
        .returning(Connection.id, Connection.seal_id, Connection.host_id, Connection.provider)
    ).one_or_none()
    if ended is None:
        return False
    owe_letter(letter, ended, now=now)
    wal.owe_truncation(now=now)
    db.session.flush()
    return True
