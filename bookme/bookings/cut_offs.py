"""Until when a booker may reschedule, and cancel, by the rules of the schedule as it is now.

They hold for what is confirmed: a request may be changed or taken back as long as it waits. The
host is not bound by them.
"""

from datetime import datetime, timedelta

from bookme.models import Booking


def reschedule_until(booking: Booking) -> datetime | None:
    """The last moment at which the booker may reschedule; None if there is no cut-off, as there is
    none for whoever is asked to pick another time.
    """
    if booking.asked_to_move_at is not None:
        return None
    return _before_start(booking, booking.schedule.reschedule_notice_minutes)


def cancel_until(booking: Booking) -> datetime | None:
    """The same for cancelling."""
    return _before_start(booking, booking.schedule.cancel_notice_minutes)


def has_passed(until: datetime | None, now: datetime) -> bool:
    """Whether a cut-off is over."""
    return until is not None and now > until


def _before_start(booking: Booking, minutes: int | None) -> datetime | None:
    if minutes is None or not booking.is_confirmed:
        return None
    return booking.starts_at - timedelta(minutes=minutes)
