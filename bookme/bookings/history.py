"""A booking's history, as kinds, instants and ids."""

from datetime import datetime

from bookme.models import Actor, Booking, BookingEvent, EventKind


def record(
    booking: Booking, kind: EventKind, actor: Actor, now: datetime, **instants: datetime
) -> None:
    """Add one line to a booking's history, in the transaction of what it tells of."""
    facts = {name: at.isoformat() for name, at in instants.items()}
    booking.events.append(BookingEvent(kind=kind, actor=actor, at=now, facts=facts))
