"""The verbs of a booking. The only writer of bookings; it flushes and never commits.

Each verb locks the host's row first, then looks, then writes (:mod:`bookme.bookings.locking`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bookme.availability import Refusal
from bookme.bookings import answering, cut_offs, links
from bookme.bookings.answering import accept, confirm_email, decline, lapse
from bookme.bookings.erasure import erase_booker
from bookme.bookings.history import record
from bookme.bookings.locking import lock_host, locked
from bookme.bookings.messages.outbox import MessageKind, owe
from bookme.bookings.new import Booker, new_booking, take_time
from bookme.bookings.retry import can_retry, retry
from bookme.bookings.slots import next_slot, open_slots, refusal
from bookme.crypto import fingerprint
from bookme.errors import BookingClosed, LinkSpent, SlotTaken, TooLate
from bookme.extensions import db
from bookme.models import (
    Actor,
    Booking,
    BookingLink,
    BookingStatus,
    EventKind,
    Schedule,
    Visibility,
)

__all__ = [
    "Booker",
    "accept",
    "book",
    "can_retry",
    "cancel",
    "confirm_email",
    "decline",
    "erase_booker",
    "lapse",
    "next_slot",
    "open_slots",
    "refusal",
    "reschedule",
    "retry",
]


def book(
    schedule: Schedule,
    starts_at: datetime,
    booker: Booker,
    *,
    form_key: str,
    now: datetime,
    link: BookingLink | None = None,
    by: Actor = Actor.BOOKER,
) -> Booking:
    """Book one slot and make the booking due: meeting and messages follow by themselves, once it
    waits for nobody's answer.

    After an error the transaction is still usable.

    :param form_key: the random key of the form that was sent. The same key and e-mail again give
        the booking that was made the first time, whatever became of it.
    :param link: the single-use link that admits this booking; it is used up with it.
    :raises SlotTaken: if the slot is not on offer, or another booking got in first; ``reason`` is
        a :class:`~bookme.availability.Refusal` or ``closed``.
    :raises LinkSpent: if the link admits nobody (any more), or one is needed.
    """
    lock_host(schedule.host_id)
    digest = fingerprint(f"{schedule.id}\0{form_key}\0{booker.email.lower()}")
    made = db.session.scalar(sa.select(Booking).where(Booking.form_digest == digest))
    if made is not None:
        return made
    _refuse_unless_admitted(schedule, link, by, now)
    _refuse_unless_open(schedule, starts_at, now=now)
    booking = new_booking(schedule, starts_at, booker, now=now)
    booking.form_digest = digest
    with _savepoint():
        db.session.add(booking)
        if link is not None:
            links.use_up(link, booking)
        answering.begin(booking, by=by, now=now)
    return booking


def reschedule(booking: Booking, starts_at: datetime, *, by: Actor, now: datetime) -> Booking:
    """Move a booking by the rules that hold for new ones, for booker and host alike.

    The same start again changes nothing. The booking keeps its length; buffers, hours, grid and
    limits are the schedule's of today, and one that is switched off or deleted has no times. A
    request stays one, with time to answer it counted anew.

    :raises SlotTaken: if the slot is not on offer, as for :func:`book`.
    :raises BookingClosed: if the booking is over or ended; :class:`~bookme.errors.TooLate` if the
        booker's time to reschedule is over.
    """
    booking = locked(booking)
    _refuse_if_closed(booking, now)
    _refuse_if_late(cut_offs.reschedule_until(booking), by, now)
    if starts_at == booking.starts_at:
        return booking
    _refuse_unless_open(booking.schedule, starts_at, now=now, moving=booking)
    before, length = booking.starts_at, booking.ends_at - booking.starts_at
    with _savepoint():
        booking.starts_at, booking.ends_at = starts_at, starts_at + length
        take_time(booking)
        if booking.awaits_answer:
            booking.lapses_at = answering.answer_by(booking.schedule, starts_at, now=now)
        record(booking, EventKind.MOVED, by, now, before=before, starts_at=starts_at)
        booking.change(now)
        owe(booking, MessageKind.MOVED, now=now)
    return booking


def cancel(booking: Booking, *, by: Actor, reason: str = "", now: datetime) -> Booking:
    """Cancel a booking and set its time free. One that is cancelled stays as it is.

    :raises BookingClosed: if the booking is over, declined or lapsed;
        :class:`~bookme.errors.TooLate` if the booker's time to cancel is over.
    """
    booking = locked(booking)
    if booking.status is BookingStatus.CANCELLED:
        return booking
    _refuse_if_closed(booking, now)
    _refuse_if_late(cut_offs.cancel_until(booking), by, now)
    booking.status, booking.lapses_at = BookingStatus.CANCELLED, None
    booking.cancelled_by, booking.cancelled_at, booking.cancel_reason = by, now, reason
    booking.hold = None
    record(booking, EventKind.CANCELLED, by, now)
    booking.change(now)
    owe(booking, MessageKind.CANCELLED, now=now)
    db.session.flush()
    return booking


def _refuse_unless_admitted(
    schedule: Schedule, link: BookingLink | None, by: Actor, now: datetime
) -> None:
    if link is not None:
        links.refuse_unless_open(link, now=now)
    elif schedule.visibility is Visibility.BY_LINK and by is Actor.BOOKER:
        raise LinkSpent("none")


def _refuse_unless_open(
    schedule: Schedule, starts_at: datetime, *, now: datetime, moving: Booking | None = None
) -> None:
    reason = refusal(schedule, starts_at, now=now, moving=moving)
    if reason is not None:
        raise SlotTaken(reason)


def _refuse_if_closed(booking: Booking, now: datetime) -> None:
    if not booking.is_open or booking.is_over(now):
        raise BookingClosed(f"{booking.reference} is over or {booking.status}")


def _refuse_if_late(until: datetime | None, by: Actor, now: datetime) -> None:
    if by is Actor.BOOKER and cut_offs.has_passed(until, now):
        raise TooLate("the cut-off has passed")


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
