"""How an account ends: at once for the world, and in the database once everybody has been told.

The job :mod:`bookme.jobs.closing` does what takes longer: it cancels the coming bookings, waits
until bookers are told and meetings deleted, revokes the connections, and deletes all rows.
"""

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from bookme.accounts import handles, sessions
from bookme.accounts.owed import Letter, owe
from bookme.extensions import db
from bookme.models import Booking, BookingStatus, Email, Schedule, User


def coming(user: User, *, now: datetime, most: int) -> list[Booking]:
    """The next of the host's bookings that are not over, in order, with their people."""
    query = sa.select(Booking).where(*is_coming(user.id, now)).limit(most)
    query = query.order_by(Booking.starts_at, Booking.id)
    return list(db.session.scalars(query.options(selectinload(Booking.attendees))))


def count_coming(user: User, *, now: datetime) -> int:
    """How many bookings of the host are not over."""
    count = sa.select(sa.func.count()).select_from(Booking).where(*is_coming(user.id, now))
    return db.session.scalar(count) or 0


def is_coming(host_id: int, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions for a host's bookings that are not over. What is held for an e-mail address
    is none: nobody knows of it, and it can't be completed once its host is leaving.
    """
    counts = Booking.status.in_((BookingStatus.PENDING, BookingStatus.CONFIRMED))
    return (Booking.host_id == host_id, counts, Booking.ends_at > now)


def begin(user: User, *, now: datetime) -> Email | None:
    """Sign the host out everywhere, take their pages down, and make the deletion due.

    The schedules' addresses are free at once, and so is a handle under which nobody was booked; the
    e-mail address is when the deletion is done, since the last messages go there.
    """
    if user.closing_at is not None:
        return None
    user.closing_at, user.queued_at = now, None
    user.epoch += 1
    user.new_email = None
    handles.give_up(user, now=now)
    user.handle = f"closing-{secrets.token_hex(12)}"
    sessions.end_all(user)
    living = sa.update(Schedule).where(Schedule.host_id == user.id, Schedule.deleted_at.is_(None))
    db.session.execute(living.values(deleted_at=now, active=False))
    db.session.flush()
    if not user.is_confirmed:
        return None  # the address may be somebody else's
    bookings = count_coming(user, now=now)
    return owe(user, Letter.ACCOUNT_CLOSING, now=now, bookings=bookings)
