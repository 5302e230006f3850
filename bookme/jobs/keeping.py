"""The end of what is kept for a time only: a booking's history, and the messages sent about it.

Both are needed while a booking may still change, so their time is counted from its end. What is
finished elsewhere has times of its own: removals (:mod:`bookme.jobs.removals`), attempts to connect
(:mod:`bookme.connections.connecting.attempts`), browsers (:mod:`bookme.accounts.sessions`).
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from bookme.database import reading
from bookme.extensions import db
from bookme.models import (
    Booking,
    BookingEvent,
    CalendarEntry,
    Email,
    EmailState,
    Meeting,
    Reminder,
)

#: So many rows of a kind go in one round of the sweep: nobody waits for its transaction.
STEP = 500
_DONE = (EmailState.SENT, EmailState.DROPPED, EmailState.FAILED)


def forget_old(now: datetime) -> int:
    """Delete what has been kept long enough, the oldest first, in small steps; return how many
    events and messages. Commits.
    """
    messages = _before(now, "KEEP_MESSAGES_DAYS")
    _forget_failures(messages)
    return _forget_history(_before(now, "KEEP_HISTORY_DAYS")) + sum(
        _forget_messages(state, messages) for state in _DONE
    )


def _before(now: datetime, setting: str) -> datetime:
    return now - timedelta(days=current_app.config[setting])


def _forget_history(before: datetime) -> int:
    old = (
        sa.select(BookingEvent.id)
        .join(Booking, Booking.id == BookingEvent.booking_id)
        .where(BookingEvent.at < before, Booking.ends_at < before)
        .order_by(BookingEvent.at)
    )
    ids = [row.id for row in _some(old)]
    _delete(BookingEvent.id, ids)
    return len(ids)


def _forget_messages(state: EmailState, before: datetime) -> int:
    """Also the reminders of those bookings: none is sent so long after the end."""
    old = (
        sa.select(Email.id, Email.booking_id)
        .outerjoin(Booking, Booking.id == Email.booking_id)
        .where(Email.state == state, Email.created_at < before)
        .where(sa.or_(Email.booking_id.is_(None), Booking.ends_at < before))
        .order_by(Email.created_at)
    )
    found = _some(old)
    _delete(Reminder.booking_id, sorted({row.booking_id for row in found if row.booking_id}))
    _delete(Email.id, [row.id for row in found])
    return len(found)


def _forget_failures(before: datetime) -> None:
    """What failed until its appointment was over waits no more: who looks for what does, need not
    pass it by.
    """
    for kind in (Meeting, CalendarEntry):
        old = (
            sa.select(kind.id)
            .join(Booking, Booking.id == kind.booking_id)
            .where(kind.failing_since < before, Booking.ends_at < before)
            .order_by(kind.failing_since)
        )
        ids = [row.id for row in _some(old)]
        if ids:
            change = sa.update(kind).where(kind.id.in_(ids))
            db.session.execute(change.values(failing_since=None))
            db.session.commit()


def _some(old: Any) -> list[Any]:
    with reading():  # mostly there is nothing to write
        found = list(db.session.execute(old.limit(STEP)))
        db.session.rollback()
    return found


def _delete(column: Any, values: list[int]) -> None:
    if values:
        db.session.execute(sa.delete(column.class_).where(column.in_(values)))
        db.session.commit()
