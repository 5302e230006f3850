"""The lease on a booking, for one round of its sync."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bookme import moments, waits
from bookme.extensions import db
from bookme.jobs import claim
from bookme.jobs.claim import Claim
from bookme.models import Booking


@dataclass(frozen=True, slots=True)
class Lease:
    """One holder's right to work on one booking.

    :ivar revision: the booking's when the lease was taken; a later one ends the round.
    """

    claim: Claim[Booking]
    revision: int

    @property
    def taken_at(self) -> datetime:
        return self.claim.taken_at


def take(booking_id: int, *, now: datetime) -> Lease | None:
    """Take the lease on a booking's pending work; None if nothing is due or another has it.

    Commits. The row becomes due again when the lease ends, which is what a killed worker leaves
    behind; anybody who changes the booking sets an earlier time, by which :func:`give_back`
    notices.
    """
    taken = claim.take(
        Booking,
        booking_id,
        moments.has_come(Booking.due_at, now),
        now=now,
        lasts=waits.BOOKING_LEASE,
        due_at=now + waits.BOOKING_LEASE,
    )
    revision = db.session.scalar(sa.select(Booking.revision).where(Booking.id == booking_id))
    db.session.commit()
    return Lease(taken, revision or 0) if taken is not None else None


def held(lease: Lease) -> AbstractContextManager[Booking]:
    """The booking as it is now, as :func:`bookme.jobs.claim.held` gives it."""
    return claim.held(lease.claim)


def give_back(lease: Lease, *, due_at: datetime | None, now: datetime) -> bool:
    """End the lease and say when there is work again; return whether there is some at once.

    What somebody has made due meanwhile stays due. However far away the next thing is, the booking
    is looked at once in a while: so a time further ahead can only come from a wrong clock.

    :raises LeaseLost: if the lease is no longer its own.
    """
    if due_at is not None:
        due_at = min(due_at, now + waits.LAST_RETRY)
    with held(lease) as booking:
        if booking.due_at == lease.claim.until:
            booking.due_at = due_at
        booking.end_lease()
        return booking.due_at is not None and booking.due_at <= now
