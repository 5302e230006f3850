"""Until when a booker may reschedule, and cancel, by the rules of the schedule as it is now.

They hold for what is confirmed: a request may be changed or taken back as long as it waits. The
host is not bound by them.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from flask_babel import gettext as _

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


def in_words(booking: Booking, written: Callable[[datetime], str], *, now: datetime) -> list[str]:
    """Until when the booker may still reschedule and cancel, a sentence each; none where there
    is no cut-off, or it has passed.

    :param written: an instant as the booker reads it.
    """
    move, cancel = reschedule_until(booking), cancel_until(booking)
    said = []
    if move is not None and move == cancel and not has_passed(move, now):
        return [_("You can reschedule or cancel until %(when)s.", when=written(move))]
    if move is not None and not has_passed(move, now):
        said.append(_("You can reschedule until %(when)s.", when=written(move)))
    if cancel is not None and not has_passed(cancel, now):
        said.append(_("You can cancel until %(when)s.", when=written(cancel)))
    return said


def _before_start(booking: Booking, minutes: int | None) -> datetime | None:
    if minutes is None or not booking.is_confirmed:
        return None
    return booking.starts_at - timedelta(minutes=minutes)
