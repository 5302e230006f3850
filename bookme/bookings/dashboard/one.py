"""One booking: its page, and what makes its work go on."""

from functools import partial

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme.bookings import service
from bookme.bookings.dashboard.acts import act, done, say
from bookme.bookings.dashboard.page import booking_of, page_of
from bookme.bookings.dashboard.routes import bp
from bookme.bookings.messages import reminders
from bookme.clock import utcnow
from bookme.errors import BookingClosed


@bp.get("/bookings/<reference>")
def show(reference: str) -> ResponseReturnValue:
    """One booking: people, place, meeting, messages, history."""
    return page_of(booking_of(reference))


@bp.post("/bookings/<reference>/retry")
def retry(reference: str) -> ResponseReturnValue:
    """Try again what failed."""
    booking = booking_of(reference)
    return act(
        booking, partial(service.retry, booking, now=utcnow()), _("We're trying again."), kind=""
    )


@bp.post("/bookings/<reference>/remind")
def remind(reference: str) -> ResponseReturnValue:
    """Send the booker and the guests a reminder now."""
    booking = booking_of(reference)
    try:
        is_sent = reminders.send_now(booking, now=utcnow())
    except BookingClosed:
        return page_of(booking, status=409)
    if is_sent:
        return done(booking, _("We're sending a reminder."))
    said = _("You sent a reminder a few minutes ago, so we didn't send another one.")
    return say(reference, said)
