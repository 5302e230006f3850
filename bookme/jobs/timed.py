"""What has a time of its own: a booking that waits for an answer lapses, a reminder goes out.

Such instants may be months ahead. They are facts and not waits, so a booking's ``due_at`` does not
hold them: the sweep makes a booking due once one of them has come, and its sync does the rest.
"""

from datetime import datetime

import sqlalchemy as sa

from bookme.database import reading
from bookme.extensions import db
from bookme.models import Booking, Reminder, ReminderState


def wake(now: datetime) -> int:
    """Make the bookings due whose time has come, and return how many. Commits.

    Its sync must settle what has come (the booking lapses, the reminder becomes a message), or it
    is woken again and again.
    """
    asleep = sa.or_(Booking.due_at.is_(None), Booking.due_at > now)
    with reading():
        found = db.session.scalar(sa.select(Booking.id).where(_has_come(now), asleep).limit(1))
        db.session.rollback()
    if found is None:
        return 0
    woken = db.session.scalars(
        sa.update(Booking)
        .where(_has_come(now), asleep)
        .values(due_at=now, queued_at=None)
        .returning(Booking.id)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.commit()
    return len(woken)


def _has_come(now: datetime) -> sa.ColumnElement[bool]:
    lapsing = sa.select(Booking.id).where(Booking.lapses_at <= now)
    # In the statement itself: else PostgreSQL's plan for any value can't use the partial index.
    state = sa.literal(ReminderState.WAITING, Reminder.state.type, literal_execute=True)
    waiting = Reminder.state == state
    reminding = sa.select(Reminder.booking_id).where(waiting, Reminder.send_at <= now)
    return Booking.id.in_(sa.union_all(lapsing, reminding))
