"""Time that passes quicker than a run: at least a quarter of an hour is given for an answer, and an
appointment takes as long.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bookme import database
from bookme.clock import utcnow
from bookme.models import Attendee, Booking, EmailState, MeetingState, Timing
from tests.system import System

#: Seconds that this waits for SQLite's one writer.
_PATIENCE = 60


def run_out(system: System, booker: str) -> None:
    """The time to answer somebody's booking is over now, if it still waits for an answer."""
    theirs = sa.select(Attendee.booking_id).where(Attendee.email == booker)
    waiting = sa.update(Booking).where(Booking.id.in_(theirs), Booking.lapses_at.is_not(None))
    with _writing(system) as session:
        session.execute(waiting.values(lapses_at=utcnow()))


def finish(system: System, booker: str) -> bool:
    """Somebody's appointment is over now, if it has begun and all is made for it; return whether.

    What is to follow it follows this end, as if it had been planned so.
    """
    theirs = sa.select(Booking).join(Booking.attendees).where(Attendee.email == booker)
    with _writing(system) as session:
        booking, now = session.scalars(theirs.with_for_update(of=Booking)).one(), utcnow()
        if booking.starts_at >= now or not _is_made(booking):
            return False
        booking.ends_at = booking.due_at = now
        for row in booking.reminders:
            if row.rule.timing is Timing.AFTER_END:
                row.send_at = now + timedelta(minutes=row.rule.minutes)
    return True


def _is_made(booking: Booking) -> bool:
    """Whether nothing is on its way for a booking, and it has its meeting and its entry."""
    moving: list[datetime | None] = [booking.due_at, booking.lease_until]
    copies = [copy for copy in (booking.meeting, booking.entry) if copy is not None]
    waits = [one for one in booking.emails if one.state is EmailState.WAITING]
    return not any([*moving, *waits]) and all(
        copy.state is MeetingState.READY and copy.revision >= booking.revision for copy in copies
    )


@contextmanager
def _writing(system: System) -> Iterator[Session]:
    """A transaction of one's own, which SQLite's one writer is waited for."""
    address = system.environ["DATABASE_URL"]
    waits = {"timeout": _PATIENCE} if address.startswith("sqlite") else {}
    engine = sa.create_engine(address, connect_args=waits)
    database.prepare(engine)
    try:
        with Session(engine) as session, session.begin():
            yield session
    finally:
        engine.dispose()
