"""Connections that nothing uses any more; what is stored of them is deleted later."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from bookme.connections.grants import disconnecting
from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus, Problem


def set_aside(provider: str, ended: Mapping[str, datetime], *, now: datetime) -> None:
    """Stop using users' connections that were made before an instant.

    What is stored of them is deleted by the job that also revokes; nothing uses it until then.

    :param ended: what a user's connection may be found under -> that user's instant.
    """
    living = db.session.execute(
        sa.select(Connection.id, Connection.user_digest, Connection.connected_at)
        .where(
            Connection.provider == provider,
            Connection.user_digest.in_(ended),
            Connection.status != ConnectionStatus.INACTIVE,
        )
        .order_by(Connection.id)
        .with_for_update(key_share=True)
    )
    older = [one.id for one in living if one.connected_at < ended[one.user_digest]]
    if older:
        _set_aside(Connection.id.in_(older), now=now)


def set_aside_if_unchanged(connection_id: int, generation: int, *, now: datetime) -> bool:
    """Like :func:`set_aside`, for one connection, on the condition of
    :func:`~bookme.connections.grants.disconnecting.mark_dead`."""
    return _set_aside(
        Connection.id == connection_id,
        Connection.generation == generation,
        Connection.status == ConnectionStatus.ACTIVE,
        now=now,
    )


def _set_aside(*conditions: sa.ColumnElement[bool], now: datetime) -> bool:
    disconnecting.lock_in_order(
        db.session.scalars(sa.select(Connection.id).where(*conditions)).all()
    )
    found = db.session.scalars(
        sa.update(Connection)
        .where(*conditions)
        .values(
            status=ConnectionStatus.INACTIVE,
            problem=Problem.REMOVED,
            problem_at=now,
            disconnected_at=now,
        )
        .returning(Connection.id)
    ).all()
    return bool(found)
