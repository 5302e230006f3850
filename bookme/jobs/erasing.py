"""The end of a booker's data, once everybody has been told what they had to be told by name."""

from datetime import datetime

from bookme import wal
from bookme.bookings import erasure
from bookme.bookings.locking import lock_host
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.jobs.lease import Lease
from bookme.models import Booking


def step(lease: Lease) -> datetime | None:
    """Erase a booker who has asked for it; return until when that waits.

    As in a request the host is locked, and no lease needed: whoever comes first decides.
    """
    if lease.erase_by is None:
        return None
    db.session.commit()  # or this would lock the booking first, and who changes it the host
    booking = db.session.get(Booking, lease.claim.row_id)
    if booking is None:
        db.session.rollback()
        return None
    lock_host(booking.host_id)
    db.session.refresh(booking)
    is_done, wait = erasure.complete(booking, now=utcnow()), booking.erase_by
    db.session.commit()
    if is_done:
        wal.truncate()
        return None
    return wait
