"""The messages that a change of a booking owes to its people, as rows in the same transaction."""

from datetime import datetime
from enum import StrEnum

from bookme import outbox
from bookme.models import Attendee, Booking, Email, User


class MessageKind(StrEnum):
    """Why a message is owed. What it says is decided when it is sent, from what its reader was told
    before and what is true then."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    ASKED = "asked"  # the host asks the booker to pick another time
    LINK = "link"  # it came after the confirmation, or another meeting took the first one's place


def owe(booking: Booking, kind: MessageKind, *, now: datetime) -> list[Email]:
    """Owe one message each to the booker and the host; nothing goes out here."""
    readers: list[Attendee | User] = [booking.host]
    if booking.booker is not None:
        readers.insert(0, booking.booker)
    return [owe_reader(booking, reader, kind, now=now) for reader in readers]


def owe_reader(
    booking: Booking, reader: Attendee | User, kind: MessageKind, *, now: datetime, mark: str = ""
) -> Email:
    """Owe one message to one reader.

    :param mark: tells messages of one kind and revision apart.
    """
    end = "host" if isinstance(reader, User) else "booker"
    key = ".".join(filter(None, (booking.reference, str(booking.revision), kind, mark, end)))
    return outbox.owe(kind, reader, booking, key=key, now=now)
