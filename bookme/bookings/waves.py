"""Undoing a wave of bookings that strangers have made: they are found together, and cancelled
together, with or without a message to those who are named in them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from bookme.bookings import service
from bookme.bookings.messages.outbox import EVERYBODY, NOBODY
from bookme.errors import BookingClosed
from bookme.extensions import db
from bookme.guard import blocks
from bookme.models import (
    Actor,
    Attendee,
    Block,
    BlockKind,
    Booking,
    BookingStatus,
    Origin,
    Role,
    User,
)

#: So many are shown and cancelled in one step.
MOST = 200


def find(
    host: User,
    *,
    since: datetime,
    sender: tuple[BlockKind, str] | None = None,
    like: Booking | None = None,
    now: datetime,
) -> list[Booking]:
    """Bookings that strangers have made since then and that are still to come, the latest first.

    :param sender: only those of this address, domain or network.
    :param like: only those from the network that this one came from.
    """
    query = (
        sa.select(Booking)
        .join(Origin, Origin.booking_id == Booking.id)
        .where(
            Booking.host_id == host.id,
            Booking.created_at >= since,
            Booking.ends_at > now,
            Booking.status.in_((BookingStatus.PENDING, BookingStatus.CONFIRMED)),
        )
        .options(selectinload(Booking.attendees), joinedload(Booking.meeting))
        .order_by(Booking.created_at.desc(), Booking.id.desc())
        .limit(MOST)
    )
    if like is not None:
        mine = sa.select(Origin.network_digest).where(Origin.booking_id == like.id)
        query = query.where(Origin.network_digest.in_(mine))
    if sender is not None:
        query = query.where(_is_from(*sender))
    return list(db.session.scalars(query))


def has_origin(booking: Booking) -> bool:
    """Whether it is known from which network a booking came."""
    return db.session.get(Origin, booking.id) is not None


def block_of(host: User, block_id: int) -> Block | None:
    """One of a host's blocks."""
    mine = sa.select(Block).where(Block.id == block_id, Block.host_id == host.id)
    return db.session.scalar(mine)


def undo(host: User, references: Sequence[str], *, tell: bool, now: datetime) -> list[int]:
    """Cancel the host's bookings of these references; return the ids of those that were cancelled.
    What is over or cancelled already stays as it is.

    :param tell: whether bookers and guests get a message; the host, who does this, gets none.
    """
    mine = sa.select(Booking).where(
        Booking.host_id == host.id, Booking.reference.in_(references[:MOST])
    )
    bookings = db.session.scalars(mine.order_by(Booking.id)).all()
    return [one.id for one in bookings if _is_undone(one, tell, now)]


def _is_undone(booking: Booking, tell: bool, now: datetime) -> bool:
    if not booking.is_open:
        return False
    told = EVERYBODY - {"host"} if tell else NOBODY
    try:
        service.cancel(booking, by=Actor.HOST, tell=told, now=now)
    except BookingClosed:
        return False
    return True


def _is_from(kind: BlockKind, value: str) -> sa.ColumnElement[bool]:
    if kind is BlockKind.NETWORK:
        return Origin.network_digest.in_(blocks.all_digests(kind, value))
    return Booking.attendees.any(sa.and_(Attendee.role == Role.BOOKER, _has(kind, value)))


def _has(kind: BlockKind, value: str) -> sa.ColumnElement[bool]:
    if kind is BlockKind.ADDRESS:
        return Attendee.email == value
    return sa.or_(*_endings(f"@{value}", f".{value}"))


def _endings(*ends: str) -> Iterable[sa.ColumnElement[bool]]:
    return (Attendee.email.endswith(end, autoescape=True) for end in ends)
