"""Erasing what bookings know of a person: all of a host's, for the host, or one, for its booker."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from bookme import waits, wal
from bookme.bookings import people as noted
from bookme.bookings.answering import release
from bookme.bookings.history import record
from bookme.bookings.locking import lock_host, locked
from bookme.bookings.sent import forget_words
from bookme.errors import StillToCome
from bookme.extensions import db
from bookme.guard import blocks
from bookme.models import (
    Actor,
    Attendee,
    Booking,
    BookingStatus,
    Email,
    EmailState,
    EventKind,
    Origin,
    User,
)


def erase_booker(host: User, email: str, *, now: datetime) -> int:
    """Erase a person from all bookings of a host; return from how many.

    What is held until the person confirms the address goes altogether, uncounted: the host never
    knew of it. The bookings stay, without the person: their rows, those of the guests they brought,
    the messages to them (unsent ones too), the reason they gave for cancelling, the network they
    came from, and the words that video provider and calendar were sent go; there too, with the next
    sync. From a booking of somebody else, whose guest they are, they
    alone go, also if it is to come. Once it is committed, :func:`~bookme.wal.truncate` empties
    SQLite's log.

    :raises StillToCome: if one that they made is. It must be cancelled first, so that the
        person is told: to somebody erased nothing can be sent.
    """
    lock_host(host.id)
    people = db.session.scalars(
        sa.select(Attendee)
        .join(Attendee.booking)
        .where(Booking.host_id == host.id, Attendee.email == email.strip().lower())
        .options(
            joinedload(Attendee.booking).options(
                joinedload(Booking.meeting), joinedload(Booking.entry)
            )
        )
    ).all()
    held = {one.booking for one in people if one.booking.status is BookingStatus.HELD}
    people = [person for person in people if person.booking not in held]
    bookings = {person.booking for person in people}
    to_come = {one for one in bookings if one.holds_time and not one.is_over(now)}
    if any(person.booking in to_come for person in people if not person.is_guest):
        raise StillToCome("this person has bookings to come")
    for booking in held:
        release(booking)
    for booking in bookings:
        _erase(booking, [one for one in people if one.booking is booking], Actor.HOST, now)
    blocks.forget(host, email.strip().lower(), now=now)
    for booking in bookings:
        noted.keep_missed(booking)
        db.session.expire(booking)
    return len(bookings)


def erase_own(booking: Booking, *, now: datetime) -> bool:
    """Erase a booker, who asks for it themselves, and their guests from one booking, once everybody
    has been told of what happened to it; return whether that is done. Twice is once.

    For the service, which has cancelled a booking to come.
    """
    booking = locked(booking)
    if booking.booker is None:
        return True
    if booking.erase_by is None:
        booking.erase_by = now + waits.ERASURE_PATIENCE
        booking.change(now)  # a job erases what can't be erased yet
    return complete(booking, now=now)


def complete(booking: Booking, *, now: datetime) -> bool:
    """Erase a booker who has asked for it, unless somebody is still to be told who is named in that
    message; return whether nothing waits any more. The caller has locked the host.
    """
    if booking.erase_by is None or booking.booker is None:
        return True
    latest = min(booking.erase_by, now + waits.ERASURE_PATIENCE)  # a clock may have been wrong
    if now < latest and _is_owed(booking):
        return False
    _erase(booking, [booking.booker], Actor.BOOKER, now)
    noted.keep_missed(booking)
    db.session.expire(booking)
    return True


def _is_owed(booking: Booking) -> bool:
    """Whether somebody waits for a message, or only the name may settle an unknown outcome."""
    if booking.meeting is not None and booking.meeting.attempted_at is not None:
        return True
    waiting = (Email.booking_id == booking.id, Email.state == EmailState.WAITING)
    return bool(db.session.scalar(sa.select(sa.exists().where(*waiting))))


def _erase(booking: Booking, people: list[Attendee], by: Actor, now: datetime) -> None:
    """The people's rows, with whom they brought; the database deletes the messages to them too."""
    for gone in {one for person in people for one in _with_guests(person)}:
        db.session.delete(gone)
    if booking.cancelled_by is Actor.BOOKER:
        booking.cancel_reason = ""
    if any(not person.is_guest for person in people):
        db.session.execute(sa.delete(Origin).where(Origin.booking_id == booking.id))
        booking.erase_by = None
    forget_words(booking)
    booking.change(now)  # neither the host's calendar nor the meeting must name them any longer
    record(booking, EventKind.ERASED, by, now)
    wal.owe_truncation(now=now)


def _with_guests(person: Attendee) -> list[Attendee]:
    return [person] if person.is_guest else [person, *person.booking.guests]
