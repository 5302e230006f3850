"""The lease on a booking, for one round of its sync."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, with_expression

from bookme import moments, waits
from bookme.bookings import entries
from bookme.extensions import db
from bookme.jobs import claim
from bookme.jobs.claim import Claim
from bookme.models import Booking, BookingEvent, EventKind, User
from bookme.prepared import among

_MADE = (EventKind.MEETING_CREATED, EventKind.MEETING_ADOPTED, EventKind.MEETING_RECREATED)
_HAD_MEETING = sa.exists().where(
    BookingEvent.booking_id == Booking.id, among(BookingEvent.kind, _MADE)
)
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
        with_expression(Booking.had_meeting, _HAD_MEETING),
        with_expression(Booking.calendars, entries.providers_of(Booking.host_id)),
    )
    .execution_options(populate_existing=True)
)

#: By so much machines that keep their clocks right may differ.
_A_LITTLE = timedelta(seconds=2)


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


def seconds_ahead(booking_id: int, *, now: datetime) -> float:
    """How long until a booking is due whose time was set by a clock that is a little ahead of this
    one, as that of the machine that gave the hint may be; 0 for all others. The next round would
    find it much later.
    """
    due_at = db.session.scalar(
        sa.select(Booking.due_at).where(
            Booking.id == booking_id,
            Booking.due_at > now,
            Booking.due_at <= now + _A_LITTLE,
            moments.is_free(Booking, now),
        )
    )
    db.session.rollback()
    return (due_at - now).total_seconds() if due_at is not None else 0.0


def answered(lease: Lease) -> AbstractContextManager[Booking]:
    """The booking as it is now, to write down what a call was answered. It is committed before the
    next call, together with the attempt at that, or as the lease is given back.
    """
    return _with_all(lease, is_answer=True)


def looked_at(lease: Lease) -> AbstractContextManager[Booking]:
    """The same for whoever decides what is next, in a transaction that is left open."""
    return _with_all(lease)


@contextmanager
def _with_all(lease: Lease, *, is_answer: bool = False) -> Iterator[Booking]:
    """With its people, its host and what the outside has of it."""
    is_new = not claim.is_open(lease.claim)
    with claim.held(lease.claim, goes_on=True, is_answer=is_answer) as booking:
        if is_new or vars(booking).get("had_meeting") is None:  # told by this query alone
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
    with claim.held(lease.claim) as booking:
        if booking.due_at == lease.claim.until:
            booking.due_at = due_at
        booking.end_lease()
        return booking.due_at is not None and booking.due_at <= now
