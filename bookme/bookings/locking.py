"""The lock under which bookings are looked at and written: their host's row."""

import sqlalchemy as sa

from bookme.errors import BookingClosed
from bookme.extensions import db
from bookme.models import Booking, User

# FOR NO KEY UPDATE: other rows may name the host meanwhile.
_HOST = sa.select(User.id).where(User.id == sa.bindparam("host_id")).with_for_update(key_share=True)


def lock_host(host_id: int) -> None:
    """Lock a host before anything of theirs is looked at.

    Without it two overlapping inserts can each wait on the other's constraint check, and PostgreSQL
    ends that as a deadlock. SQLite has locked all there is as the transaction began.
    """
    if db.session.get_bind().dialect.name != "sqlite":
        db.session.execute(_HOST, {"host_id": host_id})


def locked(booking: Booking) -> Booking:
    """The booking as it is now, its host locked.

    :raises BookingClosed: if it is gone: it was held for an e-mail address that nobody confirmed.
    """
    reference = booking.reference
    lock_host(booking.host_id)
    # By the reference: an id may be given again once its row is gone.
    again = sa.select(Booking).where(Booking.reference == reference)
    found = db.session.scalar(again.execution_options(populate_existing=True))
    if found is None:
        raise BookingClosed(f"{reference} is gone")
    return found
