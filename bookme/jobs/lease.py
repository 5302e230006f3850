"""Who is at work on a booking: a lease with a holder, taken by one UPDATE.

``due_at`` says when there is work and is set by whoever changes the booking; the lease says who
does it. They are kept apart, because a change must not end a lease.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import sqlalchemy as sa

from bookme import moments, waits
from bookme.extensions import db
from bookme.models import Booking


class LeaseLost(Exception):
    """Somebody else is at work on the booking now, or it is gone: nothing may be written."""


@dataclass(frozen=True, slots=True)
class Lease:
    """One holder's right to work on one booking.

    :ivar revision: the booking's when the lease was taken; a later one ends the round.
    """

    booking_id: int
    holder: str
    revision: int
    taken_at: datetime
    until: datetime


def take(booking_id: int, *, now: datetime) -> Lease | None:
    """Take the lease on a booking's pending work; None if nothing is due or another has it.

    One UPDATE decides, so two workers cannot both win. The row becomes due again when the lease
    ends, which is what a killed worker leaves behind; anybody who changes the booking sets an
    earlier time, by which :func:`give_back` notices.
    """
    lease = Lease(booking_id, uuid4().hex, 0, now, now + waits.BOOKING_LEASE)
    revision = db.session.scalar(
        sa.update(Booking)
        .where(
            Booking.id == booking_id,
            moments.has_come(Booking.due_at, now),
            moments.is_free(Booking, now),
        )
        .values(
            lease_until=lease.until, lease_holder=lease.holder, due_at=lease.until, queued_at=None
        )
        .returning(Booking.revision)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    if revision is None:
        return None
    return Lease(booking_id, lease.holder, revision, now, lease.until)


@contextmanager
def held(lease: Lease) -> Iterator[Booking]:
    """The booking as it is now, in one transaction that is committed at the end of the block.

    The row is locked, so that what is written counts only while the lease is still its own.

    :raises LeaseLost: if it is not.
    """
    ours = (
        sa.update(Booking)
        .where(Booking.id == lease.booking_id, Booking.lease_holder == lease.holder)
        .values(lease_holder=lease.holder)
        .returning(Booking.id)
        .execution_options(synchronize_session=False)
    )
    try:
        if db.session.scalar(ours) is None:
            raise LeaseLost(f"booking {lease.booking_id}")
        yield db.session.get_one(Booking, lease.booking_id, populate_existing=True)
        db.session.commit()
    finally:
        db.session.rollback()  # nothing to do after a commit


def give_back(lease: Lease, *, due_at: datetime | None, now: datetime) -> bool:
    """End the lease and say when there is work again; return whether there is some at once.

    What somebody has made due meanwhile stays due. However far away the next thing is, the booking
    is looked at once in a while: so a time further ahead can only come from a wrong clock.

    :raises LeaseLost: if the lease is no longer its own.
    """
    if due_at is not None:
        due_at = min(due_at, now + waits.LAST_RETRY)
    untouched = Booking.due_at == lease.until
    next_at = sa.case((untouched, sa.literal(due_at, Booking.due_at.type)), else_=Booking.due_at)
    row = db.session.execute(
        sa.update(Booking)
        .where(Booking.id == lease.booking_id, Booking.lease_holder == lease.holder)
        .values(lease_until=None, lease_holder=None, due_at=next_at)
        .returning(Booking.due_at)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    db.session.commit()
    if row is None:
        raise LeaseLost(f"booking {lease.booking_id}")
    return row.due_at is not None and row.due_at <= now
