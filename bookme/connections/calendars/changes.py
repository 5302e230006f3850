"""Changes to the rows of a host's calendars by what the host does. Nothing here commits."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bookme.connections.calendars import rows
from bookme.connections.calendars.rows import OWN_ID, bookings_with_entries
from bookme.extensions import db
from bookme.models import BusyTime, Calendar, CalendarEntry, Connection, MeetingState

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


def move(old_id: int, new_id: int, *, now: datetime) -> None:
    """Give the calendars of a connection to the one that takes its place, to be read anew."""
    mine = Calendar.connection_id == old_id
    unread = {"read_after": now, "queued_at": None, "lease_until": None, "lease_holder": None}
    _update(sa.update(Calendar).where(mine, Calendar.is_checked), **unread)
    # What was not understood over the old one is told anew by the next reading.
    _update(
        sa.update(Calendar).where(mine), connection_id=new_id, unclear_count=0, unclear_sealed=None
    )


def forget(connection: Connection) -> None:
    """Delete a connection's calendars, all that was read in them, and from the entries what names
    the account. The entries themselves stay where they are. Lock their bookings first.
    """
    entries = sa.update(CalendarEntry).where(
        CalendarEntry.provider == connection.provider,
        CalendarEntry.booking_id.in_(bookings_with_entries(connection)),
    )
    foreign = CalendarEntry.external_id.not_like(f"{OWN_ID}%")
    _update(entries.where(foreign), external_id=None)
    _update(entries.where(CalendarEntry.state == MeetingState.READY), state=MeetingState.LEFT)
    _update(entries, calendar_id=None, calendar_external_id=None, etag=None)
    db.session.execute(
        sa.delete(Calendar)
        .where(Calendar.connection_id == connection.id)
        .execution_options(synchronize_session="fetch")
    )


def check(connection: Connection, ids: Iterable[int], *, now: datetime) -> list[int]:
    """Check exactly these of a connection's calendars for conflicts; lock the connection first.

    What is no longer checked loses its busy times.

    :return: those to be read at once.
    """
    wanted, to_read = set(ids), []
    for row in rows.reread(connection.id):
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


def _uncheck(row: Calendar) -> None:
    row.is_checked = False
    for name, value in _UNREAD.items():
        setattr(row, name, value)
    db.session.execute(sa.delete(BusyTime).where(BusyTime.calendar_id == row.id))


def _update(statement: sa.Update, **values: object) -> None:
    db.session.execute(statement.values(**values).execution_options(synchronize_session="fetch"))
