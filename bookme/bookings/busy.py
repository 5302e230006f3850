"""What takes a host's time: bookings, time off, and what the calendars that are checked for
conflicts say.

Calendars are rows that jobs read; nothing here waits for a provider. What BookMe itself has written
into a calendar does not count: the booking's hold does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bookme import availability, waits
from bookme.availability import Plans, Rules, to_datetime, to_minutes
from bookme.bookings.counting import What, counted, held, row
from bookme.extensions import db
from bookme.models import (
    Booking,
    BusyTime,
    Calendar,
    CalendarEntry,
    Connection,
    ConnectionStatus,
    Hold,
    Schedule,
    TimeOff,
)

#: A day's appointment with a day's buffer on both sides is the longest hold. That bound keeps the
#: queries from walking through all that is past.
_LONGEST_HOLD = timedelta(days=3)
#: The end of what was never read.
_FOREVER = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Taken:
    """What stands in the way of appointments between two instants.

    :ivar is_blind: a calendar that should be looked at could not be read for too long, so that
        nobody knows what else takes the time.
    """

    plans: Plans
    is_blind: bool = False


def taken(
    schedule: Schedule,
    rules: Rules,
    begin: datetime,
    end: datetime,
    *,
    now: datetime,
    moving: Booking | None = None,
    email: str = "",
) -> Taken:
    """All that takes the host's time in a range, and all that counts for limits, in one query.

    Its cost follows the range and what the calendars hold, which is no more than the schedules'
    horizon; not the number of bookings.

    :param moving: a booking that does not count itself.
    :param email: whose appointments count for the cap of one booker.
    """
    host_id = schedule.host_id
    of_bookings = [
        *counted(schedule, rules, begin, end),
        *held(schedule, rules, email, now),
    ]
    if moving is not None:
        of_bookings = [query.where(Booking.id != moving.id) for query in of_bookings]
    query = sa.union_all(
        _holds(host_id, begin, end, moving),
        _busy(host_id, begin, end),
        _unread(host_id, end),
        _time_off(host_id, begin, end),
        _blind(host_id, now),
        *of_bookings,
    )
    return _sorted(db.session.execute(query).all())


def _sorted(rows: Sequence[Any]) -> Taken:
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    for what, starts_at, ends_at in rows:
        found.setdefault(what, []).append((starts_at, ends_at))
    own, elsewhere = (
        [to_minutes(starts_at) for starts_at, _ in found.get(what, [])]
        for what in (What.BOOKED, What.BOOKED_ELSEWHERE)
    )
    plans = Plans(
        taken=[availability.span_of(*ends) for ends in found.get(What.TAKEN, [])],
        booked=own,
        booked_of_host=own + elsewhere,
        held=len(found.get(What.HELD, [])),
    )
    return Taken(plans, is_blind=What.BLIND in found)


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


def _holds(host_id: int, begin: datetime, end: datetime, moving: Booking | None) -> sa.Select[Any]:
    query = row(What.TAKEN, Hold.starts_at, Hold.ends_at).where(
        Hold.host_id == host_id,
        Hold.starts_at > begin - _LONGEST_HOLD,
        Hold.starts_at < end,
        Hold.ends_at > begin,
    )
    return query if moving is None else query.where(Hold.booking_id != moving.id)


def _busy(host_id: int, begin: datetime, end: datetime) -> sa.Select[Any]:
    return (
        row(What.TAKEN, BusyTime.starts_at, BusyTime.ends_at)
        .join(Calendar, Calendar.id == BusyTime.calendar_id)
        .join(Connection, Connection.id == Calendar.connection_id)
        .where(*_looked_at(host_id), BusyTime.starts_at < end, BusyTime.ends_at > begin)
        .where(~own_entry(Connection.provider, host_id, BusyTime.entry_id))
    )


def _time_off(host_id: int, begin: datetime, end: datetime) -> sa.Select[Any]:
    return row(What.TAKEN, TimeOff.starts_at, TimeOff.ends_at).where(
        TimeOff.host_id == host_id, TimeOff.ends_at > begin, TimeOff.starts_at < end
    )


def _unread(host_id: int, end: datetime) -> sa.Select[Any]:
    """Beyond what was read; a horizon may have grown since."""
    return (
        row(What.TAKEN, Calendar.read_until, sa.literal(_FOREVER, Hold.ends_at.type))
        .join(Connection, Connection.id == Calendar.connection_id)
        .where(*_looked_at(host_id), Calendar.read_until < end)
    )


def _blind(host_id: int, now: datetime) -> sa.Select[Any]:
    """A row for each calendar that stands in the way of all, by the minute that has begun: what is
    on offer changes with the minute only.
    """
    since = to_datetime(to_minutes(now)) - waits.CLOSED_AFTER
    lost = sa.and_(
        Connection.status == ConnectionStatus.NEEDS_RECONNECT, Connection.problem_at <= since
    )
    nothing = sa.null().cast(Hold.starts_at.type)
    return (
        row(What.BLIND, nothing, nothing)
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
