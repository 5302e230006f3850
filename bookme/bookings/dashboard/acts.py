"""What a host does to a booking ends alike, whatever it is: committed, hinted, said, shown."""

from collections.abc import Callable

from flask import flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme import queue
from bookme.bookings.dashboard.page import page_of
from bookme.errors import BookingClosed, TooMuchMail
from bookme.extensions import db
from bookme.models import Booking
from bookme.web import htmx, limits


def act(
    booking: Booking, verb: Callable[[], object], said: str, *, kind: str = "good"
) -> ResponseReturnValue:
    """Do something to a booking and lead to its page, or show there that it is over or ended.

    :param said: what the page says then.
    """
    try:
        verb()
    except BookingClosed:
        return page_of(booking, status=409)
    return done(booking, said, kind=kind)


def enough(error: TooMuchMail) -> str:
    """That somebody gets no more messages for now."""
    wait = limits.wait_until(error.again_at)
    return _(
        "They’ve had too many messages from hosts today. Try again in %(length)s.", length=wait
    )


def done(booking: Booking, said: str, *, kind: str = "good") -> ResponseReturnValue:
    """Keep what was done, let its work begin, and lead to the booking's page."""
    made, reference = booking.id, booking.reference
    db.session.commit()
    queue.hurry(made)
    return say(reference, said, kind=kind)


def say(reference: str, said: str, *, kind: str = "") -> ResponseReturnValue:
    """Lead to a booking's page, which says something."""
    flash(said, kind)
    return htmx.redirect(url_for("bookings.show", reference=reference))
