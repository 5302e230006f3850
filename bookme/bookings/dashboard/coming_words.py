"""The messages of a booking that will be sent at times, in words for the host."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from flask_babel import gettext as _

from bookme.bookings.messages.timed import TimedKind, kind_of
from bookme.models import Booking, Reminder, ReminderState
from bookme.typed import apart
from bookme.web.words import listed


class Coming(NamedTuple):
    """One message that will be sent: what it is, to whom, and when."""

    what: str
    to: str
    send_at: datetime


def coming(booking: Booking) -> list[Coming]:
    """What will be sent of a booking, the next first; those who get it at once stand together."""
    groups: dict[tuple[datetime, TimedKind], list[Reminder]] = defaultdict(list)
    for row in booking.reminders:
        if row.state is ReminderState.WAITING:
            groups[row.send_at, kind_of(row.rule)].append(row)
    return [
        Coming(_what(kind), listed([_reader(row) for row in rows]), send_at)
        for (send_at, kind), rows in groups.items()
    ]


def _what(kind: TimedKind) -> str:
    return _("Reminder") if kind is TimedKind.REMINDER else _("Follow-up")


def _reader(row: Reminder) -> str:
    return apart(row.attendee.name) if row.attendee is not None else _("you")
