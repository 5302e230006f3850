"""What the messages say that go out at times, put together when they are sent."""

from datetime import datetime
from typing import Any

from bookme.accounts.links import address
from bookme.bookings.messages import letters, stopping
from bookme.bookings.messages.timed import LATE_AFTER, TimedKind, Times
from bookme.models import Attendee, Booking, MessageRule, Role, User
from bookme.typed import own


def context(
    kind: TimedKind,
    booking: Booking,
    reader: Attendee | User,
    times: Times,
    rule: MessageRule | None,
    *,
    now: datetime,
) -> dict[str, Any]:
    """What the templates need: what the news say of the booking, and the host's own words.

    ``stop`` is where a booker or a guest ends them, ``settings`` where the host does.

    :param rule: None for one that the host has sent by hand.
    """
    is_host = isinstance(reader, User)
    return letters.context(kind, booking, reader, None, now=now) | {
        "is_booker": isinstance(reader, Attendee) and reader.role is Role.BOOKER,
        "words": own(rule.words if rule is not None else ""),
        "is_late": now - times.send_at > LATE_AFTER,
        "stop": stopping.link(reader) if isinstance(reader, Attendee) else "",
        "settings": _settings(booking) if is_host else "",
    }


def _settings(booking: Booking) -> str:
    if booking.schedule.deleted_at is not None:
        return ""
    return address("schedules.edit", schedule_id=str(booking.schedule_id))
