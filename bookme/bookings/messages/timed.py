"""Messages at times that a host sets: which of them a booking is to have, and until when each is of
use. Nothing is written here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bookme.models import Attendee, Booking, Email, MessageRule, Reminder, Timing, User

#: How long after its time a follow-up is still worth sending.
FOLLOW_UP_PATIENCE = timedelta(days=1)
#: A message that goes out so long after its time says so.
LATE_AFTER = timedelta(minutes=10)


class TimedKind(StrEnum):
    """What a message at a time is; also the folder of its templates."""

    REMINDER = "reminder"
    FOLLOW_UP = "follow_up"


_KIND_OF = {Timing.BEFORE_START: TimedKind.REMINDER, Timing.AFTER_END: TimedKind.FOLLOW_UP}


@dataclass(frozen=True, slots=True)
class Times:
    """When a message is to go, and the start of the appointment that it is about."""

    send_at: datetime
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """A message that a rule wants one reader to have."""

    rule: MessageRule
    reader: Attendee | User
    times: Times


def kind_of(rule: MessageRule) -> TimedKind:
    """What a rule's messages are."""
    return _KIND_OF[rule.timing]


def is_timed(email: Email) -> bool:
    """Whether a message is one of these, and so no news of the booking."""
    return email.kind in set(TimedKind)


def side(of: Email | Reminder) -> str:
    """Who gets a message, as a booking's history writes it: ``host``, ``booker`` or ``guest``."""
    return str(of.attendee.role) if of.attendee is not None else "host"


def wanted(booking: Booking, rules: Iterable[MessageRule]) -> Iterator[Wanted]:
    """All that the rules want of a booking as it is, past or to come: one message for each reader.
    Only a confirmed booking has any.
    """
    if not booking.is_confirmed:
        return
    for rule in rules:
        for reader in _readers(booking, rule):
            yield Wanted(rule, reader, times_of(rule, booking))


def times_of(rule: MessageRule, booking: Booking) -> Times:
    """When a rule's messages of a booking go out."""
    length = timedelta(minutes=rule.minutes)
    before = rule.timing is Timing.BEFORE_START
    return Times(
        booking.starts_at - length if before else booking.ends_at + length, booking.starts_at
    )


def willing(booking: Booking) -> list[Attendee]:
    """The booker and the guests, without those who have ended reminders."""
    return [person for person in booking.attendees if person.reminders_off_at is None]


def is_for(person: Attendee, kind: TimedKind) -> bool:
    """Whether a message is meant for somebody: what follows an appointment, only for who came."""
    return kind is not TimedKind.FOLLOW_UP or person.no_show_at is None


def stands(times: Times, planned: Times | None, *, now: datetime) -> bool:
    """Whether a message is to go at these times.

    What was planned for the same times stands, also once they have come. Anything else is new, and
    what would have gone before it was new is not sent after the fact.

    :param planned: the times that are waited for so far, if any.
    """
    return times == planned or times.send_at > now


def deadline(kind: TimedKind, times: Times) -> datetime:
    """From when on a message is of no use any more."""
    return times.starts_at if kind is TimedKind.REMINDER else times.send_at + FOLLOW_UP_PATIENCE


def _readers(booking: Booking, rule: MessageRule) -> Iterator[Attendee | User]:
    if rule.to_booker:
        yield from (one for one in willing(booking) if is_for(one, kind_of(rule)))
    if rule.to_host:
        yield booking.host
