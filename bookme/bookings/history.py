"""A booking's history, as kinds, instants and ids."""

from datetime import datetime

from bookme.models import Actor, Booking, BookingEvent, EventKind


def record(
    booking: Booking, kind: EventKind, actor: Actor, now: datetime, **instants: datetime
) -> None:
    """Add one line to a booking's history, in the transaction of what it tells of."""
    booking.events.append(line(kind, actor, now, **instants))


def line(kind: EventKind, actor: Actor, now: datetime, **instants: datetime) -> BookingEvent:
    """One line of a history, of no booking yet."""
    facts = {name: at.isoformat() for name, at in instants.items()}
    return BookingEvent(kind=kind, actor=actor, at=now, facts=facts)
