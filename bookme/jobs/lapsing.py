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
    now = utcnow()
    if lease.lapses_at is None or lease.lapses_at > now:
        return None
    db.session.commit()  # or this would lock the booking first, and who changes it the host
    booking = db.session.get(Booking, lease.claim.row_id)
    if booking is not None and booking.lapses_at is not None and booking.lapses_at <= now:
        with suppress(BookingClosed):  # gone by now
            bookings.lapse(booking, now=now)
        db.session.commit()
    db.session.rollback()
    return None
