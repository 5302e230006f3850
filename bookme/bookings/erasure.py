"""Erasing what a host's bookings know of a person."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from bookme import wal
from bookme.bookings.answering import release
from bookme.bookings.history import record
from bookme.bookings.locking import lock_host
from bookme.errors import StillToCome
from bookme.extensions import db
from bookme.guard import blocks
from bookme.models import Actor, Attendee, Booking, BookingStatus, EventKind, User


def erase_booker(host: User, email: str, *, now: datetime) -> int:
    """Erase a person from all bookings of a host; return from how many.

    What is held until the person confirms the address goes altogether, uncounted: the host never
    knew of it. The bookings stay, without the person: their rows, those of the guests they brought,
    the messages to them (unsent ones too), the reason they gave for cancelling, and what was sent
    to video provider and calendar go. From a booking of somebody else, whose guest they are, they
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
    for gone in {one for person in people for one in _with_guests(person)}:
        db.session.delete(gone)  # the database deletes the messages to that person with it
    for booking in bookings:
        _forget(booking, now)
        if booking in to_come:
            booking.change(now)  # the host's calendar must not name them any longer
    blocks.forget(host, email.strip().lower(), now=now)
    wal.owe_truncation(now=now)
    db.session.flush()
    for booking in bookings:
        db.session.expire(booking)
    return len(bookings)


def _with_guests(person: Attendee) -> list[Attendee]:
    return [person] if person.is_guest else [person, *person.booking.guests]


def _forget(booking: Booking, now: datetime) -> None:
    if booking.cancelled_by is Actor.BOOKER:
        booking.cancel_reason = ""
    if booking.meeting is not None:
        booking.meeting.sent = sa.null()
    if booking.entry is not None:
        booking.entry.sent = sa.null()
    record(booking, EventKind.ERASED, Actor.HOST, now)
