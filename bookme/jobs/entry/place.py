"""Where a booking's calendar entry is, or is to be made."""

from dataclasses import dataclass

from bookme.bookings.entries import carrier, target
from bookme.connections import service as connections
from bookme.models import Booking, CalendarEntry, Connection

#: An entry is looked for in so many calendars, those where bookings are added first.
_MOST = 10


@dataclass(frozen=True, slots=True)
class Place:
    """A calendar of a host.

    :ivar connection: the host's living one, if there is one.
    :ivar external_id: the calendar's own at the provider; None if there is none to write to.
    :ivar candidates: id and own id of the calendars one of which may have the entry, if it has to
        be looked for first.
    """

    provider: str
    connection: Connection | None
    calendar_id: int | None
    external_id: str | None
    candidates: tuple[tuple[int, str], ...] = ()


def place_of(booking: Booking, entry: CalendarEntry) -> Place:
    """Where the entry is, or may have been made by an attempt of unknown outcome, as far as that is
    known; else the calendar that takes the host's bookings now. What was left when a connection
    ended may be found over the next one, and is looked for once.
    """
    if entry.made_at is not None or entry.attempted_at is not None:
        live = connections.live(booking.host_id, entry.provider)
        if entry.calendar_external_id is not None:
            return Place(entry.provider, live, entry.calendar_id, entry.calendar_external_id)
        candidates = _candidates(entry, live)
        if candidates:
            return Place(entry.provider, live, None, None, candidates)
    video = booking.meeting.provider if booking.meeting is not None else None
    calendar = target(booking.host_id, video)
    if calendar is None:
        provider = carrier(video) or entry.provider
        return Place(provider, connections.live(booking.host_id, provider), None, None)
    connection = calendar.connection
    return Place(connection.provider, connection, calendar.id, calendar.external_id)


def _candidates(entry: CalendarEntry, live: Connection | None) -> tuple[tuple[int, str], ...]:
    if live is None or (entry.sought_at is not None and entry.sought_at >= live.connected_at):
        return ()
    return tuple((row.id, row.external_id) for row in connections.writable(live.id)[:_MOST])
