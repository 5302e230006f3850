"""By whom a booking was ended, and why, as the readers of its messages read it."""

from flask_babel import gettext as _

from bookme.bookings import summary
from bookme.mail.defuse import theirs
from bookme.models import Actor, Booking
from bookme.typed import Shown, own, phrase


def reason(booking: Booking) -> Shown:
    """Why, in the words of whoever ended it; empty without a reason."""
    by_host = booking.cancelled_by is Actor.HOST
    return own(booking.cancel_reason) if by_host else theirs(booking.cancel_reason)


def ended_by(booking: Booking, *, to_host: bool, to_guest: bool) -> Shown:
    """Who cancelled the booking; empty while nobody has."""
    by = booking.cancelled_by
    if by is None and booking.holds_time:
        return phrase("")
    if by not in (Actor.HOST, Actor.BOOKER):
        return phrase(_("BookMe cancelled it."))
    if not to_guest and (by is Actor.HOST) is to_host:
        return phrase(_("You cancelled it."))
    other = summary.host_name(booking) if by is Actor.HOST else summary.booker_name(booking)
    return phrase(_("%(person)s cancelled it."), person=other)
