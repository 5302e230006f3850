"""Where a booking's calendar entry is, or is to be made."""

from dataclasses import dataclass

from bookme.bookings.entries import carrier, target
from bookme.connections import service as connections
from bookme.models import Booking, CalendarEntry, Connection


@dataclass(frozen=True, slots=True)
class Place:
    """A calendar of a host.

    :ivar connection: the host's living one, if there is one.
    :ivar external_id: the calendar's own at the provider; None if there is none to write to.
    """

    provider: str
    connection: Connection | None
    calendar_id: int | None
    external_id: str | None


def place_of(booking: Booking, entry: CalendarEntry) -> Place:
    """Where the entry is, or may have been made by an attempt of unknown outcome, as far as that is
    known; else the calendar that takes the host's bookings now, which after connecting again may be
    the same one.
    """
    may_be_there = entry.made_at is not None or entry.attempted_at is not None
    if may_be_there and entry.calendar_external_id is not None:
        known = connections.live(booking.host_id, entry.provider)
        return Place(entry.provider, known, entry.calendar_id, entry.calendar_external_id)
    video = booking.meeting.provider if booking.meeting is not None else None
    calendar = target(booking.host_id, video)
    if calendar is None:
        provider = carrier(video) or entry.provider
        return Place(provider, connections.live(booking.host_id, provider), None, None)
    connection = calendar.connection
    return Place(connection.provider, connection, calendar.id, calendar.external_id)
