"""What bookers do with the data that is kept of them in one booking: correct it, have it erased.

Each verb locks the host first. Nothing brings back who was erased.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from bookme.bookings import erasure
from bookme.bookings.history import record
from bookme.bookings.locking import locked
from bookme.bookings.messages.outbox import MessageKind, owe_reader
from bookme.bookings.new import Answer
from bookme.bookings.sent import forget_words
from bookme.bookings.service import cancel
from bookme.errors import BookingClosed
from bookme.extensions import db
from bookme.models import Actor, Attendee, Booking, BookingStatus, EventKind


@dataclass(frozen=True, slots=True)
class Correction:
    """What a booker had entered, as it should be."""

    name: str
    phone: str
    notes: str
    answers: tuple[Answer, ...]


def can_correct(booking: Booking) -> bool:
    """Whether there is somebody whose data can be corrected: not erased, nor about to be."""
    return booking.booker is not None and booking.erase_by is None


def correct(booking: Booking, to: Correction, *, now: datetime) -> bool:
    """Correct what a booker had entered; return whether anything is new. Meeting and calendar entry
    follow, and while the appointment is to come, host and booker are told.

    :raises BookingClosed: if the person is erased, or is to be.
    """
    booking, booker = _correctable(booking)
    answers = [asdict(one) for one in to.answers]
    said = (booker.name, booker.phone, booker.notes, booker.answers)
    if said == (to.name, to.phone, to.notes, answers):
        return False
    booker.name, booker.phone, booker.notes, booker.answers = (
        *(to.name, to.phone, to.notes),
        answers,
    )
    _changed(booking, now)
    return True


def ask_for_email(booking: Booking, email: str) -> Attendee:
    """Keep an address that the booker wants to have instead, until it is confirmed from there.

    :raises BookingClosed: as for :func:`correct`.
    """
    _booking, booker = _correctable(booking)
    booker.new_email = email
    db.session.flush()
    return booker


def confirm_email(booking: Booking, email: str, *, now: datetime) -> bool:
    """Take the new address; return whether it is new. What is sent from now on goes there.

    :raises BookingClosed: as for :func:`correct`, or if another address is wanted by now.
    """
    booking, booker = _correctable(booking)
    if booker.email == email:
        return False
    if booker.new_email != email:
        raise BookingClosed(f"{booking.reference} has another new address by now")
    booker.email, booker.new_email = email, ""
    _changed(booking, now)
    return True


def erase(booking: Booking, *, now: datetime) -> bool:
    """Erase a booker at their own wish, and cancel the booking first if it is to come; return
    whether that is done, or follows once everybody has been told.

    :raises TooLate: if the booker's time to cancel is over.
    """
    booking = locked(booking)
    if booking.booker is not None and booking.is_open and not booking.is_over(now):
        booking = cancel(booking, by=Actor.BOOKER, now=now)
    return erasure.erase_own(booking, now=now)


def is_to_come(booking: Booking, now: datetime) -> bool:
    """Whether it has to be cancelled before its booker can be erased."""
    return booking.is_open and not booking.is_over(now)


def _correctable(booking: Booking) -> tuple[Booking, Attendee]:
    booking = locked(booking)
    booker = booking.booker
    if booker is None or not can_correct(booking) or booking.status is BookingStatus.HELD:
        raise BookingClosed(f"{booking.reference} has no booker whose data can be corrected")
    db.session.refresh(booker)  # somebody may have corrected it until the host was locked
    return booking, booker


def _changed(booking: Booking, now: datetime) -> None:
    booking.corrected_at = now
    record(booking, EventKind.CORRECTED, Actor.BOOKER, now)
    booking.change(now)
    if is_to_come(booking, now):
        for reader in (booking.booker, booking.host):
            assert reader is not None  # or there was nothing to correct
            owe_reader(booking, reader, MessageKind.CORRECTED, now=now)
    else:
        forget_words(booking)
    db.session.flush()
