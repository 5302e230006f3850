"""What a host does to the time of a booking: move it, ask the booker to, cancel it."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from bookme import queue
from bookme.bookings import service
from bookme.bookings.dashboard import forms, picker
from bookme.bookings.dashboard.routes import booking_of, bp, page_of
from bookme.clock import utcnow
from bookme.errors import BookingClosed, SlotTaken
from bookme.extensions import db
from bookme.models import Actor, Booking
from bookme.web import htmx, limits


@bp.get("/bookings/<reference>/reschedule")
def choose(reference: str) -> ResponseReturnValue:
    """The times to which a booking can be moved."""
    return _picker(booking_of(reference), forms.MoveForm())


def _people() -> list[str]:
    """Whom a change of the booking is told to."""
    booking = booking_of((request.view_args or {})["reference"])
    return [person.email for person in booking.attendees]


@bp.post("/bookings/<reference>/reschedule")
@limits.per_emails("20/hour", _people)
def reschedule(reference: str) -> ResponseReturnValue:
    """Move a booking, or show fresh times with the reason why not."""
    booking, form = booking_of(reference), forms.MoveForm()
    if not form.validate_on_submit() or form.starts_at.data is None:
        return _picker(booking, form, status=422)
    try:
        service.reschedule(booking, form.starts_at.data, by=Actor.HOST, now=utcnow())
    except SlotTaken as error:
        db.session.rollback()
        form.starts_at.errors = [str(picker.REASONS[error.reason])]
        return _picker(booking_of(reference), form, status=422)
    except BookingClosed:
        return page_of(booking, status=409)
    db.session.commit()
    queue.hurry(booking.id)
    flash(_("Booking rescheduled. We'll send both of you a message."), "good")
    return htmx.redirect(url_for("bookings.show", reference=reference))


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
    try:
        service.cancel(booking, by=Actor.HOST, reason=form.reason.data, now=utcnow())
    except BookingClosed:
        return page_of(booking, status=409)
    db.session.commit()
    queue.hurry(booking.id)
    flash(_("Booking cancelled. We'll send both of you a message."), "good")
    return htmx.redirect(url_for("bookings.show", reference=reference))


@bp.get("/bookings/<reference>/ask")
def ask(reference: str) -> ResponseReturnValue:
    """Words to the booker, who is to pick another time."""
    return _asking(booking_of(reference), forms.AskForm())


@bp.post("/bookings/<reference>/ask")
@limits.per_emails("20/hour", _people)
def ask_to_move(reference: str) -> ResponseReturnValue:
    """Ask the booker to pick another time; the booking stays until then, or is cancelled."""
    booking, form, now = booking_of(reference), forms.AskForm(), utcnow()
    if not form.validate_on_submit():
        return _asking(booking, form, status=422)
    try:
        if form.then.data == "cancel":
            service.cancel(booking, by=Actor.HOST, reason=form.words.data, ask=True, now=now)
        else:
            service.ask_to_move(booking, form.words.data, now=now)
    except BookingClosed:
        return page_of(booking, status=409)
    db.session.commit()
    queue.hurry(booking.id)
    flash(_("We'll ask the booker to pick another time."), "good")
    return htmx.redirect(url_for("bookings.show", reference=reference))


def _asking(booking: Booking, form: forms.AskForm, status: int = 200) -> ResponseReturnValue:
    return render_template("bookings/ask.html", booking=booking, form=form), status


def _picker(booking: Booking, form: forms.MoveForm, status: int = 200) -> ResponseReturnValue:
    now = utcnow()
    month = picker.month_of(request.args.get("month", ""), booking, current_user.zone, now)
    page = render_template(
        "bookings/reschedule.html",
        booking=booking,
        form=form,
        days=picker.free_days(booking.schedule, month, current_user.zone, now=now, moving=booking),
        month=month,
        months=picker.neighbours(booking.schedule, month, current_user.zone, now),
    )
    return page, status
