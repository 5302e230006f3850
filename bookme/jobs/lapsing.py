"""The end of a booking that waited for an answer in vain."""

from contextlib import suppress
from datetime import datetime

from bookme.bookings import service as bookings
from bookme.clock import utcnow
from bookme.errors import BookingClosed
from bookme.extensions import db
from bookme.jobs.lease import Lease
from bookme.models import Booking


def step(lease: Lease) -> datetime | None:
    """Let the booking lapse if its time has come; the sweep wakes it then.

    As in a request the host is locked, and no lease needed: whoever comes first decides.
    """
    booking, now = db.session.get(Booking, lease.claim.row_id), utcnow()
    if booking is not None and booking.lapses_at is not None and booking.lapses_at <= now:
        with suppress(BookingClosed):  # gone by now
            bookings.lapse(booking, now=now)
        db.session.commit()
    db.session.rollback()
    return None
