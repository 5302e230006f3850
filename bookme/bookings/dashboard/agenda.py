"""What is ahead of a host, read at once: the day as a timeline, the week by day, what comes after
today, and what needs the host's hand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bookme.bookings import months
from bookme.bookings.dashboard.rows import IN_HAND, Row, rows
from bookme.models import Booking, BookingStatus, Meeting, MeetingState, User
from bookme.prepared import Prepared, among
from bookme.web.filters import day as day_of

_DAYS = 7
#: More than these in a week aren't shown one by one, and failed meetings are looked for among as
#: many of the next bookings: those after them are in time when they come nearer.
_MOST = 200
#: So many requests are shown, and of them those that end first; more are in the list of bookings.
MOST_REQUESTS = 25
#: So many failed meetings are shown, and so many bookings after today.
_MOST_FAILED, _COMING = 5, 8
#: No appointment is longer.
_LONGEST = timedelta(days=1)
#: A shorter break between two bookings isn't named.
_LEAST_GAP = 15
_OPEN = (BookingStatus.PENDING, BookingStatus.CONFIRMED)
_IN_TIME = Booking.starts_at, Booking.id


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the day: a booking; else the present moment, or a gap of so many minutes."""

    booking: Row | None = None
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is ahead.

    :ivar week: the bookings of today and the six days after it, by day; those that are over today
        and what has been going on since yesterday among them.
    :ivar coming: the first ones after today.
    :ivar requests: those that end first if they aren't answered.
    :ivar failed: bookings whose meetings wait for the host to try again.
    """

    week: dict[date, list[Row]]
    coming: list[Row]
    requests: list[Row]
    failed: list[Row]

    @property
    def is_empty(self) -> bool:
        return not any((*self.week.values(), self.coming, self.requests))


def ahead(host: User, *, now: datetime) -> Agenda:
    """What is ahead of a host. One query."""
    today = day_of(now, host.zone)
    dates = [today + timedelta(days=nth) for nth in range(_DAYS)]
    found = _found(host, now, *(months.midnight(on, host.zone) for on in _edges(today)))
    week: dict[date, list[Row]] = {on: [] for on in dates}
    later = []
    for one in found:
        on = max(day_of(one.starts_at, host.zone), today)
        if one.ends_at > now or one.starts_at >= months.midnight(today, host.zone):
            if on in week:
                week[on].append(one)
            if on > today:
                later.append(one)
    waiting = [one for one in found if one.status is BookingStatus.PENDING]
    waiting.sort(key=lambda one: (one.lapses_at or one.starts_at, one.id))
    failed = [one for one in found if one.has_failed and one.starts_at > now]
    return Agenda(week, later[:_COMING], waiting[:MOST_REQUESTS], failed[:_MOST_FAILED])


def _edges(today: date) -> tuple[date, date, date]:
    return today, today + timedelta(days=1), today + timedelta(days=_DAYS)


def _found(
    host: User, now: datetime, begin: datetime, tomorrow: datetime, end: datetime
) -> list[Row]:
    """All that is shown, in order of time, and perhaps a few more."""
    since = begin - _LONGEST
    times = {"now": now, "since": since, "begin": begin, "tomorrow": tomorrow, "end": end}
    return list(map(Row._make, _FOUND.rows(host=host.id, **times)))


def _statement() -> Any:
    at = {name: sa.bindparam(name, type_=Booking.starts_at.type) for name in _TIMES}
    mine = sa.select(Booking.id).where(Booking.host_id == sa.bindparam("host", type_=sa.Integer))
    open_ = mine.where(among(Booking.status, _OPEN))
    week = Booking.starts_at > at["since"], Booking.starts_at < at["end"]
    parts = (
        open_.where(*week, Booking.ends_at > at["begin"]).order_by(*_IN_TIME).limit(_MOST),
        open_.where(Booking.starts_at >= at["tomorrow"]).order_by(*_IN_TIME).limit(_COMING),
        mine.where(Booking.status == BookingStatus.PENDING)
        .order_by(Booking.lapses_at, Booking.id)
        .limit(MOST_REQUESTS),
        _failed(open_.where(Booking.starts_at > at["now"])),
    )
    ids = sa.union_all(*(sa.select(part.subquery().c.id) for part in parts))
    return rows().where(Booking.id.in_(ids)).order_by(*_IN_TIME)


def _failed(ahead: sa.Select[Any]) -> sa.Select[Any]:
    """Of the next bookings those whose meetings have failed."""
    near = ahead.add_columns(Booking.starts_at).order_by(*_IN_TIME).limit(_MOST).subquery()
    return (
        sa.select(near.c.id)
        .join(Meeting, Meeting.booking_id == near.c.id)
        .where(sa.or_(Meeting.state == MeetingState.FAILED, among(Meeting.trouble, IN_HAND)))
        .order_by(near.c.starts_at, near.c.id)
        .limit(_MOST_FAILED)
    )


_TIMES = ("now", "since", "begin", "tomorrow", "end")
_FOUND = Prepared(_statement)


def lines(bookings: Sequence[Row], *, now: datetime) -> Iterator[Line]:
    """A day's bookings with the gaps between them, and the present moment where it is."""
    is_said, before = False, None
    for booking in bookings:
        if not is_said and booking.ends_at > now:
            yield Line()
            is_said = True
        gap = (booking.starts_at - before) // timedelta(minutes=1) if before else 0
        if gap >= _LEAST_GAP:
            yield Line(gap=gap)
        yield Line(booking)
        before = max(before or booking.ends_at, booking.ends_at)
    if bookings and not is_said:
        yield Line()
