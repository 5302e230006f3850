"""What a host knows of the people of a booking. It stands with the person, and goes with them."""

from datetime import datetime

import sqlalchemy as sa

from bookme.bookings.history import record
from bookme.bookings.messages import reminders
from bookme.errors import BookingClosed
from bookme.extensions import db
from bookme.models import Actor, Attendee, Booking, EventKind


def find(booking: Booking, person_id: int) -> Attendee | None:
    """One of a booking's people."""
    return next((person for person in booking.attendees if person.id == person_id), None)


def note_no_show(person: Attendee, *, came: bool, now: datetime) -> None:
    """Note that somebody did not come to an appointment, or that they did after all. Who did not
    gets no message that follows it.

    :raises BookingClosed: unless the appointment has begun, and was not cancelled.
    """
    booking = person.booking
    reminders.lock(booking)
    if not booking.is_confirmed or booking.starts_at > now:
        raise BookingClosed(f"{booking.reference} is {booking.status} or still to come")
    if came is (person.no_show_at is None):
        return
    person.no_show_at = None if came else now
    keep_missed(booking)
    record(booking, EventKind.NO_SHOW_UNDONE if came else EventKind.NO_SHOW, Actor.HOST, now)
    reminders.plan(booking, now=now)


def keep_missed(booking: Booking) -> None:
    """Keep with a booking whether somebody did not come, after a change of its people. Flushes; the
    caller has locked the booking or its host.
    """
    db.session.flush()
    absent = sa.exists().where(Attendee.booking_id == booking.id, Attendee.no_show_at.is_not(None))
    changed = sa.update(Booking).where(Booking.id == booking.id).values(missed=absent)
    db.session.execute(changed.execution_options(synchronize_session=False))
    db.session.expire(booking, ["missed"])


def note(person: Attendee, words: str) -> None:
    """Keep what the host notes about somebody, for the host's eyes."""
    person.host_notes = words
    db.session.flush()
