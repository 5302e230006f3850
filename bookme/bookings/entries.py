"""Which calendar a booking belongs into, and whether it carries the booking's meeting."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from bookme.extensions import db
from bookme.models import (
    Booking,
    Calendar,
    Connection,
    ConnectionStatus,
    Meeting,
    MeetingState,
    Trouble,
)
from bookme.prepared import fixed
from bookme.providers.registry import MAKERS

_ONLY_THE_HOST_CAN_MEND = (
    Trouble.NOT_CONNECTED,
    Trouble.NEEDS_RECONNECT,
    Trouble.NOT_ALLOWED,
    Trouble.REJECTED,
    Trouble.CALENDAR_GONE,
    Trouble.STORAGE_FULL,
)

_LIVE = (
    sa.select(Calendar)
    .join(Calendar.connection)
    .where(Calendar.host_id == sa.bindparam("host_id"))
    .where(Connection.status != ConnectionStatus.INACTIVE)
    .order_by(Calendar.id)
    .limit(1)
)
#: Where a host has bookings added, and the main calendar of a provider. Built once.
_TARGETS = _LIVE.where(Calendar.takes_bookings)
_MAIN = _LIVE.where(Calendar.is_primary, Connection.provider == sa.bindparam("provider"))


def providers_of(host_id: Any) -> sa.ScalarSelect[str]:
    """Whose calendars a host has bookings added to.

    :param host_id: a column or a value of the query around it.
    """
    return (
        sa.select(Connection.provider)
        .join(Calendar, Calendar.connection_id == Connection.id)
        .where(Calendar.host_id == host_id, Calendar.takes_bookings)
        .where(Connection.status != fixed(ConnectionStatus.INACTIVE))
        .order_by(Calendar.id)
        .limit(sa.literal_column("1"))
        .scalar_subquery()
    )


def carried_by_entry(meeting: Meeting | None) -> bool:
    """Whether a meeting comes with its booking's calendar entry."""
    return meeting is not None and carrier(meeting.provider) is not None


def carrier(video_provider: str | None) -> str | None:
    """The provider of calendars whose entries carry the meetings of a video provider, if any do."""
    maker = MAKERS.get(video_provider or "")
    carried = maker is not None and maker.meetings is not None and maker.meetings.carried_by_entry
    return maker.name if maker is not None and carried else None


def target(host_id: int, video_provider: str | None) -> Calendar | None:
    """The calendar into which a booking made now is written; None if there is none.

    An entry that carries the meeting lives in the main calendar of its provider, any other one
    where the host has bookings added. With its connection, in one query.
    """
    provider = carrier(video_provider)
    query = _TARGETS if provider is None else _MAIN
    whose = {"host_id": host_id, "provider": provider}
    return db.session.scalar(query.options(contains_eager(Calendar.connection)), whose)


def provider_of(video_provider: str | None, calendars: str | None) -> str | None:
    """Whose calendar the entry of a new booking is going to be in; None if it belongs into none.
    One that carries the meeting is wanted even before its calendar is connected.

    :param calendars: whose calendars its host has bookings added to.
    """
    return carrier(video_provider) or calendars


def is_in_calendar(booking: Booking) -> bool:
    """Whether the host finds the booking, and what becomes of it, in a connected calendar: it is
    there, or comes by itself.
    """
    entry = booking.entry
    if entry is None or entry.state in (MeetingState.LEFT, MeetingState.FAILED):
        return False
    return entry.state is not MeetingState.WAITING or entry.trouble not in _ONLY_THE_HOST_CAN_MEND
