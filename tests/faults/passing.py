"""Time that passes quicker than a run: at least a quarter of an hour is given for an answer."""

import sqlalchemy as sa

from bookme.clock import utcnow
from bookme.models import Attendee, Booking
from tests.system import System

#: Seconds that this waits for SQLite's one writer.
_PATIENCE = 60


def run_out(system: System, booker: str) -> None:
    """The time to answer somebody's booking is over now, if it still waits for an answer."""
    address = system.environ["DATABASE_URL"]
    waits = {"timeout": _PATIENCE} if address.startswith("sqlite") else {}
    engine = sa.create_engine(address, connect_args=waits)
    theirs = sa.select(Attendee.booking_id).where(Attendee.email == booker)
    waiting = sa.update(Booking).where(Booking.id.in_(theirs), Booking.lapses_at.is_not(None))
    try:
        with engine.begin() as connection:
            connection.execute(waiting.values(lapses_at=utcnow()))
    finally:
        engine.dispose()
