"""The messages that a change of a booking owes to its people, as rows in the same transaction."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from bookme import outbox
from bookme.extensions import db
from bookme.models import Attendee, Booking, BookingStatus, Email, User


class MessageKind(StrEnum):
    """Why a message is owed. What it says is decided when it is sent, from what its reader was told
    before and what is true then."""

    CONFIRM = "confirm"  # that the e-mail address is the booker's: to the booker alone
    REQUESTED = "requested"  # it waits for the host's answer
    BOOKED = "booked"
    MOVED = "moved"
    CORRECTED = "corrected"  # the booker has changed what they had entered
    CANCELLED = "cancelled"
    DECLINED = "declined"
    LAPSED = "lapsed"  # the host has not answered in time
    ASKED = "asked"  # the host asks the booker to pick another time
    LINK = "link"  # it came after the confirmation, or another meeting took the first one's place


#: Who may be told of a booking, by their end of it.
EVERYBODY = frozenset({"host", "booker", "guest"})
NOBODY: frozenset[str] = frozenset()


def end_of(reader: Attendee | User) -> str:
    """Which end of a booking a reader is at: ``host``, ``booker`` or ``guest``."""
    if isinstance(reader, User):
        return "host"
    return "guest" if reader.is_guest else "booker"


def owe(
    booking: Booking, kind: MessageKind, *, now: datetime, tell: frozenset[str] = EVERYBODY
) -> list[Email]:
    """Owe one message to each reader; nothing goes out here.

    :param tell: which ends of the booking.
    """
    db.session.flush()  # guests are told apart by their ids
    told = [reader for reader in readers(booking) if end_of(reader) in tell]
    return [owe_reader(booking, reader, kind, now=now) for reader in told]


def readers(booking: Booking) -> Iterator[Attendee | User]:
    """Who is told of a booking: the booker, the guests once it is confirmed, the host once the
    booker's e-mail address is.
    """
    if booking.booker is not None:
        yield booking.booker
    if not booking.awaits_answer:
        yield from booking.guests
    if booking.status is not BookingStatus.HELD:
        yield booking.host


def owe_new(booking: Booking, kind: MessageKind, *, now: datetime) -> None:
    """The same for a booking that is being made, in one statement."""
    to = {_key(booking, reader, kind): reader for reader in readers(booking)}
    outbox.owe_at_once(kind, to, booking, now=now)


def owe_reader(
    booking: Booking, reader: Attendee | User, kind: MessageKind, *, now: datetime, mark: str = ""
) -> Email:
    """Owe one message to one reader.

    :param mark: tells messages of one kind and revision apart.
    """
    key = _key(booking, reader, kind, mark)
    return outbox.owe(kind, reader, booking, key=key, now=now)


def _key(booking: Booking, reader: Attendee | User, kind: MessageKind, mark: str = "") -> str:
    end = end_of(reader)
    if end == "guest":
        end += str(reader.id)
    return ".".join(filter(None, (booking.reference, str(booking.revision), kind, mark, end)))
