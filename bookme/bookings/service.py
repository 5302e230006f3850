"""The verbs of a booking. The only writer of bookings; it flushes and never commits.

Each verb locks the host's row first, then looks, then writes. Without the lock two overlapping
inserts can each wait on the other's constraint check, and PostgreSQL ends that as a deadlock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bookme.availability import Refusal
from bookme.bookings import guests
from bookme.bookings.erasure import erase_booker
from bookme.bookings.history import record
from bookme.bookings.messages.outbox import MessageKind, owe
from bookme.bookings.new import Answer, Booker, Guest, new_booking, take_time
from bookme.bookings.retry import can_retry, retry
from bookme.bookings.slots import next_slot, open_slots, refusal
from bookme.crypto import fingerprint
from bookme.errors import BookingClosed, SlotTaken
from bookme.extensions import db
from bookme.models import Actor, Attendee, Booking, BookingStatus, EventKind, Schedule, User

__all__ = [
    "Answer",
    "Booker",
    "Guest",
    "book",
    "can_retry",
    "cancel",
    "erase_booker",
    "leave",
    "next_slot",
    "open_slots",
    "refusal",
    "reschedule",
    "retry",
]


def book(
    schedule: Schedule, starts_at: datetime, booker: Booker, *, form_key: str, now: datetime
) -> Booking:
    """Book one slot and make the booking due: meeting and messages follow by themselves.

    After an error the transaction is still usable.

    :param form_key: the random key of the form that was sent. The same key and e-mail again give
        the booking that was made the first time, whatever became of it.
    :raises SlotTaken: if the slot is not on offer, or another booking got in first; ``reason`` is
        a :class:`~bookme.availability.Refusal` or ``closed``.
    """
    _lock(schedule.host_id)
    digest = fingerprint(f"{schedule.id}\0{form_key}\0{booker.email.lower()}")
    made = db.session.scalar(sa.select(Booking).where(Booking.form_digest == digest))
    if made is not None:
        return made
    _refuse_unless_open(schedule, starts_at, now=now)
    booking = new_booking(schedule, starts_at, booker, now=now)
    booking.form_digest = digest
    with _savepoint():
        db.session.add(booking)
        record(booking, EventKind.BOOKED, Actor.BOOKER, now, starts_at=starts_at)
        booking.change(now)
        owe(booking, MessageKind.BOOKED, now=now)
    return booking


def reschedule(booking: Booking, starts_at: datetime, *, by: Actor, now: datetime) -> Booking:
    """Move a booking by the rules that hold for new ones, for booker and host alike.

    The same start again changes nothing. The booking keeps its length; buffers, hours, grid and
    limits are the schedule's of today, and one that is switched off or deleted has no times.

    :raises SlotTaken: if the slot is not on offer, as for :func:`book`.
    :raises BookingClosed: if the booking is over or cancelled.
    """
    _lock(booking.host_id)
    db.session.refresh(booking)
    _refuse_if_closed(booking, now)
    if starts_at == booking.starts_at:
        return booking
    _refuse_unless_open(booking.schedule, starts_at, now=now, moving=booking)
    before, length = booking.starts_at, booking.ends_at - booking.starts_at
    with _savepoint():
        booking.starts_at, booking.ends_at = starts_at, starts_at + length
        take_time(booking)
        record(booking, EventKind.MOVED, by, now, before=before, starts_at=starts_at)
        booking.change(now)
        owe(booking, MessageKind.MOVED, now=now)
    return booking


def cancel(booking: Booking, *, by: Actor, reason: str = "", now: datetime) -> Booking:
    """Cancel a booking and set its time free. One that is cancelled stays as it is.

    :raises BookingClosed: if the booking is over or declined.
    """
    _lock(booking.host_id)
    db.session.refresh(booking)
    if booking.status is BookingStatus.CANCELLED:
        return booking
    _refuse_if_closed(booking, now)
    booking.status = BookingStatus.CANCELLED
    booking.cancelled_by, booking.cancelled_at, booking.cancel_reason = by, now, reason
    booking.hold = None
    record(booking, EventKind.CANCELLED, by, now)
    booking.change(now)
    owe(booking, MessageKind.CANCELLED, now=now)
    db.session.flush()
    return booking


def leave(guest: Attendee, *, now: datetime) -> None:
    """Take a guest off their booking, at any time; twice is once."""
    _lock(guest.booking.host_id)
    if db.session.get(Attendee, guest.id, populate_existing=True) is not None:
        guests.take_off(guest, now=now)


def _lock(host_id: int) -> None:
    # FOR NO KEY UPDATE: other rows may name the host meanwhile. SQLite has locked already.
    host = sa.select(User.id).where(User.id == host_id)
    db.session.execute(host.with_for_update(key_share=True))


def _refuse_unless_open(
    schedule: Schedule, starts_at: datetime, *, now: datetime, moving: Booking | None = None
) -> None:
    reason = refusal(schedule, starts_at, now=now, moving=moving)
    if reason is not None:
        raise SlotTaken(reason)


def _refuse_if_closed(booking: Booking, now: datetime) -> None:
    if not booking.holds_time or booking.is_over(now):
        raise BookingClosed(f"{booking.reference} is over or {booking.status}")


@contextmanager
def _savepoint() -> Iterator[None]:
    """Write all of it or nothing. The database has the last word on overlaps."""
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError as error:
        if "ex_hold_overlap" not in str(error.orig):
            raise
        raise SlotTaken(Refusal.TAKEN) from error
