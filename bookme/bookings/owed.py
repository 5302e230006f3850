"""The messages that a change of a booking owes to its people, as rows in the same transaction."""

from datetime import datetime
from enum import StrEnum

from bookme.extensions import db
from bookme.models import Booking, Email


class MessageKind(StrEnum):
    """Why a message is owed. What it says is decided when it is sent, from what its reader was told
    before and what is true then."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    LINK = "link"  # it came after the confirmation, or another meeting took the first one's place


def owe(booking: Booking, kind: MessageKind, *, now: datetime, mark: str = "") -> list[Email]:
    """Owe one message each to the booker and the host; nothing goes out here.

    :param mark: tells messages of one kind and revision apart, such as a hash of the link.
    """
    key = ".".join(filter(None, (booking.reference, str(booking.revision), kind, mark)))
    common = {"kind": kind, "booking": booking, "revision": booking.revision, "created_at": now}
    owed = [Email(dedupe_key=f"{key}.host", user=booking.host, next_attempt_at=now, **common)]
    if booking.booker is not None:
        to_booker = Email(dedupe_key=f"{key}.booker", attendee=booking.booker, **common)
        to_booker.next_attempt_at = now
        owed.insert(0, to_booker)
    db.session.add_all(owed)
    return owed
