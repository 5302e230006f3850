"""How many rows of each kind have something to do now."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bookme import moments
from bookme.extensions import db
from bookme.models import (
    Booking,
    Calendar,
    Connection,
    ConnectionStatus,
    Deauthorization,
    Email,
    EmailState,
    User,
)

#: So many are counted of each kind: beyond that, more of them say nothing new.
MOST = 10_000


def rows(now: datetime) -> dict[str, int]:
    """By kind, at most :data:`MOST` of each. One query over indexes."""
    parts = [_count(kind, found) for kind, found in _due(now).items()]
    found = db.session.execute(sa.union_all(*parts))
    return dict(found.all())


def _due(now: datetime) -> dict[str, sa.Select[Any]]:
    one = sa.select(sa.literal(1))
    active = Connection.status != ConnectionStatus.INACTIVE
    return {
        "bookings": one.where(moments.has_come(Booking.due_at, now)),
        # A booking's messages are sent by its sync, whose row is due then.
        "messages": one.where(
            Email.state == EmailState.WAITING,
            Email.booking_id.is_(None),
            moments.has_come(Email.next_attempt_at, now),
        ),
        "readings": one.join_from(Calendar, Connection, Connection.id == Calendar.connection_id)
        .where(Calendar.is_checked, active)
        .where(moments.has_come(Calendar.read_after, now)),
        "removals": one.where(
            Deauthorization.finished_at.is_(None),
            moments.has_come(Deauthorization.next_attempt_at, now),
        ),
        "closings": one.where(User.closing_at.is_not(None)),
    }


def _count(kind: str, found: sa.Select[Any]) -> Any:
    some = found.limit(MOST).subquery()
    return sa.select(sa.literal(kind), sa.func.count()).select_from(some)
