"""A host's bookings as pages: by time, searched by booker, paged by key."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from bookme.extensions import db
from bookme.models import Attendee, Booking, BookingStatus, User
from bookme.web.bounds import row_id
from bookme.web.fields import instant_in

PAGE = 25


class Tab(StrEnum):
    UPCOMING = "upcoming"
    PAST = "past"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page begins: after this booking. Written in addresses as
    ``2027-03-02T09:00:00+00:00~7``.
    """

    starts_at: datetime
    id: int

    def __str__(self) -> str:
        return f"{self.starts_at.isoformat()}~{self.id}"

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


def page(
    host: User, tab: Tab, *, now: datetime, search: str = "", after: Key | None = None
) -> Page:
    """One page of a host's bookings: upcoming ones soonest first, the others latest first.

    :param search: part of a booker's name or e-mail; empty finds all.
    """
    query = sa.select(Booking).where(Booking.host_id == host.id, *_in_tab(tab, now))
    if search:
        query = query.where(Booking.attendees.any(_matches(search)))
    key = sa.tuple_(Booking.starts_at, Booking.id)
    upcoming = tab is Tab.UPCOMING
    if after is not None:
        place = sa.tuple_(
            sa.bindparam("at", after.starts_at, Booking.starts_at.type),
            sa.bindparam("id", after.id, Booking.id.type),
        )
        query = query.where(key > place if upcoming else key < place)
    order = (Booking.starts_at, Booking.id)
    query = query.order_by(*(order if upcoming else (column.desc() for column in order)))
    found = list(db.session.scalars(query.options(*_shown()).limit(PAGE + 1)))
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(found[:PAGE], Key(last.starts_at, last.id) if last else None)


def coming(host: User, *, now: datetime, most: int = 8) -> list[Booking]:
    """What comes next."""
    query = sa.select(Booking).where(Booking.host_id == host.id, *_in_tab(Tab.UPCOMING, now))
    query = query.order_by(Booking.starts_at, Booking.id).options(*_shown()).limit(most)
    return list(db.session.scalars(query))


def find(host: User, reference: str) -> Booking | None:
    """One booking of this host by its reference, with all that its page shows."""
    everything = (*_shown(), selectinload(Booking.emails), selectinload(Booking.events))
    query = sa.select(Booking).where(
        Booking.host_id == host.id,
        Booking.reference == reference,
        Booking.status != BookingStatus.HELD,
    )
    return db.session.scalar(query.options(*everything))


def _in_tab(tab: Tab, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    live = Booking.status.in_((BookingStatus.PENDING, BookingStatus.CONFIRMED))
    if tab is Tab.CANCELLED:
        return (sa.not_(live), Booking.status != BookingStatus.HELD)
    return (live, Booking.ends_at > now if tab is Tab.UPCOMING else Booking.ends_at <= now)


def _matches(search: str) -> sa.ColumnElement[bool]:
    text = search.strip().lower()
    name, email = sa.func.lower(Attendee.name), sa.func.lower(Attendee.email)
    return name.contains(text, autoescape=True) | email.contains(text, autoescape=True)


def _shown() -> tuple[sa.orm.interfaces.ORMOption, ...]:
    return (selectinload(Booking.attendees), selectinload(Booking.meeting))
