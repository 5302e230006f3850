"""The days ahead of a host: today as a timeline, and the week by day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, selectinload

from bookme.bookings import months
from bookme.extensions import db
from bookme.models import Booking, BookingStatus, Meeting, MeetingState, Trouble, User
from bookme.web.filters import day as day_of

_DAYS = 7
#: More than these in a week aren't shown one by one.
_MOST = 200
#: A shorter break between two bookings isn't named.
_LEAST_GAP = 15
_OPEN = (BookingStatus.PENDING, BookingStatus.CONFIRMED)
#: What the host has to look at; what BookMe tries again by itself is none of it.
_IN_HAND = (Trouble.NOT_ALLOWED, Trouble.REJECTED, Trouble.STORAGE_FULL)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the day: a booking; else the present moment, or a gap of so many minutes."""

    booking: Booking | None = None
    gap: int = 0


def week(host: User, *, now: datetime) -> dict[date, list[Booking]]:
    """The bookings of today and the six days after it, those that are over today among them."""
    today = day_of(now, host.zone)
    dates = [today + timedelta(days=nth) for nth in range(_DAYS)]
    begin, end = (months.midnight(on, host.zone) for on in (today, dates[-1] + timedelta(days=1)))
    query = (
        sa.select(Booking)
        .where(Booking.host_id == host.id, Booking.status.in_(_OPEN))
        .where(Booking.starts_at >= begin, Booking.starts_at < end)
        .order_by(Booking.starts_at, Booking.id)
        .options(selectinload(Booking.attendees), selectinload(Booking.meeting))
        .limit(_MOST)
    )
    found: dict[date, list[Booking]] = {on: [] for on in dates}
    for booking in db.session.scalars(query):
        found[day_of(booking.starts_at, host.zone)].append(booking)
    return found


def lines(bookings: Sequence[Booking], *, now: datetime) -> Iterator[Line]:
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


def failed(host: User, *, now: datetime, most: int = 5) -> list[Booking]:
    """Bookings to come whose meetings wait for the host to try again."""
    query = (
        sa.select(Booking)
        .join(Booking.meeting)
        .options(contains_eager(Booking.meeting), selectinload(Booking.attendees))
        .where(Booking.host_id == host.id, Booking.status == BookingStatus.CONFIRMED)
        .where(Booking.starts_at > now)
        .where(sa.or_(Meeting.state == MeetingState.FAILED, Meeting.trouble.in_(_IN_HAND)))
        .order_by(Booking.starts_at, Booking.id)
        .limit(most)
    )
    return list(db.session.scalars(query))
