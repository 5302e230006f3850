"""What a host does to the time of a booking: cancel it, ask the booker to move it."""

from functools import partial

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme.bookings import service
from bookme.bookings.dashboard import forms
from bookme.bookings.dashboard.acts import act
from bookme.bookings.dashboard.page import booking_of
from bookme.bookings.dashboard.routes import bp
from bookme.clock import utcnow
from bookme.models import Actor, Booking
from bookme.web import limits


def people_told() -> list[str]:
    """Whom a change of the booking in the address is told to."""
    booking = booking_of((request.view_args or {})["reference"])
    return [person.email for person in booking.attendees]


@bp.get("/bookings/<reference>/cancel")
def ask_cancel(reference: str) -> ResponseReturnValue:
    """Ask before a booking is cancelled."""
    return render_template(
        "bookings/cancel.html", booking=booking_of(reference), form=forms.CancelForm()
    )


@bp.post("/bookings/<reference>/cancel")
def cancel(reference: str) -> ResponseReturnValue:
    """Cancel a booking and tell both sides."""
    booking, form = booking_of(reference), forms.CancelForm()
    if not form.validate_on_submit():
        return render_template("bookings/cancel.html", booking=booking, form=form), 422
    end = partial(
        service.cancel, booking, by=Actor.HOST, reason=form.reason.data or "", now=utcnow()
    )
    return act(booking, end, _("Booking cancelled. We'll send both of you a message."))


@bp.get("/bookings/<reference>/ask")
def ask(reference: str) -> ResponseReturnValue:
    """Words to the booker, who is to pick another time."""
    return _asking(booking_of(reference), forms.AskForm())


@bp.post("/bookings/<reference>/ask")
@limits.per_emails("20/hour", people_told)
def ask_to_move(reference: str) -> ResponseReturnValue:
    """Ask the booker to pick another time; the booking stays until then, or is cancelled."""
    booking, form, now = booking_of(reference), forms.AskForm(), utcnow()
    if not form.validate_on_submit():
        return _asking(booking, form, status=422)
    words = form.words.data or ""
    verb = partial(service.ask_to_move, booking, words, now=now)
    if form.then.data == "cancel":
        verb = partial(service.cancel, booking, by=Actor.HOST, reason=words, ask=True, now=now)
    return act(booking, verb, _("We'll ask the booker to pick another time."))


def _asking(booking: Booking, form: forms.AskForm, status: int = 200) -> ResponseReturnValue:
    return render_template("bookings/ask.html", booking=booking, form=form), status
