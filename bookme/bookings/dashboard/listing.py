"""A host's bookings as pages: filtered, in order, paged by key.

A booking that waits for its booker's e-mail address to be confirmed is nobody's yet: none of these
finds it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from bookme.bookings import months
from bookme.bookings.dashboard.filters import Filter, Sort, State
from bookme.bookings.dashboard.rows import Row, read, rows
from bookme.bookings.dashboard.search import mentions
from bookme.extensions import db
from bookme.models import Booking, BookingStatus, Reminder, User
from bookme.prepared import Prepared, among
from bookme.web.bounds import row_id
from bookme.web.fields import instant_in

PAGE = 25
#: No appointment is longer, so what isn't over began at most so long ago.
_LONGEST = timedelta(days=1)
#: What takes place, or may. Said by what doesn't, so that SQLite reads the index by time.
_ENDED = (BookingStatus.CANCELLED, BookingStatus.DECLINED, BookingStatus.LAPSED)
_OF_STATE = {
    State.CONFIRMED: BookingStatus.CONFIRMED,
    State.CANCELLED: BookingStatus.CANCELLED,
    State.DECLINED: BookingStatus.DECLINED,
    State.LAPSED: BookingStatus.LAPSED,
}


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page begins: after this booking, in the order by ``at`` and id. Written in addresses
    as ``2027-03-02T09:00:00+00:00~7``.
    """

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Key | None":
        """The key in an address; None for anything else."""
        at, _, number = text.partition("~")
        try:
            return cls(instant_in(at), row_id(number))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Page:
    """Some bookings in order.

    :param more: the key of the next page; None on the last one.
    """

    bookings: list[Booking]
    more: Key | None


@dataclass(frozen=True, slots=True)
class Shown:
    """As :class:`Page`, of what a list shows of them."""

    bookings: list[Row]
    more: Key | None


def page(
    host: User, asked: Filter, *, now: datetime, after: Key | None = None, size: int = PAGE
) -> Page:
    """One page of a host's bookings."""
    query = found(host, asked, now=now).options(*_with_people())
    return Page(*_cut(list(db.session.scalars(_in_order(query, asked, after, size))), asked, size))


def shown(
    host: User, asked: Filter, *, now: datetime, after: Key | None = None, size: int = PAGE
) -> Shown:
    """The same page as a list shows it. One query, and one for each word of a search."""
    values = _values(host, asked, now, after)

    def query() -> Any:
        return _in_order(rows().where(*_conditions(host, asked, values)), asked, after, size)

    if asked.search:
        return Shown(*_cut(read(query()), asked, size))
    shape = asked.state, asked.sort, *(name in values for name in _PERHAPS), size
    prepared = _PREPARED.setdefault(shape, Prepared(query))
    return Shown(*_cut(list(map(Row._make, prepared.rows(**values))), asked, size))


#: The statements of lists, by what they are narrowed to and in which order they are.
_PREPARED: dict[tuple[object, ...], Prepared] = {}
#: What may be asked for, or not.
_PERHAPS = ("schedule", "since", "until", "at")


def _values(host: User, asked: Filter, now: datetime, after: Key | None = None) -> dict[str, Any]:
    """What a statement is asked with, by the names of its parameters."""
    until = asked.until + timedelta(days=1) if asked.until else None
    found = {
        "host": host.id,
        "now": now,
        "begun": now - _LONGEST,
        "schedule": asked.schedule_id,
        "since": months.midnight(asked.since, host.zone) if asked.since else None,
        "until": months.midnight(until, host.zone) if until else None,
        "at": after.at if after else None,
        "id": after.id if after else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _in_order(query: Any, asked: Filter, after: Key | None, size: int) -> Any:
    """A page's rows and one more, which tells whether there is another page."""
    column = _column(asked)
    key = sa.tuple_(column, Booking.id)
    rising = asked.sort is Sort.SOONEST
    if after is not None:
        place = sa.tuple_(
            sa.bindparam("at", after.at, column.type),
            sa.bindparam("id", after.id, Booking.id.type),
        )
        query = query.where(key > place if rising else key < place)
    order = (column, Booking.id)
    return query.order_by(*(order if rising else (one.desc() for one in order))).limit(size + 1)


def _cut(found: list[Any], asked: Filter, size: int) -> tuple[list[Any], Key | None]:
    last = found[size - 1] if len(found) > size else None
    return found[:size], Key(getattr(last, _column(asked).key), last.id) if last else None


def _column(asked: Filter) -> Any:
    return Booking.created_at if asked.sort is Sort.BOOKED else Booking.starts_at


def found(host: User, asked: Filter, *, now: datetime) -> sa.Select[Booking]:
    """The host's bookings that a filter lets through, in no order."""
    return sa.select(Booking).where(*_conditions(host, asked, _values(host, asked, now)))


def _conditions(
    host: User, asked: Filter, values: dict[str, Any]
) -> Iterator[sa.ColumnElement[bool]]:
    at = {
        name: sa.bindparam(name, values.get(name), Booking.starts_at.type)
        for name in ("now", "begun", "since", "until")
    }
    mine: Any = Booking.host_id
    if asked.search.split():
        condition, by_ids = mentions(host, asked.search)
        yield condition
        mine = mine + 0 if by_ids else mine  # what is computed is in no index
    yield _of(sa.bindparam("host", host.id, sa.Integer), mine)
    yield from _in_state(asked.state, at["now"])
    if asked.sort is not Sort.BOOKED:  # which is read by when they were booked
        yield from _in_reach(asked.state, at)
    if "schedule" in values:
        yield Booking.schedule_id == sa.bindparam("schedule", values["schedule"], sa.Integer)
    if "since" in values:
        yield Booking.starts_at >= at["since"]
    if "until" in values:
        yield Booking.starts_at < at["until"]


def has_any(host: User) -> bool:
    """Whether anybody has ever booked the host."""
    return bool(db.session.scalar(sa.select(sa.exists().where(_of(host.id)))))


def find(host: User, reference: str) -> Booking | None:
    """One booking of this host by its reference, with all that its page shows."""
    everything = (*_with_people(), selectinload(Booking.emails), selectinload(Booking.events))
    everything += (selectinload(Booking.reminders).joinedload(Reminder.rule),)
    query = sa.select(Booking).where(_of(host.id), Booking.reference == reference)
    return db.session.scalar(query.options(*everything))


def _of(host_id: Any, mine: Any = Booking.host_id) -> sa.ColumnElement[bool]:
    return sa.and_(mine == host_id, Booking.status != BookingStatus.HELD)


def _in_state(state: State, now: Any) -> tuple[sa.ColumnElement[bool], ...]:
    if state is State.UPCOMING:
        return (~among(Booking.status, _ENDED), Booking.ends_at > now)
    if state is State.PENDING:
        return (Booking.status == BookingStatus.PENDING, Booking.ends_at > now)
    if state is State.PAST:
        return (~among(Booking.status, _ENDED), Booking.ends_at <= now)
    if state is State.NO_SHOW:
        return (sa.and_(Booking.missed),)
    status = _OF_STATE.get(state)
    return () if status is None else (Booking.status == status,)


def _in_reach(state: State, at: dict[str, Any]) -> tuple[sa.ColumnElement[bool], ...]:
    """What the state says already, said of the start: where to begin in an index by it."""
    if state in (State.UPCOMING, State.PENDING):
        return (Booking.starts_at > at["begun"],)
    return (Booking.starts_at < at["now"],) if state is State.PAST else ()


def _with_people() -> tuple[sa.orm.interfaces.ORMOption, ...]:
    return (selectinload(Booking.attendees), selectinload(Booking.meeting))
