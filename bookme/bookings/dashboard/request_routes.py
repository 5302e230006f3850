"""The host's answer to a request. The links in mails lead to pages that ask; a button answers."""

from collections.abc import Callable
from functools import partial

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme.bookings import service
from bookme.bookings.dashboard import forms, words
from bookme.bookings.dashboard.acts import done
from bookme.bookings.dashboard.page import booking_of
from bookme.bookings.dashboard.routes import bp
from bookme.clock import utcnow
from bookme.errors import BookingClosed, RequestMoved
from bookme.models import Booking, BookingStatus


@bp.get("/bookings/<reference>/accept")
def ask_accept(reference: str) -> ResponseReturnValue:
    """Ask before a request is accepted."""
    return _ask("accept", booking_of(reference))


@bp.post("/bookings/<reference>/accept")
def accept(reference: str) -> ResponseReturnValue:
    """Accept a request, or say what has become of it."""
    booking, form = booking_of(reference), forms.AnswerForm()
    if not form.validate_on_submit():
        return _ask("accept", booking, status=422)
    said = _("Request accepted. We'll send both of you a message.")
    return _answer("accept", booking, service.accept, said, form)


@bp.get("/bookings/<reference>/decline")
def ask_decline(reference: str) -> ResponseReturnValue:
    """Ask before a request is declined."""
    return _ask("decline", booking_of(reference), form=forms.DeclineForm())


@bp.post("/bookings/<reference>/decline")
def decline(reference: str) -> ResponseReturnValue:
    """Decline a request with words to the booker, or say what has become of it."""
    booking, form = booking_of(reference), forms.DeclineForm()
    if not form.validate_on_submit():
        return _ask("decline", booking, status=422, form=form)
    said = _("Request declined. We'll send both of you a message.")
    return _answer(
        "decline", booking, partial(service.decline, reason=form.reason.data), said, form
    )


def _answer(
    name: str, booking: Booking, verb: Callable[..., Booking], said: str, form: forms.AnswerForm
) -> ResponseReturnValue:
    try:
        verb(booking, seen=form.starts_at.data, now=utcnow())
    except BookingClosed:
        return _answered(booking, 409)
    except RequestMoved:
        return _ask(name, booking, status=409, form=form, moved=True)
    return done(booking, said)


def _ask(
    name: str,
    booking: Booking,
    *,
    status: int = 200,
    form: forms.AnswerForm | None = None,
    moved: bool = False,
) -> ResponseReturnValue:
    if booking.status is not BookingStatus.PENDING or booking.is_over(utcnow()):
        return _answered(booking)
    page = render_template(f"bookings/{name}.html", booking=booking, form=form, moved=moved)
    return page, status


def _answered(booking: Booking, status: int = 200) -> ResponseReturnValue:
    """What has become of a request that can't be answered any more."""
    said = words.answered(booking, utcnow())
    return render_template("bookings/answered.html", booking=booking, said=said), status
