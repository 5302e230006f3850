"""What the database says after a load."""

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from bookme.clock import utcnow
from bookme.models import HOLDING, Booking, Email, EmailState

#: What is due so soon counts as due.
_SOON = timedelta(seconds=1)


def double_bookings(session: Session) -> int:
    """Pairs of a host's bookings that take the same time."""
    other = aliased(Booking)
    pairs = (
        sa.select(sa.func.count())
        .select_from(Booking)
        .join(other, sa.and_(other.host_id == Booking.host_id, other.id > Booking.id))
        .where(Booking.status.in_(HOLDING), other.status.in_(HOLDING))
        .where(Booking.starts_at < other.ends_at, other.starts_at < Booking.ends_at)
    )
    return int(session.scalar(pairs) or 0)


def lost(session: Session, addresses: Sequence[str]) -> int:
    """Bookings that somebody was led to and that aren't there."""
    tokens = {one.rstrip("/").rpartition("/")[2] for one in addresses}
    there = session.scalars(sa.select(Booking.token).where(Booking.status.in_(HOLDING)))
    return len(tokens - set(there))


def undone(session: Session) -> int:
    """Bookings that are worked on or due, and messages that wait."""
    busy = sa.or_(Booking.due_at <= utcnow() + _SOON, Booking.lease_until.is_not(None))
    waiting = sa.select(sa.func.count(Email.id)).where(Email.state == EmailState.WAITING)
    return sum(
        int(session.scalar(one) or 0)
        for one in (sa.select(sa.func.count(Booking.id)).where(busy), waiting)
    )
