"""What jobs add to a booking's history."""

from datetime import datetime

from bookme.models import Actor, Booking, BookingEvent, EventKind


def note(booking: Booking, kind: EventKind, now: datetime, **facts: str) -> None:
    """Add one line, in the transaction of what it tells of.

    :param facts: kinds and ids only, never a person's words.
    """
    booking.events.append(BookingEvent(kind=kind, actor=Actor.BOOKME, at=now, facts=facts))
