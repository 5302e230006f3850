"""The requests that wait for a host's answer."""

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from bookme.extensions import db
from bookme.models import Booking, BookingStatus, User

#: More of them are found among the bookings.
MOST = 25


def waiting(host: User) -> list[Booking]:
    """The requests that end first if they aren't answered, with their people."""
    query = sa.select(Booking).where(
        Booking.host_id == host.id, Booking.status == BookingStatus.PENDING
    )
    query = query.order_by(Booking.lapses_at, Booking.id).limit(MOST)
    return list(db.session.scalars(query.options(selectinload(Booking.attendees))))
