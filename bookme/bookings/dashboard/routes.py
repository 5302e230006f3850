"""The dashboard: its blueprint, and one booking."""

from flask import Blueprint, abort, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from bookme import queue
from bookme.bookings import service
from bookme.bookings.dashboard import forms, listing, words
from bookme.bookings.messages import reminders
from bookme.clock import utcnow
from bookme.errors import BookingClosed
from bookme.extensions import db
from bookme.models import Booking
from bookme.web import htmx

bp = Blueprint("bookings", __name__, url_prefix="/dashboard")


@bp.before_request
@login_required
def _signed_in() -> None:
    """Every page here is a host's own."""


@bp.get("/bookings/<reference>")
def show(reference: str) -> ResponseReturnValue:
    """One booking: people, place, meeting, messages, history."""
    return page_of(booking_of(reference))


@bp.post("/bookings/<reference>/retry")
def retry(reference: str) -> ResponseReturnValue:
    """Try again what failed."""
    booking = booking_of(reference)
    try:
        service.retry(booking, now=utcnow())
    except BookingClosed:
        return page_of(booking, status=409)
    db.session.commit()
    queue.hurry(booking.id)
    flash(_("We're trying again."))
    return htmx.redirect(url_for("bookings.show", reference=reference))


@bp.post("/bookings/<reference>/remind")
def remind(reference: str) -> ResponseReturnValue:
    """Send the booker and the guests a reminder now."""
    booking = booking_of(reference)
    try:
        is_sent = reminders.send_now(booking, now=utcnow())
    except BookingClosed:
        return page_of(booking, status=409)
    db.session.commit()
    if is_sent:
        queue.hurry(booking.id)
        flash(_("We're sending a reminder."), "good")
    else:
        flash(_("You sent a reminder a few minutes ago, so we didn't send another one."))
    return htmx.redirect(url_for("bookings.show", reference=reference))


def booking_of(reference: str) -> Booking:
    """A booking of the host who is signed in."""
    return listing.find(current_user, reference) or abort(404)


def page_of(
    booking: Booking, status: int = 200, *, notes: forms.NotesForm | None = None
) -> ResponseReturnValue:
    """A booking's page; htmx gets what the outside has seen of it."""
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
    )
