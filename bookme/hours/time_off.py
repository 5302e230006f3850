"""Time off: stretches in which none of a host's schedules takes bookings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from bookme.errors import BookMeError
from bookme.extensions import db
from bookme.models import Booking, BookingStatus, TimeOff, User

PAGE = 25
#: How much time off may still be to come.
MOST = 200
#: How many of the bookings that time off covers are named.
_NAMED = 10
#: No appointment lasts longer.
_LONGEST = timedelta(days=1)


class TooMuchTimeOff(BookMeError):
    """The host has as much time off to come as there may be."""


class CoversBookings(BookMeError):
    """Bookings stand in the time, and the host has not been asked about so many.

    :param count: how many.
    :param first: the first of them.
    """

    def __init__(self, count: int, first: list[Booking]) -> None:
        super().__init__(str(count))
        self.count, self.first = count, first


@dataclass(frozen=True, slots=True)
class Page:
    """Some time off in order.

    :ivar more: the id after which the next page begins; None on the last one.
    """

    found: list[TimeOff]
    more: int | None


def coming(host: User, *, now: datetime, after: int | None = None, most: int = PAGE) -> Page:
    """The time off that is not over, what ends first at first.

    :param after: the id after which the page begins; one that is not the host's means the
        beginning.
    """
    key = sa.tuple_(TimeOff.ends_at, TimeOff.id)
    query = sa.select(TimeOff).where(TimeOff.host_id == host.id, TimeOff.ends_at > now)
    last = find(host, after) if after is not None else None
    if last is not None:
        ends_at = sa.bindparam("at", last.ends_at, TimeOff.ends_at.type)
        query = query.where(key > sa.tuple_(ends_at, sa.literal(last.id)))
    query = query.order_by(TimeOff.ends_at, TimeOff.id).limit(most + 1)
    found = list(db.session.scalars(query))
    return Page(found[:most], found[most - 1].id if len(found) > most else None)


def find(host: User, off_id: int) -> TimeOff | None:
    """One stretch of this host's time off."""
    query = sa.select(TimeOff).where(TimeOff.host_id == host.id, TimeOff.id == off_id)
    return db.session.scalar(query)


def add(host: User, values: Mapping[str, Any], *, asked: int, now: datetime) -> TimeOff:
    """Take time off. Bookings that stand in it stay.

    :param asked: about how many of those the host has been asked.
    :raises CoversBookings: if there are more.
    :raises TooMuchTimeOff: if there is too much already.
    """
    _lock(host)
    still = TimeOff.host_id == host.id, TimeOff.ends_at > now
    count = db.session.scalar(sa.select(sa.func.count(TimeOff.id)).where(*still)) or 0
    if count >= MOST:
        raise TooMuchTimeOff(f"{count} to come")
    _refuse_uncovered(host, values, asked=asked, now=now)
    made = TimeOff(host=host, created_at=now, **values)
    db.session.add(made)
    db.session.flush()
    return made


def change(off: TimeOff, values: Mapping[str, Any], *, asked: int, now: datetime) -> None:
    """Change when it is or what it is called, as :func:`add` takes it."""
    _lock(off.host)
    _refuse_uncovered(off.host, values, asked=asked, now=now)
    for name, value in values.items():
        setattr(off, name, value)
    db.session.flush()


def delete(off: TimeOff) -> None:
    """Be there after all."""
    db.session.delete(off)
    db.session.flush()


def _lock(host: User) -> None:
    """Nobody books meanwhile: whoever books locks the host too."""
    query = sa.select(User.id).where(User.id == host.id)
    db.session.execute(query.with_for_update(key_share=True))


def _refuse_uncovered(host: User, values: Mapping[str, Any], *, asked: int, now: datetime) -> None:
    begin, end = max(now, values["starts_at"]), values["ends_at"]
    covered = (
        Booking.host_id == host.id,
        Booking.starts_at > begin - _LONGEST,
        Booking.starts_at < end,
        Booking.ends_at > begin,
        Booking.status.in_((BookingStatus.PENDING, BookingStatus.CONFIRMED)),
    )
    count = db.session.scalar(sa.select(sa.func.count(Booking.id)).where(*covered)) or 0
    if count > asked:
        query = sa.select(Booking).where(*covered).order_by(Booking.starts_at, Booking.id)
        query = query.options(selectinload(Booking.attendees)).limit(_NAMED)
        raise CoversBookings(count, list(db.session.scalars(query)))
