"""The lease on a booking, for one round of its sync."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from bookme import moments, waits
from bookme.extensions import db
from bookme.jobs import claim
from bookme.jobs.claim import Claim
from bookme.models import Booking, User

#: In one statement, which is built once.
_WITH_ALL = (
    sa.select(Booking)
    .where(Booking.id == sa.bindparam("booking_id"))
    .options(
        joinedload(Booking.host).joinedload(User.picture),
        joinedload(Booking.schedule),
        joinedload(Booking.meeting),
        joinedload(Booking.entry),
        joinedload(Booking.attendees),
    )
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Lease:
    """One holder's right to work on one booking.

    :ivar revision: the booking's when the lease was taken; a later one ends the round.
    :ivar lapses_at: when it was to lapse then, if it was.
    :ivar erase_by: when its booker was to be erased at the latest, if they were.
    """

    claim: Claim[Booking]
    revision: int
    lapses_at: datetime | None = None
    erase_by: datetime | None = None

    @property
    def taken_at(self) -> datetime:
        return self.claim.taken_at


def take(booking_id: int, *, now: datetime, goes_on: bool = False) -> Lease | None:
    """Take the lease on a booking's pending work; None if nothing is due or another has it.

    Commits, unless the first block under the lease is to go on in the same transaction. The row
    becomes due again when the lease ends, which is what a killed worker leaves behind; anybody who
    changes the booking sets an earlier time, by which :func:`give_back` notices.
    """
    taken = claim.take(
        Booking,
        booking_id,
        moments.has_come(Booking.due_at, now),
        now=now,
        lasts=waits.BOOKING_LEASE,
        due_at=now + waits.BOOKING_LEASE,
    )
    if taken is None:
        db.session.rollback()
        return None
    with claim.held(taken, goes_on=goes_on) as booking:
        return Lease(taken, booking.revision, booking.lapses_at, booking.erase_by)


def held(lease: Lease) -> AbstractContextManager[Booking]:
    """The booking as it is now, as :func:`bookme.jobs.claim.held` gives it."""
    return claim.held(lease.claim)


@contextmanager
def looked_at(lease: Lease) -> Iterator[Booking]:
    """The same for whoever decides what is next: with its people, its host and what the outside has
    of it, and in a transaction that is left open.
    """
    is_new = not claim.is_open(lease.claim)
    with claim.held(lease.claim, goes_on=True) as booking:
        if is_new or "attendees" not in vars(booking):
            db.session.execute(_WITH_ALL, {"booking_id": booking.id}).unique().all()
        yield booking


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
