"""Which times of a schedule are on offer: the rules of :mod:`bookme.availability` over what the
database knows of the host's time.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa

from bookme import availability
from bookme.availability import Refusal, Rules, Span, to_datetime, to_minutes, to_minutes_up
from bookme.bookings import busy
from bookme.bookings.busy import Taken
from bookme.extensions import db
from bookme.models import HOLDING, Booking, Schedule

#: The schedule is switched off or deleted, or its host is not (or no longer) published.
CLOSED: Literal["closed"] = "closed"
#: A calendar of the host that is checked for conflicts could not be read for too long.
BLIND: Literal["blind"] = "blind"

_DAY = 1440
#: The limits' weeks begin on Monday in some zone, so up to a day earlier or later than in UTC.
_WEEK = timedelta(days=8)
_NEAR = timedelta(days=31)


def takes_bookings(schedule: Schedule) -> bool:
    """Whether a schedule offers any times at all."""
    host = schedule.host
    published = host.is_confirmed and host.closing_at is None
    return published and schedule.active and schedule.deleted_at is None


def open_slots(
    schedule: Schedule,
    begin: datetime,
    end: datetime,
    *,
    now: datetime,
    moving: Booking | None = None,
) -> list[datetime]:
    """The starts on offer in [``begin``, ``end``), in order; empty when the schedule is closed, or
    a calendar could not be read for too long.

    Takes one query, two for a schedule with limits. Their cost follows the range, which notice and
    horizon cut, and what the host's calendars hold; not the number of bookings.

    :param moving: a booking that looks for another time. Its own hold does not stand in its way,
        and it keeps the length it was booked with.
    """
    if not takes_bookings(schedule):
        return []
    first, stop = to_minutes_up(begin), to_minutes_up(end)
    rules = rules_for(schedule, moving)
    taken, booked = _taken(schedule, rules, (first, stop), now, moving)
    if taken.is_blind:
        return []
    starts = availability.open_slots(
        rules, first, stop, now=to_minutes_up(now), holds=taken.spans, busy=(), booked=booked
    )
    return [to_datetime(start) for start in starts]


def next_slot(
    schedule: Schedule, *, now: datetime, moving: Booking | None = None
) -> datetime | None:
    """The first start on offer; None if there is none up to the horizon."""
    horizon = now + timedelta(days=schedule.horizon_days, minutes=1)
    for begin, end in ((now, now + _NEAR), (now + _NEAR, horizon)):
        starts = open_slots(schedule, begin, end, now=now, moving=moving)
        if starts:
            return starts[0]
    return None


def refusal(
    schedule: Schedule, starts_at: datetime, *, now: datetime, moving: Booking | None = None
) -> Refusal | Literal["closed", "blind"] | None:
    """Why a start is not on offer; None exactly when :func:`open_slots` has it."""
    if not takes_bookings(schedule):
        return CLOSED
    start = to_minutes(starts_at)
    if to_datetime(start) != starts_at:
        return Refusal.OFF_GRID
    rules = rules_for(schedule, moving)
    taken, booked = _taken(schedule, rules, (start, start + 1), now, moving)
    if taken.is_blind:
        return BLIND
    return availability.refusal(
        rules, start, now=to_minutes_up(now), holds=taken.spans, busy=(), booked=booked
    )


def conflict(
    schedule: Schedule, starts_at: datetime, *, now: datetime
) -> Refusal | Literal["closed", "blind"] | None:
    """Why the host can't take a time whatever the schedule offers; None if nothing is in its way.

    Opening hours, notice, horizon, grid and limits are the host's own to overrule; another booking,
    a busy calendar, and one that nobody could read are not.
    """
    if schedule.deleted_at is not None or schedule.host.closing_at is not None:
        return CLOSED
    if starts_at < now:
        return Refusal.PAST
    begin, end = hold_times(
        schedule, starts_at, starts_at + timedelta(minutes=schedule.duration_minutes)
    )
    taken = busy.taken(schedule.host_id, begin, end, now=now)
    if taken.is_blind:
        return BLIND
    span = availability.span_of(begin, end)
    clashes = any(one[0] < span[1] and span[0] < one[1] for one in taken.spans)
    return Refusal.TAKEN if clashes else None


def rules_for(schedule: Schedule, moving: Booking | None = None) -> Rules:
    """A schedule's rules; a booking that moves keeps the length it was booked with."""
    if moving is None:
        return schedule.rules
    length = (moving.ends_at - moving.starts_at) // timedelta(minutes=1)
    return replace(schedule.rules, length=length)


def hold_times(
    schedule: Schedule, starts_at: datetime, ends_at: datetime
) -> tuple[datetime, datetime]:
    """From when to when an appointment takes its host's time: with the buffers around it."""
    return (
        starts_at - timedelta(minutes=schedule.buffer_before_minutes),
        ends_at + timedelta(minutes=schedule.buffer_after_minutes),
    )


def _taken(
    schedule: Schedule, rules: Rules, asked: Span, now: datetime, moving: Booking | None
) -> tuple[Taken, list[int]]:
    """What the starts of the asked range could run into, as far as now and the horizon let them;
    and the bookings that count for the schedule's limits.
    """
    first = max(asked[0], to_minutes(now))
    stop = min(asked[1], to_minutes_up(now) + rules.horizon * _DAY + 1)
    if first >= stop:
        return Taken([]), []
    begin, end = to_datetime(first - rules.before), to_datetime(stop + rules.length + rules.after)
    limited = rules.max_per_day is not None or rules.max_per_week is not None
    booked = _booked(schedule.id, begin - _WEEK, end + _WEEK, moving) if limited else []
    return busy.taken(schedule.host_id, begin, end, now=now, moving=moving), booked


def _booked(schedule_id: int, begin: datetime, end: datetime, moving: Booking | None) -> list[int]:
    query = sa.select(Booking.starts_at).where(
        Booking.schedule_id == schedule_id,
        Booking.starts_at >= begin,
        Booking.starts_at < end,
        Booking.status.in_(HOLDING),
    )
    if moving is not None:
        query = query.where(Booking.id != moving.id)
    return [to_minutes(start) for start in db.session.scalars(query)]
