"""Bookings that wait for a connection, and what makes them due."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bookme.extensions import db
from bookme.models import Booking, BookingStatus, CalendarEntry, Meeting, MeetingState, Trouble
from bookme.providers.registry import MAKERS, PROVIDERS

#: Bookings that are given to the queue at once; the sweep finds the rest.
_MOST_HURRIED = 50
_WAITS_FOR_HOST = (Trouble.NOT_CONNECTED, Trouble.NEEDS_RECONNECT)
#: Refused for good, as long as it is the same account in the same state.
_REFUSED = (Trouble.NOT_ALLOWED, Trouble.REJECTED, Trouble.STORAGE_FULL)


def make_due(host_id: int, provider: str, *, now: datetime) -> list[int]:
    """Make the host's bookings due whose meetings or entries waited for this connection.

    Those are the ones not over of which something is waiting, was waiting for the host, was refused
    to the account (which may be another one now, or allowed more), or has not seen the booking's
    latest change, whose entry was left, or of which there may be a second meeting still to be
    looked for: what is missing is made, what was left is found, what has moved is updated, what was
    cancelled or is surplus is deleted. And those, also if they are over, of which words stand there
    whose person was erased. Flushes and leaves the commit to the caller.

    :return: those that begin first, to be hurried; the sweep finds the others.
    """
    due: list[int] = []
    for kind, names in _made_over_it(provider):
        found = (
            _coming(host_id, now)
            .join(kind, kind.booking_id == Booking.id)
            .where(_is_of(kind, names), _waits(kind))
        )
        for ids in (found, _forgotten(host_id, kind, names)):
            due += _due(ids, now)
            mine = sa.update(kind).where(kind.booking_id.in_(ids))
            _update(mine, state=_no_longer_failed(kind), trouble=None, next_attempt_at=None)
    return list(dict.fromkeys(due))


def is_any(host_id: int, provider: str, *, now: datetime) -> bool:
    """Whether a booking of the host waits for this connection."""
    found = [
        _coming(host_id, now)
        .join(kind, kind.booking_id == Booking.id)
        .where(_is_of(kind, names), _waits(kind))
        .exists()
        for kind, names in _made_over_it(provider)
    ]
    return bool(db.session.scalar(sa.select(sa.or_(*found))))


def make_entries_due(host_id: int, *, now: datetime) -> list[int]:
    """Make the host's coming bookings due that have no calendar entry, or one that is old and out
    of reach, or that another calendar has refused; as :func:`make_due`.
    """
    never_made = (MeetingState.WAITING, MeetingState.FAILED)
    missing = sa.and_(CalendarEntry.state.in_(never_made), CalendarEntry.made_at.is_(None))
    has_entry = sa.exists().where(CalendarEntry.booking_id == Booking.id, ~missing)
    has_entry = has_entry.where(~_waits_for_host(CalendarEntry))
    confirmed = _coming(host_id, now).where(Booking.status == BookingStatus.CONFIRMED)
    found = confirmed.where(~has_entry)
    lock(found)
    mine = sa.update(CalendarEntry).where(CalendarEntry.booking_id.in_(found))
    _update(mine, state=_no_longer_failed(CalendarEntry), trouble=None, next_attempt_at=None)
    return _due(found, now)


def _coming(host_id: int, now: datetime) -> sa.Select[int]:
    return sa.select(Booking.id).where(Booking.host_id == host_id, Booking.ends_at > now)


def _forgotten(
    host_id: int, kind: type[Meeting] | type[CalendarEntry], names: list[str]
) -> sa.Select[int]:
    of = sa.select(Booking.id).join(kind, kind.booking_id == Booking.id)
    return of.where(kind.forgotten, kind.provider.in_(names), Booking.host_id == host_id)


def _is_of(kind: type[Meeting] | type[CalendarEntry], names: list[str]) -> sa.ColumnElement[bool]:
    """Whether a meeting or entry may come about over the connection of these providers. An entry
    that is out of reach where it was made is made anew in whatever calendar takes the bookings.
    """
    mine = kind.provider.in_(names)
    return mine if kind is Meeting else sa.or_(mine, _waits_for_host(kind))


def _waits_for_host(kind: type[Meeting] | type[CalendarEntry]) -> sa.ColumnElement[bool]:
    return sa.func.coalesce(kind.trouble.in_(_WAITS_FOR_HOST), sa.false())


def _waits(kind: type[Meeting] | type[CalendarEntry]) -> sa.ColumnElement[bool]:
    behind = sa.and_(
        kind.state.in_((MeetingState.LEFT, MeetingState.READY)), kind.revision < Booking.revision
    )
    waiting = sa.or_(kind.state == MeetingState.WAITING, kind.trouble.in_(_WAITS_FOR_HOST))
    refused = sa.and_(kind.state == MeetingState.FAILED, kind.trouble.in_(_REFUSED))
    if kind is Meeting:
        return sa.or_(waiting, refused, behind, Meeting.look_again_at.is_not(None))
    return sa.or_(waiting, refused, behind, kind.state == MeetingState.LEFT)


def _no_longer_failed(kind: type[Meeting] | type[CalendarEntry]) -> sa.ColumnElement[MeetingState]:
    def state(name: MeetingState) -> sa.ColumnElement[MeetingState]:
        return sa.literal(name, kind.state.type)

    return sa.case(
        (kind.state != MeetingState.FAILED, kind.state),
        (kind.made_at.is_not(None), state(MeetingState.READY)),
        else_=state(MeetingState.WAITING),
    )


def _due(found: sa.Select[int], now: datetime) -> list[int]:
    lock(found)
    first = db.session.scalars(found.order_by(Booking.starts_at).limit(_MOST_HURRIED)).all()
    _update(sa.update(Booking).where(Booking.id.in_(found)), due_at=now, queued_at=None)
    return list(first)


def reconsider(host_id: int, provider: str, *, now: datetime) -> None:
    """Make the host's bookings due that waited for a connection to be mended, which has ended
    instead: what was made for them is left as it is, and that is said.

    Flushes and leaves the commit to the caller.
    """
    for kind, names in _made_over_it(provider):
        waiting = (
            _coming(host_id, now)
            .join(kind, kind.booking_id == Booking.id)
            .where(kind.provider.in_(names), kind.trouble == Trouble.NEEDS_RECONNECT)
        )
        lock(waiting)
        _update(sa.update(Booking).where(Booking.id.in_(waiting)), due_at=now, queued_at=None)


def lock(found: sa.Select[int]) -> None:
    """Keep bookings as they are until the transaction ends, before anything of theirs is written.

    A job locks its booking first and then writes its meeting and entry; whoever did it the other
    way round would end in a deadlock. Of two who want several, one waits for the other: all are
    locked in one order. (SQLite has one writer at a time, and nothing to lock.)
    """
    if db.engine.dialect.name == "postgresql":
        ordered = sa.select(Booking.id).where(Booking.id.in_(found)).order_by(Booking.id)
        db.session.execute(ordered.with_for_update(key_share=True))


def _made_over_it(provider: str) -> tuple[tuple[Any, list[str]], ...]:
    """What is made over a connection, and under which providers' names."""
    names = [name for name, maker in MAKERS.items() if maker.name == provider]
    entries = ((CalendarEntry, [provider]),) if PROVIDERS[provider].has_calendars else ()
    return (Meeting, names), *entries


def _update(statement: sa.Update, **values: object) -> None:
    db.session.execute(statement.values(**values).execution_options(synchronize_session="fetch"))
