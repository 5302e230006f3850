"""What has to be known before a booking is written, its host being locked, in one statement."""

from typing import NamedTuple

import sqlalchemy as sa

from bookme.bookings import entries
from bookme.models import Booking, MessageRule
from bookme.prepared import Prepared


class Known(NamedTuple):
    """
    :ivar made: the booking that this form has made already.
    :ivar calendars: whose calendars the host has bookings added to; None: nobody's.
    :ivar reminds: the schedule has messages at times. Its rules don't change while the host is
        locked.
    """

    made: int | None
    calendars: str | None
    reminds: bool


def known(host_id: int, schedule_id: int, form_digest: str) -> Known:
    """Look once for all of it."""
    [row] = _KNOWN.rows(host_id=host_id, schedule_id=schedule_id, form_digest=form_digest)
    return Known(*row)


def _known() -> sa.Select[int | None, str | None, bool]:
    made = sa.select(Booking.id).where(Booking.form_digest == sa.bindparam("form_digest"))
    rule = sa.exists().where(MessageRule.schedule_id == sa.bindparam("schedule_id"))
    providers = entries.providers_of(sa.bindparam("host_id"))
    return sa.select(made.scalar_subquery(), providers, rule)


_KNOWN = Prepared(_known)
