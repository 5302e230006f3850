"""The messages that a change of a booking owes to its people, as rows in the same transaction."""

from datetime import datetime
from enum import StrEnum

from bookme import outbox
from bookme.extensions import db
from bookme.models import Attendee, Booking, Email, User


class MessageKind(StrEnum):
    """Why a message is owed. What it says is decided when it is sent, from what its reader was told
    before and what is true then."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    ASKED = "asked"  # the host asks the booker to pick another time
    LINK = "link"  # it came after the confirmation, or another meeting took the first one's place


def end_of(reader: Attendee | User) -> str:
    """Which end of a booking a reader is at: ``host``, ``booker`` or ``guest``."""
    if isinstance(reader, User):
        return "host"
    return "guest" if reader.is_guest else "booker"


def owe(booking: Booking, kind: MessageKind, *, now: datetime) -> list[Email]:
    """Owe one message each to the booker, the guests and the host; nothing goes out here."""
    db.session.flush()  # guests are told apart by their ids
    readers: list[Attendee | User] = [*booking.guests, booking.host]
    if booking.booker is not None:
        readers.insert(0, booking.booker)
    return [owe_reader(booking, reader, kind, now=now) for reader in readers]


def owe_reader(
    booking: Booking, reader: Attendee | User, kind: MessageKind, *, now: datetime, mark: str = ""
) -> Email:
    """Owe one message to one reader.

    :param mark: tells messages of one kind and revision apart.
    """
    end = end_of(reader)
    if end == "guest":
        end += str(reader.id)
    key = ".".join(filter(None, (booking.reference, str(booking.revision), kind, mark, end)))
    return outbox.owe(kind, reader, booking, key=key, now=now)
