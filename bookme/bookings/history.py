"""A booking's history, as kinds, instants and ids."""

from datetime import datetime
from typing import Any

from bookme.models import Actor, Booking, BookingEvent, EventKind


def record(
    booking: Booking, kind: EventKind, actor: Actor, now: datetime, **instants: datetime
) -> None:
    """Add one line to a booking's history, in the transaction of what it tells of."""
    booking.events.append(BookingEvent(**line(kind, actor, now, **instants)))


def line(kind: EventKind, actor: Actor, now: datetime, **instants: datetime) -> dict[str, Any]:
    """One line of a history, as the values of its row."""
    facts = {name: at.isoformat() for name, at in instants.items()}
    return {"kind": kind, "actor": actor, "at": now, "facts": facts}
