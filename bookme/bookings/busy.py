"""What takes a host's time: bookings, time off, and what the calendars that are checked for
conflicts say.

Calendars are rows that jobs read; nothing here waits for a provider. What BookMe itself has written
into a calendar does not count: the booking's hold does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from bookme import waits
from bookme.availability import Plans, Rules, to_datetime, to_minutes
from bookme.bookings import counting
from bookme.bookings.counting import What, row
from bookme.bookings.minute_columns import AllOf, MinuteOf, spans_in
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
from bookme.prepared import Prepared, fixed, needs_session

#: A day's appointment with a day's buffer on both sides is the longest hold. That bound keeps the
#: queries from walking through all that is past.
_LONGEST_HOLD = timedelta(days=3)
#: The end of what was never read.
_FOREVER = datetime(2200, 1, 1, tzinfo=UTC)

_HOST = sa.bindparam("host_id", type_=sa.Integer())
_BEGIN, _END = (sa.bindparam(name, type_=Hold.starts_at.type) for name in ("begin", "end"))


@dataclass(frozen=True, slots=True)
class Taken:
    """What stands in the way of appointments between two instants.

    :ivar is_blind: a calendar that should be looked at could not be read for too long, so that
        nobody knows what else takes the time.
    """

    plans: Plans
    is_blind: bool = False


class _Asked(NamedTuple):
    """Which parts the one query has.

    :ivar limited: bookings count for limits of the host, or of the schedule only; None: of nobody.
    """

    moves: bool
    limited: Literal["host", "schedule"] | None
    capped: bool


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
    limited: Literal["host", "schedule"] | None
    limited = "host" if rules.host_limit else "schedule" if rules.limit else None
    asked = _Asked(moving is not None, limited, rules.max_per_booker is not None and bool(email))
    _flush()
    return _sorted(
        _asking(asked).rows(
            host_id=schedule.host_id,
            schedule_id=schedule.id,
            begin=begin,
            end=end,
            longest=begin - _LONGEST_HOLD,
            since=_blind_since(now),
            now=now,
            moving=moving.id if moving is not None else None,
            email=email.lower(),
            **counting.around(begin, end),
        )
    )


def _sorted(rows: Sequence[tuple[int, Any, Any]]) -> Taken:
    taken, booked, elsewhere, others = [], [], [], []
    for what, begin, end in rows:
        if not what:  # What.TAKEN, of which there may be thousands
            taken.append((begin, end))
        elif what == What.SPANS:
            taken += spans_in(begin, end) if begin else []
        elif what == What.BOOKED:
            booked.append(begin)
        elif what == What.BOOKED_ELSEWHERE:
            elsewhere.append(begin)
        else:
            others.append(what)
    plans = Plans(taken, booked, booked + elsewhere, others.count(What.HELD))
    return Taken(plans, is_blind=What.BLIND in others)


def is_blind(host_id: int, *, now: datetime) -> bool:
    """Whether the host's schedules offer no times, because a calendar is unreadable."""
    _flush()
    return bool(_BLIND.rows(host_id=host_id, since=_blind_since(now)))


def _flush() -> None:
    """As a query of models does by itself."""
    if needs_session():
        db.session.flush()


@cache
def _asking(asked: _Asked) -> Prepared:
    return Prepared(partial(_query, asked))


def _query(asked: _Asked) -> sa.CompoundSelect[Any]:
    of_bookings = []
    if asked.limited:
        of_bookings.append(counting.counted(of_host=asked.limited == "host"))
    if asked.capped:
        of_bookings.append(counting.held())
    holds, moved = _holds(), sa.bindparam("moving", type_=sa.Integer())
    if asked.moves:
        holds = holds.where(Hold.booking_id != moved)
        of_bookings = [query.where(Booking.id != moved) for query in of_bookings]
    return sa.union_all(holds, _busy(), _unread(), _time_off(), _blind(), *of_bookings)


def _own_entry() -> sa.ColumnElement[bool]:
    """The condition that an entry of a calendar is one that BookMe wrote for the same host."""
    return (
        sa.select(CalendarEntry.id)
        .join(Booking, Booking.id == CalendarEntry.booking_id)
        .where(
            CalendarEntry.external_id == BusyTime.entry_id,
            CalendarEntry.provider == Connection.provider,
            Booking.host_id == _HOST,
        )
        .exists()
    )


def _holds() -> sa.Select[Any]:
    return row(What.TAKEN, Hold.starts_at, Hold.ends_at).where(
        Hold.host_id == _HOST,
        Hold.starts_at > sa.bindparam("longest", type_=Hold.starts_at.type),
        Hold.starts_at < _END,
        Hold.ends_at > _BEGIN,
    )


def _busy() -> Any:
    found: Any = row(What.TAKEN, BusyTime.starts_at, BusyTime.ends_at)
    if db.session.get_bind().dialect.name == "sqlite":
        spans = sa.literal_column(str(int(What.SPANS)), sa.Integer)
        found = sa.select(spans, AllOf(BusyTime.starts_at), AllOf(BusyTime.ends_at))
    return (
        found.join(Calendar, Calendar.id == BusyTime.calendar_id)
        .join(Connection, Connection.id == Calendar.connection_id)
        .where(*_looked_at(), BusyTime.starts_at < _END, BusyTime.ends_at > _BEGIN)
        .where(BusyTime.starts_at < BusyTime.ends_at, ~_own_entry())
    )


def _time_off() -> sa.Select[Any]:
    return row(What.TAKEN, TimeOff.starts_at, TimeOff.ends_at).where(
        TimeOff.host_id == _HOST, TimeOff.ends_at > _BEGIN, TimeOff.starts_at < _END
    )


def _unread() -> sa.Select[int, int, int]:
    """Beyond what was read; a horizon may have grown since."""
    return (
        sa.select(
            sa.literal_column(str(int(What.TAKEN)), sa.Integer),
            MinuteOf(Calendar.read_until),
            sa.literal_column(str(to_minutes(_FOREVER)), sa.Integer),
        )
        .join(Connection, Connection.id == Calendar.connection_id)
        .where(*_looked_at(), Calendar.read_until < _END)
    )


def _blind() -> sa.Select[Any]:
    """A row for each calendar that stands in the way of all."""
    since = sa.bindparam("since", type_=Calendar.failing_since.type)
    lost = sa.and_(
        Connection.status == fixed(ConnectionStatus.NEEDS_RECONNECT), Connection.problem_at <= since
    )
    what: list[Any] = [
        sa.literal_column(str(number), sa.Integer) for number in (int(What.BLIND), 0, 0)
    ]
    return (
        sa.select(*what)
        .select_from(Calendar)
        .join(Connection, Connection.id == Calendar.connection_id)
        .where(*_looked_at(), sa.or_(Calendar.failing_since <= since, lost))
    )


_BLIND = Prepared(_blind)


def _blind_since(now: datetime) -> datetime:
    """By the minute that has begun: what is on offer changes with the minute only."""
    return to_datetime(to_minutes(now)) - waits.CLOSED_AFTER


def _looked_at() -> tuple[Any, ...]:
    return (
        Calendar.host_id == _HOST,
        Calendar.is_checked,
        Connection.status != fixed(ConnectionStatus.INACTIVE),
    )
