"""The rows of a host's calendars: as the provider lists them, and as the host has chosen them.

Nothing here commits.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager

from bookme.extensions import db
from bookme.models import (
    Booking,
    BusyTime,
    Calendar,
    CalendarEntry,
    Connection,
    ConnectionStatus,
    MeetingState,
    Trouble,
)
from bookme.providers.calendar import CalendarInfo

#: What is left of a calendar's readings when it is no longer checked.
_UNREAD: dict[str, Any] = {
    "read_at": None,
    "read_until": None,
    "read_after": None,
    "failing_since": None,
    "trouble": None,
    "attempts": 0,
    "told_failing_at": None,
    "told_closed_at": None,
    "unclear_count": 0,
    "unclear_sealed": None,
    "queued_at": None,
    "lease_until": None,
    "lease_holder": None,
}
#: The ids that BookMe gives to entries itself begin so; others may name the account.
_OWN_ID = "bookme"


def of_host(host_id: int) -> list[Calendar]:
    """The calendars of a host's connections, the main ones first; with their connections."""
    return list(
        db.session.scalars(
            sa.select(Calendar)
            .join(Calendar.connection)
            .options(contains_eager(Calendar.connection))
            .where(Calendar.host_id == host_id, Connection.status != ConnectionStatus.INACTIVE)
            .order_by(Connection.provider, Calendar.is_primary.desc(), Calendar.id)
        )
    )


def of_connection(connection_id: int) -> list[Calendar]:
    """The calendars of one connection, the main one first."""
    mine = sa.select(Calendar).where(Calendar.connection_id == connection_id)
    return list(db.session.scalars(mine.order_by(Calendar.is_primary.desc(), Calendar.id)))


def store(connection: Connection, listed: Sequence[CalendarInfo], *, now: datetime) -> list[int]:
    """Bring a connection's rows in line with what its provider lists; lock the connection first.

    Of a new connection the main calendar is checked for conflicts, and takes the bookings if
    nothing of the host's does yet. A calendar that is gone stays as long as the host relies on it,
    and is marked: what was busy must not become free in silence.

    :return: the calendars to be read at once.
    """
    known = {row.external_id: row for row in _of(connection.id)}
    to_read = [_updated(known[one.id], one, now=now) for one in listed if one.id in known]
    added = [_added(connection, one) for one in listed if one.id not in known]
    if not known and added:
        to_read.append(_begun(added, connection.host_id, now=now))
    names = {one.id for one in listed}
    to_read += [_missing(row, now=now) for key, row in known.items() if key not in names]
    db.session.flush()
    return [row.id for row in to_read if row is not None]


def move(old_id: int, new_id: int, *, now: datetime) -> None:
    """Give the calendars of a connection to the one that takes its place, to be read anew."""
    mine = Calendar.connection_id == old_id
    unread = {"read_after": now, "queued_at": None, "lease_until": None, "lease_holder": None}
    _update(sa.update(Calendar).where(mine, Calendar.is_checked), **unread)
    # What was not understood over the old one is told anew by the next reading.
    _update(
        sa.update(Calendar).where(mine), connection_id=new_id, unclear_count=0, unclear_sealed=None
    )


def is_there(host_id: int, calendar_id: int | None, external_id: str) -> bool:
    """Whether a host still has this calendar, over whichever connection."""
    return (
        db.session.scalar(
            sa.select(Calendar.id).where(
                Calendar.id == calendar_id,
                Calendar.host_id == host_id,
                Calendar.external_id == external_id,
            )
        )
        is not None
    )


def is_own_id(external_id: str) -> bool:
    """Whether an entry's id is one that BookMe has given, and so tells nothing of the account."""
    return external_id.startswith(_OWN_ID)


def forget(connection: Connection) -> None:
    """Delete a connection's calendars, all that was read in them, and from the entries what names
    the account. The entries themselves stay where they are. Lock their bookings first.
    """
    entries = sa.update(CalendarEntry).where(
        CalendarEntry.provider == connection.provider,
        CalendarEntry.booking_id.in_(bookings_with_entries(connection)),
    )
    foreign = CalendarEntry.external_id.not_like(f"{_OWN_ID}%")
    _update(entries.where(foreign), external_id=None)
    _update(entries.where(CalendarEntry.state == MeetingState.READY), state=MeetingState.LEFT)
    _update(entries, calendar_id=None, calendar_external_id=None, etag=None)
    db.session.execute(
        sa.delete(Calendar)
        .where(Calendar.connection_id == connection.id)
        .execution_options(synchronize_session="fetch")
    )


