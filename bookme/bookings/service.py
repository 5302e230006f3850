"""The verbs of a booking. The only writer of bookings; it flushes and never commits.

Each verb locks the host's row first, then looks, then writes (:mod:`bookme.bookings.locking`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from bookme.availability import Refusal
from bookme.bookings import answering, before, cut_offs, guests, links, new
from bookme.bookings.answering import accept, confirm_email, decline, lapse
from bookme.bookings.erasure import erase_booker
from bookme.bookings.history import record
from bookme.bookings.locking import lock_host, locked
from bookme.bookings.messages import reminders
from bookme.bookings.messages.outbox import EVERYBODY, MessageKind, owe, owe_reader
from bookme.bookings.new import Answer, Booker, Guest, forget, new_booking, take_time
from bookme.bookings.retry import can_retry, retry
from bookme.bookings.slots import conflict, next_slot, open_slots, refusal
from bookme.crypto import fingerprint
from bookme.errors import BookingClosed, LinkSpent, SlotTaken, TooLate
from bookme.extensions import db
from bookme.models import (
    Actor,
    Attendee,
    Booking,
    BookingLink,
    BookingStatus,
    EventKind,
    Schedule,
    Visibility,
)

__all__ = [
    "Answer",
    "Booker",
    "accept",
    "Guest",
    "ask_to_move",
    "book",
    "can_retry",
    "cancel",
    "confirm_email",
    "decline",
    "erase_booker",
    "forget",
    "lapse",
    "leave",
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
    minutes: int | None = None,
    link: BookingLink | None = None,
    by: Actor = Actor.BOOKER,
    anywhere: bool = False,
) -> Booking:
    """Book one slot and make the booking due: meeting and messages follow by themselves, once it
    waits for nobody's answer.

    After an error nothing is written. Where only the database saw that somebody got in first, all
    of the transaction is rolled back.

    :param form_key: the random key of the form that was sent. The same key and e-mail again give
        the booking that was made the first time, whatever became of it.
    :param minutes: the length that was chosen; None for the one chosen at first.
    :param link: the single-use link that admits this booking; it is used up with it.
    :param by: the booker, or the host for somebody.
    :param anywhere: at any time that nothing else takes, whatever the schedule offers.
    :raises SlotTaken: if the slot is not on offer, or another booking got in first, or the booker
        has enough appointments; ``reason`` is what :func:`~bookme.bookings.slots.refusal` says.
    :raises LinkSpent: if the link admits nobody (any more), or one is needed.
    """
    lock_host(schedule.host_id)
    digest = fingerprint(f"{schedule.id}\0{form_key}\0{booker.email.lower()}")
    known = before.known(schedule.host_id, schedule.id, digest)
    if known.made is not None:
        return db.session.get_one(Booking, known.made)
    _refuse_unless_admitted(schedule, link, by, now)
    if anywhere:
        _refuse_unless_free(schedule, starts_at, now=now, minutes=minutes)
    else:
        _refuse_unless_open(schedule, starts_at, now=now, minutes=minutes, email=booker.email)
    booking = new_booking(schedule, starts_at, booker, now=now, minutes=minutes)
    booking.form_digest = digest
    event, kind = answering.begin(booking, by=by, now=now)
    with _refused_overlap():
        new.insert(booking, event, kind, calendars=known.calendars, now=now)
    new.know(booking)
    if link is not None:
        links.use_up(link, booking)
    if known.reminds and not booking.awaits_answer:  # only a confirmed booking has reminders
        reminders.plan(booking, now=now)
    return booking


def reschedule(
    booking: Booking, starts_at: datetime, *, by: Actor, words: str = "", now: datetime
) -> Booking:
    """Move a booking by the rules that hold for new ones, for booker and host alike.

    The same start again changes nothing. The booking keeps its length; buffers, hours, grid and
    limits are the schedule's of today, and one that is switched off or deleted has no times. A
    request stays one, with time to answer it counted anew.

    :param words: the host's own, for the booker.
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
    with _refused_overlap():
        booking.starts_at, booking.ends_at = starts_at, starts_at + length
        booking.asked_to_move_at, booking.ask_words = None, words
        take_time(booking)
        if booking.awaits_answer:
            booking.lapses_at = answering.answer_by(booking.schedule, starts_at, now=now)
        record(booking, EventKind.MOVED, by, now, before=before, starts_at=starts_at)
        booking.change(now)
        owe(booking, MessageKind.MOVED, now=now)
        reminders.plan(booking, now=now)
    return booking


