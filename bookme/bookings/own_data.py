"""All that is kept of a booker in one booking: what their own page shows, and their file has.

No secrets. What the host notes of somebody is the host's: whether they came, and words for the
host's eyes. Hosts answer for those themselves.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bookme.extensions import db
from bookme.models import (
    Actor,
    Attendee,
    Booking,
    BookingEvent,
    Email,
    EmailState,
    Origin,
    Reminder,
)

#: The columns that are given, of each kind of row, in this order.
COLUMNS: dict[type[Any], str] = {
    Booking: "reference title starts_at ends_at status zone location_kind video_provider address"
    " caller phone cancelled_by cancelled_at cancel_reason lapses_at asked_to_move_at ask_words"
    " corrected_at erase_by created_at",
    Attendee: "role name email new_email zone locale clock_hours phone notes answers source"
    " reminders_off_at",
    BookingEvent: "kind actor at",
    Email: "kind state created_at sent_at",
    Reminder: "send_at state",
}
_GUEST = "role name email"


def of(booking: Booking, *, keeping: dict[str, int], now: datetime) -> dict[str, Any]:
    """All of it, ready for JSON; instants as ISO 8601 in UTC.

    :param keeping: how long things are kept, in days.
    """
    booker = booking.booker
    return {
        "made_at": now.isoformat(),
        "booking": _plain(booking) | {"host": booking.host.name},
        "you": _plain(booker) if booker is not None else None,
        "guests": [_plain(guest, _GUEST) for guest in booking.guests],
        "messages_to_you": _each(messages(booking)),
        "reminders_to_you": _each(reminders(booking)),
        "history": _each(event for event in booking.events if event.actor is not Actor.HOST),
        "network_is_kept_as_a_hash": keeps_network(booking),
        "kept_for_days": keeping,
    }


def of_guest(guest: Attendee, *, now: datetime) -> dict[str, Any]:
    """All that is kept of a guest."""
    return {"made_at": now.isoformat(), "you": _plain(guest)}


def messages(booking: Booking) -> list[Email]:
    """The messages to the booker that went out or are still to, in order."""
    if booking.booker is None:
        return []
    theirs = sa.select(Email).where(Email.attendee_id == booking.booker.id)
    theirs = theirs.where(Email.state != EmailState.DROPPED).order_by(Email.id)
    return list(db.session.scalars(theirs))


def reminders(booking: Booking) -> list[Reminder]:
    """The messages at times that are planned for the booker."""
    booker = booking.booker
    return [one for one in booking.reminders if booker and one.attendee_id == booker.id]


def keeps_network(booking: Booking) -> bool:
    """Whether it is still kept, as a hash, from which network the booking came."""
    return db.session.get(Origin, booking.id) is not None


def _each(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [_plain(row) for row in rows]


def _plain(row: Any, columns: str = "") -> dict[str, Any]:
    names = (columns or COLUMNS[type(row)]).split()
    values = {name: getattr(row, name) for name in names}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
    }
