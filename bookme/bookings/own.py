"""What bookers do with the data that is kept of them in one booking: correct it, have it erased.

Each verb locks the host first. Nothing brings back who was erased.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from bookme import wal
from bookme.bookings import erasure, people
from bookme.bookings.history import record
from bookme.bookings.locking import locked
from bookme.bookings.messages.outbox import MessageKind, owe_reader
from bookme.bookings.messages.own_letters import owe_old_address, owe_removed
from bookme.bookings.new import Answer, Guest, guest_row
from bookme.bookings.sent import forget_words
from bookme.bookings.service import cancel
from bookme.errors import BookingClosed
from bookme.extensions import db
from bookme.models import Actor, Attendee, Booking, BookingStatus, Email, EventKind


@dataclass(frozen=True, slots=True)
class Correction:
    """What a booker had entered, as it should be."""

    name: str
    phone: str
    notes: str
    answers: tuple[Answer, ...]
    guests: tuple[Guest, ...]


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction has changed.

    :ivar told: the addresses to which it causes a message, the host's aside.
    :ivar new: those among them that the booking didn't have before.
    :ivar letters: to hurry after the commit; all else is the booking's sync's.
    """

    told: tuple[str, ...]
    new: tuple[str, ...] = ()
    letters: tuple[Email, ...] = ()


def can_correct(booking: Booking) -> bool:
    """Whether there is somebody whose data can be corrected: not erased, nor about to be."""
    return booking.booker is not None and booking.erase_by is None


def correct(booking: Booking, to: Correction, *, now: datetime) -> Corrected | None:
    """Correct what a booker had entered; return what is new, if anything is. Meeting and calendar
    entry follow. While the appointment is to come, host and booker are told, new guests invited,
    and those who are guests no more told so.

    :raises BookingClosed: if the person is erased, or is to be; also if guests are to come to an
        appointment that isn't.
    """
    booking, booker = _correctable(booking)
    answers = [asdict(one) for one in to.answers]
    said = (booker.name, booker.phone, booker.notes, booker.answers, _named(booking.guests))
    if said == (to.name, to.phone, to.notes, answers, _named(to.guests)):
        return None
    booker.name, booker.phone, booker.notes, booker.answers = (
        *(to.name, to.phone, to.notes),
        answers,
    )
    removed, letters = _remove_guests(booking, to.guests, now)
    added = _add_guests(booking, booker, to.guests, now)
    _changed(booking, now)
    for guest in added if not booking.awaits_answer else ():
        owe_reader(booking, guest, MessageKind.BOOKED, now=now)
    db.session.flush()
    new = tuple(guest.email for guest in added)
    mine = (booker.email,) if is_to_come(booking, now) else ()
    return Corrected((*mine, *new, *removed), new, letters)


def ask_for_email(booking: Booking, email: str) -> Attendee:
    """Keep an address that the booker wants to have instead, until it is confirmed from there.

    :raises BookingClosed: as for :func:`correct`.
    """
    _booking, booker = _correctable(booking)
    booker.new_email = email
    db.session.flush()
    return booker


def confirm_email(booking: Booking, email: str, *, now: datetime) -> Corrected | None:
    """Take the new address; return what is new, if anything is. What is sent from now on goes
    there, and the old address is told so: whoever has the booking's link can ask for this.

    :raises BookingClosed: as for :func:`correct`, or if another address is wanted by now.
    """
    booking, booker = _correctable(booking)
    if booker.email == email:
        return None
    if booker.new_email != email:
        raise BookingClosed(f"{booking.reference} has another new address by now")
    if email in _named(booking.guests):
        raise BookingClosed(f"{booking.reference} has a guest of this address by now")
    old, booker.email, booker.new_email = booker.email, email, ""
    letter = owe_old_address(booking, old, booker.locale, now=now)
    _changed(booking, now)
    return Corrected((old, email), (email,), (letter,))


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


def _named(guests: Iterable[Guest | Attendee]) -> dict[str, str]:
    return {guest.email: guest.name for guest in guests}


def _remove_guests(
    booking: Booking, kept: Iterable[Guest], now: datetime
) -> tuple[list[str], tuple[Email, ...]]:
    """Take off whom the booker doesn't name any more; who had been told of the booking and would
    come is told of that.
    """
    wanted = _named(kept)
    gone = [guest for guest in booking.guests if guest.email not in wanted]
    told = [guest for guest in gone if is_to_come(booking, now) and _was_told(guest)]
    letters, emails = tuple(owe_removed(guest, now=now) for guest in told), [g.email for g in told]
    for guest in gone:
        db.session.delete(guest)  # the database deletes the messages to that person with it
    if gone:
        forget_words(booking)
        wal.owe_truncation(now=now)
        people.keep_missed(booking)
        db.session.expire(booking)
    return emails, letters


def _add_guests(
    booking: Booking, booker: Attendee, wanted: Iterable[Guest], now: datetime
) -> list[Attendee]:
    """Bring whom the booker names anew, and call the others as they are called now."""
    there = {guest.email: guest for guest in booking.guests}
    added = []
    for guest in wanted:
        if guest.email in there:
            there[guest.email].name = guest.name
        elif is_to_come(booking, now):
            added.append(guest_row(guest, booker))
        else:
            raise BookingClosed(f"{booking.reference} is not to come")
    booking.attendees.extend(added)
    db.session.flush()
    return added


def _was_told(guest: Attendee) -> bool:
    sent = [one for one in guest.booking.emails if one.attendee_id == guest.id]
    return any(one.sent_at is not None or one.maybe_sent for one in sent)


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