def ask_to_move(booking: Booking, words: str, *, now: datetime) -> Booking:
    """Ask the booker to pick another time. Until then the booking stays as it is.

    :param words: the host's own, for the booker.
    :raises BookingClosed: if the booking is over or cancelled.
    """
    booking = locked(booking)
    _refuse_if_closed(booking, now)
    booking.asked_to_move_at, booking.ask_words = now, words
    record(booking, EventKind.ASKED_TO_MOVE, Actor.HOST, now)
    booking.change(now)
    if booking.booker is not None:
        owe_reader(booking, booking.booker, MessageKind.ASKED, now=now)
    db.session.flush()
    return booking


def cancel(
    booking: Booking,
    *,
    by: Actor,
    reason: str = "",
    ask: bool = False,
    tell: frozenset[str] = EVERYBODY,
    now: datetime,
) -> Booking:
    """Cancel a booking and set its time free. One that is cancelled stays as it is.

    :param ask: ask the booker to book another time.
    :param tell: who gets a message.
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
    booking.asked_to_move_at = now if ask else None
    booking.hold = None
    record(booking, EventKind.CANCELLED, by, now)
    booking.change(now)
    owe(booking, MessageKind.CANCELLED, now=now, tell=tell)
    reminders.plan(booking, now=now)
    return booking


def leave(guest: Attendee, *, now: datetime) -> None:
    """Take a guest off their booking, at any time; twice is once.

    :raises BookingClosed: if the booking is gone.
    """
    locked(guest.booking)
    if db.session.get(Attendee, guest.id, populate_existing=True) is not None:
        guests.take_off(guest, now=now)


def _refuse_unless_admitted(
    schedule: Schedule, link: BookingLink | None, by: Actor, now: datetime
) -> None:
    if link is not None:
        links.refuse_unless_open(link, now=now)
    elif schedule.visibility is Visibility.BY_LINK and by is Actor.BOOKER:
        raise LinkSpent("none")


def _refuse_unless_open(
    schedule: Schedule,
    starts_at: datetime,
    *,
    now: datetime,
    moving: Booking | None = None,
    minutes: int | None = None,
    email: str = "",
) -> None:
    reason = refusal(schedule, starts_at, now=now, moving=moving, minutes=minutes, email=email)
    if reason is not None:
        raise SlotTaken(reason)


def _refuse_unless_free(
    schedule: Schedule, starts_at: datetime, *, now: datetime, minutes: int | None
) -> None:
    reason = conflict(schedule, starts_at, now=now, minutes=minutes)
    if reason is not None:
        raise SlotTaken(reason)


def _refuse_if_closed(booking: Booking, now: datetime) -> None:
    if not booking.is_open or booking.is_over(now):
        raise BookingClosed(f"{booking.reference} is over or {booking.status}")


def _refuse_if_late(until: datetime | None, by: Actor, now: datetime) -> None:
    if by is Actor.BOOKER and cut_offs.has_passed(until, now):
        raise TooLate("the cut-off has passed")


@contextmanager
def _refused_overlap() -> Iterator[None]:
    """The database has the last word on overlaps; then nothing stays of the transaction. Behind the
    host's lock that never happens, and a savepoint would cost each booking a tenth.
    """
    try:
        yield
    except IntegrityError as error:
        if "ex_hold_overlap" not in str(error.orig):
            raise
        db.session.rollback()
        raise SlotTaken(Refusal.TAKEN) from error