def bookings_with_entries(connection: Connection) -> sa.Select[int]:
    """Ids of the bookings that may have an entry in an account: of all that the host ever took."""
    return (
        sa.select(Booking.id)
        .join(CalendarEntry, CalendarEntry.booking_id == Booking.id)
        .where(Booking.host_id == connection.host_id)
        .where(CalendarEntry.provider == connection.provider)
    )


def check(connection: Connection, ids: Iterable[int], *, now: datetime) -> list[int]:
    """Check exactly these of a connection's calendars for conflicts; lock the connection first.

    What is no longer checked loses its busy times.

    :return: those to be read at once.
    """
    wanted, to_read = set(ids), []
    for row in _of(connection.id):
        if row.id in wanted and not row.is_checked:
            row.is_checked, row.read_after = True, now
            to_read.append(row.id)
        elif row.id not in wanted and row.is_checked:
            _uncheck(row)
    db.session.flush()
    return to_read


def take_bookings(host_id: int, calendar_id: int | None) -> None:
    """Add the host's bookings to this calendar from now on, or to none. Lock the host first."""
    others = sa.update(Calendar).where(Calendar.host_id == host_id, Calendar.takes_bookings)
    _update(others, takes_bookings=False)
    chosen = Calendar.host_id == host_id, Calendar.id == calendar_id
    _update(sa.update(Calendar).where(*chosen), takes_bookings=True)


def writable(connection_id: int) -> list[Calendar]:
    """The calendars of a connection that can be written to: the one that takes bookings, the main
    one, the others.
    """
    mine = sa.select(Calendar).where(Calendar.connection_id == connection_id, Calendar.may_write)
    first = Calendar.takes_bookings.desc(), Calendar.is_primary.desc(), Calendar.id
    return list(db.session.scalars(mine.order_by(*first)))


def takes_bookings(host_id: int) -> bool:
    """Whether the host has bookings added to a calendar."""
    chosen = sa.select(Calendar.id).where(Calendar.host_id == host_id, Calendar.takes_bookings)
    return db.session.scalar(chosen) is not None


def checked(connection_id: int) -> list[int]:
    """The calendars of a connection that are checked for conflicts."""
    mine = Calendar.connection_id == connection_id, Calendar.is_checked
    return list(db.session.scalars(sa.select(Calendar.id).where(*mine).order_by(Calendar.id)))


def _of(connection_id: int) -> Sequence[Calendar]:
    rows = sa.select(Calendar).where(Calendar.connection_id == connection_id).order_by(Calendar.id)
    return db.session.scalars(rows.execution_options(populate_existing=True)).all()


def _added(connection: Connection, one: CalendarInfo) -> Calendar:
    row = Calendar(host_id=connection.host_id, connection_id=connection.id, external_id=one.id)
    _describe(row, one)
    db.session.add(row)
    return row


def _updated(row: Calendar, one: CalendarInfo, *, now: datetime) -> Calendar | None:
    _describe(row, one)
    if row.trouble is not Trouble.CALENDAR_GONE:
        return None
    row.trouble, row.read_after = None, now if row.is_checked else None
    return row if row.is_checked else None


def _describe(row: Calendar, one: CalendarInfo) -> None:
    row.name, row.color = one.name[:255] or _("Calendar"), one.color
    row.zone, row.is_primary, row.may_write = one.zone, one.is_primary, one.may_write


def _begun(added: Sequence[Calendar], host_id: int, *, now: datetime) -> Calendar:
    """What a host most likely wants, until something else is said."""
    main = next((row for row in added if row.is_primary), added[0])
    main.is_checked, main.read_after = True, now
    taken = sa.select(Calendar.id).where(Calendar.host_id == host_id, Calendar.takes_bookings)
    with db.session.no_autoflush:
        main.takes_bookings = main.may_write and db.session.scalar(taken) is None
    return main


def _missing(row: Calendar, *, now: datetime) -> Calendar | None:
    if not row.is_checked and not row.takes_bookings:
        db.session.delete(row)
        return None
    row.trouble = Trouble.CALENDAR_GONE
    if row.is_checked:
        row.failing_since, row.read_after = row.failing_since or now, now
    return row if row.is_checked else None


def _uncheck(row: Calendar) -> None:
    row.is_checked = False
    for name, value in _UNREAD.items():
        setattr(row, name, value)
    db.session.execute(sa.delete(BusyTime).where(BusyTime.calendar_id == row.id))


def _update(statement: sa.Update, **values: object) -> None:
    db.session.execute(statement.values(**values).execution_options(synchronize_session="fetch"))
