"""The rows of a host's calendars, found."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from bookme.extensions import db
from bookme.models import Booking, Calendar, CalendarEntry, Connection, ConnectionStatus

#: The ids that BookMe gives to entries itself begin so; others may name the account.
OWN_ID = "bookme"


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


def reread(connection_id: int) -> Sequence[Calendar]:
    """The calendars of one connection as they are stored by now: for who has locked it."""
    rows = sa.select(Calendar).where(Calendar.connection_id == connection_id).order_by(Calendar.id)
    return db.session.scalars(rows.execution_options(populate_existing=True)).all()


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
    return external_id.startswith(OWN_ID)


def bookings_with_entries(connection: Connection) -> sa.Select[int]:
    """Ids of the bookings that may have an entry in an account: of all that the host ever took."""
    return (
        sa.select(Booking.id)
        .join(CalendarEntry, CalendarEntry.booking_id == Booking.id)
        .where(Booking.host_id == connection.host_id)
        .where(CalendarEntry.provider == connection.provider)
    )


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
