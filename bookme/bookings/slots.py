"""Which times of a schedule are on offer: the rules of :mod:`bookme.availability` over what the
database knows of the host's time.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from bookme import availability
from bookme.availability import (
    Plans,
    Refusal,
    Rules,
    Span,
    to_datetime,
    to_datetimes,
    to_minutes,
    to_minutes_up,
)
from bookme.bookings import busy
from bookme.bookings.busy import Taken
from bookme.models import Booking, Schedule

#: The schedule is switched off or deleted, or its host is not (or no longer) published.
CLOSED: Literal["closed"] = "closed"
#: A calendar of the host that is checked for conflicts could not be read for too long.
BLIND: Literal["blind"] = "blind"

#: The length is none that the schedule offers.
LENGTH: Literal["length"] = "length"

Reason = Refusal | Literal["closed", "blind", "length"]

_NEAR = timedelta(days=31)


def takes_bookings(schedule: Schedule) -> bool:
    """Whether a schedule offers any times at all."""
    host = schedule.host
    published = host.is_confirmed and host.closing_at is None and host.paused_at is None
    return published and schedule.active and schedule.deleted_at is None


def open_slots(
    schedule: Schedule,
    begin: datetime,
    end: datetime,
    *,
    now: datetime,
    moving: Booking | None = None,
    minutes: int | None = None,
) -> list[datetime]:
    """The starts on offer in [``begin``, ``end``), as :func:`open_minutes` finds them."""
    asked = to_minutes_up(begin), to_minutes_up(end)
    return to_datetimes(open_minutes(schedule, asked, now=now, moving=moving, minutes=minutes))


def open_minutes(
    schedule: Schedule,
    asked: Span,
    *,
    now: datetime,
    moving: Booking | None = None,
    minutes: int | None = None,
    rules: Rules | None = None,
) -> list[int]:
    """The starts on offer in a range, in order; empty when the schedule is closed, or a calendar
    could not be read for too long. All in minutes since the epoch.

    Takes one query. Its cost follows the range, which notice and horizon cut, and what the host's
    calendars hold; not the number of bookings.

    :param moving: a booking that looks for another time. Its own hold does not stand in its way,
        and it keeps the length it was booked with.
    :param minutes: the length that was chosen; None for the one chosen at first.
    :param rules: the schedule's for all that, if they are at hand.
    """
    if not takes_bookings(schedule) or not _offers(schedule, minutes):
        return []
    rules = rules or rules_for(schedule, moving, minutes)
    taken = _taken(schedule, rules, asked, now, moving)
    if taken.is_blind:
        return []
    return availability.open_slots(rules, *asked, now=to_minutes_up(now), plans=taken.plans)


def next_slot(
    schedule: Schedule,
    *,
    now: datetime,
    moving: Booking | None = None,
    minutes: int | None = None,
) -> datetime | None:
    """The first start on offer; None if there is none as far as people can book."""
    first, last = reach(schedule, now=now)
    end = last + timedelta(minutes=1)
    for begin, stop in ((first, first + _NEAR), (first + _NEAR, end)):
        starts = open_slots(schedule, begin, stop, now=now, moving=moving, minutes=minutes)
        if starts:
            return starts[0]
    return None


def reach(schedule: Schedule, *, now: datetime) -> tuple[datetime, datetime]:
    """The first and the last instant at which appointments may start, hours and notice aside.

    Where a range of dates is over, the last one is before the first.
    """
    first, stop = schedule.rules.reach(to_minutes_up(now))
    return to_datetime(first), to_datetime(stop - 1)


def refusal(
    schedule: Schedule,
    starts_at: datetime,
    *,
    now: datetime,
    moving: Booking | None = None,
    minutes: int | None = None,
    email: str = "",
) -> Reason | None:
    """Why a start is not on offer; None exactly when :func:`open_slots` has it.

    :param email: who wants to book, folded: a booker who has as many appointments to come as the
        schedule allows is offered none. A booking that moves is none more, so it needs no e-mail.
    """
    if not takes_bookings(schedule):
        return CLOSED
    if not _offers(schedule, minutes):
        return LENGTH
    start = to_minutes(starts_at)
    if to_datetime(start) != starts_at:
        return Refusal.OFF_GRID
    rules = rules_for(schedule, moving, minutes)
    taken = _taken(schedule, rules, (start, start + 1), now, moving, email)
    if taken.is_blind:
        return BLIND
    return availability.refusal(rules, start, now=to_minutes_up(now), plans=taken.plans)


def conflict(
    schedule: Schedule, starts_at: datetime, *, now: datetime, minutes: int | None = None
) -> Reason | None:
    """Why the host can't take a time whatever the schedule offers; None if nothing is in its way.

    Opening hours, notice, horizon, grid and limits are the host's own to overrule; another booking,
    time off, a busy calendar, and one that nobody could read are not.
    """
    host = schedule.host
    if schedule.deleted_at or host.closing_at or host.paused_at:
        return CLOSED
    if not _offers(schedule, minutes):
        return LENGTH
    if starts_at < now:
        return Refusal.PAST
    rules = rules_for(schedule, minutes=minutes)
    begin, end = hold_times(schedule, starts_at, starts_at + timedelta(minutes=rules.length))
    taken = busy.taken(schedule, rules, begin, end, now=now)
    if taken.is_blind:
        return BLIND
    hold = availability.span_of(begin, end)
    clashes = any(availability.overlaps(hold, one) for one in taken.plans.taken)
    return Refusal.TAKEN if clashes else None


def rules_for(
    schedule: Schedule, moving: Booking | None = None, minutes: int | None = None
) -> Rules:
    """A schedule's rules for the length that was chosen; a booking that moves keeps the length it
    was booked with.
    """
    rules = schedule.rules
    if moving is not None:
        minutes = (moving.ends_at - moving.starts_at) // timedelta(minutes=1)
    return rules if minutes is None else replace(rules, length=minutes)


def hold_times(
    schedule: Schedule, starts_at: datetime, ends_at: datetime
) -> tuple[datetime, datetime]:
    """From when to when an appointment takes its host's time: with the buffers around it."""
    return (
        starts_at - timedelta(minutes=schedule.buffer_before_minutes),
        ends_at + timedelta(minutes=schedule.buffer_after_minutes),
    )


def _offers(schedule: Schedule, minutes: int | None) -> bool:
    return minutes is None or minutes in schedule.durations


def _taken(
    schedule: Schedule,
    rules: Rules,
    asked: Span,
    now: datetime,
    moving: Booking | None,
    email: str = "",
) -> Taken:
    """What the starts of the asked range could run into, as far as people can book, and what counts
    for limits.
    """
    reach = rules.reach(to_minutes(now))
    first, stop = max(asked[0], reach[0]), min(asked[1], reach[1] + 1)
    if first >= stop:
        return Taken(Plans())
    begin, end = to_datetime(first - rules.before), to_datetime(stop + rules.length + rules.after)
    return busy.taken(schedule, rules, begin, end, now=now, moving=moving, email=email)
