"""A booking's page, in which several addresses end."""

from flask import abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bookme.bookings import service
from bookme.bookings.dashboard import forms, listing, words
from bookme.bookings.messages import reminders
from bookme.clock import utcnow
from bookme.models import Booking
from bookme.web import htmx


def booking_of(reference: str) -> Booking:
    """A booking of the host who is signed in."""
    return listing.find(current_user, reference) or abort(404)


def page_of(
    booking: Booking, status: int = 200, *, notes: forms.NotesForm | None = None
) -> ResponseReturnValue:
    """A booking's page; htmx gets what the outside has seen of it, and the way in."""
    now = utcnow()
    return htmx.render(
        "bookings/show.html",
        "bookings/_outside.html",
        status,
        booking=booking,
        can_retry=service.can_retry(booking, now=now),
        can_remind=reminders.can_send_now(booking, now=now),
        notes=notes or forms.NotesForm.of(booking),
        words=words,
        now=now,
        oob=htmx.wants_fragment(),
    )
