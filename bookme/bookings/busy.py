"""What takes a host's time: bookings, and what the calendars that are checked for conflicts say.

Calendars are rows that jobs read; nothing here waits for a provider. What BookMe itself has written
into a calendar does not count: the booking's hold does.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bookme import availability, waits
from bookme.availability import Span
from bookme.extensions import db
from bookme.models import (
    Booking,
    BusyTime,
    Calendar,
    CalendarEntry,
    Connection,
    ConnectionStatus,
    Hold,
)

#: A day's appointment with a day's buffer on both sides is the longest hold. That bound keeps the
#: queries from walking through all that is past.
_LONGEST_HOLD = timedelta(days=3)
#: The end of what was never read.
_FOREVER = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Taken:
    """What takes a host's time between two instants.

    :ivar spans: in any order; those of holds and of calendars may overlap.
    :ivar is_blind: a calendar that should be looked at could not be read for too long, so that
        nobody knows what else takes the time.
    """

    spans: list[Span]
    is_blind: bool = False


def taken(
    host_id: int,
    begin: datetime,
    end: datetime,
    *,
    now: datetime,
    moving: Booking | None = None,
) -> Taken:
    """All that takes the host's time in a range, in one query.

    Its cost follows the range and what the calendars hold, which is no more than the schedules'
    horizon; not the number of bookings.

    :param moving: a booking whose own hold does not count.
    """
    query = sa.union_all(
        _holds(host_id, begin, end, moving),
        _busy(host_id, begin, end),
        _unread(host_id, end),
        _blind(host_id, now),
    )
    rows = db.session.execute(query).all()
    spans = [availability.span_of(starts_at, ends_at) for starts_at, ends_at in rows if ends_at]
    return Taken(spans, is_blind=len(spans) < len(rows))


def is_blind(host_id: int, *, now: datetime) -> bool:
    """Whether the host's schedules offer no times, because a calendar is unreadable."""
    return db.session.execute(_blind(host_id, now)).first() is not None


def own_entry(provider: object, host_id: object, entry_id: object) -> sa.ColumnElement[bool]:
    """The condition that an entry of a calendar is one that BookMe wrote for the same host."""
    return (
        sa.select(CalendarEntry.id)
        .join(Booking, Booking.id == CalendarEntry.booking_id)
        .where(
            CalendarEntry.external_id == entry_id,
            CalendarEntry.provider == provider,
            Booking.host_id == host_id,
        )
        .exists()
    )


def _holds(
    host_id: int, begin: datetime, end: datetime, moving: Booking | None
) -> sa.Select[Any, Any]:
    query = sa.select(Hold.starts_at, Hold.ends_at).where(
        Hold.host_id == host_id,
        Hold.starts_at > begin - _LONGEST_HOLD,
        Hold.starts_at < end,
        Hold.ends_at > begin,
    )
    return query if moving is None else query.where(Hold.booking_id != moving.id)


def _busy(host_id: int, begin: datetime, end: datetime) -> sa.Select[Any, Any]:
    return (
        sa.select(BusyTime.starts_at, BusyTime.ends_at)
        .join(Calendar, Calendar.id == BusyTime.calendar_id)
        .join(Connection, Connection.id == Calendar.connection_id)
        .where(*_looked_at(host_id), BusyTime.starts_at < end, BusyTime.ends_at > begin)
        .where(~own_entry(Connection.provider, host_id, BusyTime.entry_id))
    )


def _unread(host_id: int, end: datetime) -> sa.Select[Any, Any]:
    """Beyond what was read; a horizon may have grown since."""
    return (
        sa.select(Calendar.read_until, sa.literal(_FOREVER, Hold.ends_at.type))
        .join(Connection, Connection.id == Calendar.connection_id)
        .where(*_looked_at(host_id), Calendar.read_until < end)
    )


def _blind(host_id: int, now: datetime) -> sa.Select[Any, Any]:
    """A row without times for each calendar that stands in the way of all."""
    since = now - waits.CLOSED_AFTER
    lost = sa.and_(
        Connection.status == ConnectionStatus.NEEDS_RECONNECT, Connection.problem_at <= since
    )
    nothing = sa.null().cast(Hold.starts_at.type)
    return (
        sa.select(nothing, nothing)
        .select_from(Calendar)
        .join(Connection, Connection.id == Calendar.connection_id)
        .where(*_looked_at(host_id), sa.or_(Calendar.failing_since <= since, lost))
    )


def _looked_at(host_id: int) -> tuple[Any, ...]:
    return (
        Calendar.host_id == host_id,
        Calendar.is_checked,
        Connection.status != ConnectionStatus.INACTIVE,
    )
