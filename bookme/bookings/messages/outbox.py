"""The messages that a change of a booking owes to its people, as rows in the same transaction."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from bookme import outbox
from bookme.models import Attendee, Booking, BookingStatus, Email, User


class MessageKind(StrEnum):
    """Why a message is owed. What it says is decided when it is sent, from what its reader was told
    before and what is true then."""

    CONFIRM = "confirm"  # that the e-mail address is the booker's: to the booker alone
    REQUESTED = "requested"  # it waits for the host's answer
    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    LAPSED = "lapsed"  # the host has not answered in time
    ASKED = "asked"  # the host asks the booker to pick another time
    LINK = "link"  # it came after the confirmation, or another meeting took the first one's place


def owe(booking: Booking, kind: MessageKind, *, now: datetime) -> list[Email]:
    """Owe one message to each reader; nothing goes out here."""
    return [owe_reader(booking, reader, kind, now=now) for reader in readers(booking)]


def readers(booking: Booking) -> Iterator[Attendee | User]:
    """Who is told of a booking, the booker first. The host hears of it once the booker's e-mail
    address is confirmed.
    """
    if booking.booker is not None:
        yield booking.booker
    if booking.status is not BookingStatus.HELD:
        yield booking.host


def owe_reader(
    booking: Booking, reader: Attendee | User, kind: MessageKind, *, now: datetime, mark: str = ""
) -> Email:
    """Owe one message to one reader.

    :param mark: tells messages of one kind and revision apart.
    """
    end = "host" if isinstance(reader, User) else "booker"
    key = ".".join(filter(None, (booking.reference, str(booking.revision), kind, mark, end)))
    return outbox.owe(kind, reader, booking, key=key, now=now)
