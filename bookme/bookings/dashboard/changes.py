"""What a host does to the time of a booking: cancel it, ask the booker to move it."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme.bookings import service
from bookme.bookings.dashboard import forms
from bookme.bookings.dashboard.acts import act, enough
from bookme.bookings.dashboard.page import booking_of
from bookme.bookings.dashboard.routes import bp
from bookme.clock import utcnow
from bookme.errors import TooMuchMail
from bookme.extensions import db
from bookme.guard import mailing
from bookme.guard.mailing import Cause
from bookme.models import Actor, Booking


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
def ask_to_move(reference: str) -> ResponseReturnValue:
    """Ask the booker to pick another time; the booking stays until then, or is cancelled."""
    booking, form, now = booking_of(reference), forms.AskForm(), utcnow()
    if not form.validate_on_submit():
        return _asking(booking, form, status=422)
    words = form.words.data or ""
    verb: Callable[[], object] = partial(_ask, booking, words, now)
    if form.then.data == "cancel":
        verb = partial(service.cancel, booking, by=Actor.HOST, reason=words, ask=True, now=now)
    try:
        return act(booking, verb, _("We'll ask the booker to pick another time."))
    except TooMuchMail as error:
        db.session.rollback()
        form.words.errors = [enough(error)]
        return _asking(booking_of(reference), form, status=429)


def _ask(booking: Booking, words: str, now: datetime) -> None:
    service.ask_to_move(booking, words, now=now)
    if booking.booker is not None:
        mailing.take([booking.booker.email], Cause.HOST, now=now)


def _asking(booking: Booking, form: forms.AskForm, status: int = 200) -> ResponseReturnValue:
    return render_template("bookings/ask.html", booking=booking, form=form), status
