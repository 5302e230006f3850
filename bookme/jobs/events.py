"""What jobs add to a booking's history."""

from datetime import datetime

from bookme.extensions import db
from bookme.models import Actor, Booking, BookingEvent, EventKind


def note(booking: Booking, kind: EventKind, now: datetime, **facts: str) -> None:
    """Add one line, in the transaction of what it tells of.

    :param facts: kinds and ids only, never a person's words.
    """
    # From its own end, so that all of the history need not be read for one line.
    line = BookingEvent(kind=kind, actor=Actor.BOOKME, at=now, facts=facts)
    line.booking = booking
    db.session.add(line)
