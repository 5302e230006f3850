"""A host's calendars brought in line with what a provider lists. Nothing here commits."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from bookme.connections.calendars import rows
from bookme.extensions import db
from bookme.models import Calendar, Connection, Trouble
from bookme.providers.calendar import CalendarInfo


def store(connection: Connection, listed: Sequence[CalendarInfo], *, now: datetime) -> list[int]:
    """Bring a connection's rows in line with what its provider lists; lock the connection first.

    Of a new connection the main calendar is checked for conflicts, and takes the bookings if
    nothing of the host's does yet. A calendar that is gone stays as long as the host relies on it,
    and is marked: what was busy must not become free in silence.

    :return: the calendars to be read at once.
    """
    known = {row.external_id: row for row in rows.reread(connection.id)}
    to_read = [_updated(known[one.id], one, now=now) for one in listed if one.id in known]
    added = [_added(connection, one) for one in listed if one.id not in known]
    if not known and added:
        to_read.append(_begun(added, connection.host_id, now=now))
    names = {one.id for one in listed}
    to_read += [_missing(row, now=now) for key, row in known.items() if key not in names]
    db.session.flush()
    return [row.id for row in to_read if row is not None]


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
