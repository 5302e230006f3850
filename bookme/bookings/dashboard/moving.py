"""A host moves a booking: picks a time where its booker would, then says so, with words to them."""

from datetime import datetime, timedelta
from functools import partial

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme.bookings import months, service
from bookme.bookings.dashboard import forms, picker
from bookme.bookings.dashboard.acts import act, enough
from bookme.bookings.dashboard.page import booking_of, page_of
from bookme.bookings.dashboard.routes import bp
from bookme.clock import utcnow
from bookme.errors import SlotTaken, TooMuchMail
from bookme.extensions import db
from bookme.guard import mailing
from bookme.guard.mailing import Cause
from bookme.models import Actor, Booking
from bookme.public.offers import fresh_times, offered
from bookme.web import htmx


@bp.get("/bookings/<reference>/reschedule")
def choose(reference: str) -> ResponseReturnValue:
    """The times to which a booking can be moved; once one is picked, the question whether to."""
    booking, now = booking_of(reference), utcnow()
    if not booking.is_open or booking.is_over(now):
        return page_of(booking)
    starts_at = offered(request.args.get("at", ""))
    if starts_at == booking.starts_at:
        return htmx.redirect(url_for("bookings.show", reference=reference))
    if starts_at is not None:
        refused = service.refusal(booking.schedule, starts_at, now=now, moving=booking)
        form = forms.MoveForm(formdata=None, starts_at=starts_at)
        return _confirm(booking, form, picker.reason(refused))
    here = url_for("bookings.choose", reference=reference)
    return htmx.render(
        "bookings/reschedule.html",
        "bookings/_picker.html",
        booking=booking,
        **picker.context(booking.schedule, here, here, now=now, moving=booking),
    )


@bp.post("/bookings/<reference>/reschedule")
def reschedule(reference: str) -> ResponseReturnValue:
    """Move a booking, or show fresh times with the reason why not and what was typed."""
    booking, form = booking_of(reference), forms.MoveForm()
    if not form.validate_on_submit() or form.starts_at.data is None:
        return _confirm(booking, form, status=422)
    move = partial(_move, booking, form.starts_at.data, form.words.data or "", utcnow())
    said, kind = _("Booking rescheduled. We'll send both of you a message."), "good"
    if form.starts_at.data == booking.starts_at:
        said, kind = _("That's the current time, so nothing has changed."), ""
    try:
        return act(booking, move, said, kind=kind)
    except SlotTaken as error:
        db.session.rollback()
        return _confirm(booking_of(reference), form, picker.reason(error.reason), status=422)
    except TooMuchMail as error:
        db.session.rollback()
        form.words.errors = [enough(error)]
        return _confirm(booking_of(reference), form, status=429)


def _move(booking: Booking, starts_at: datetime, words: str, now: datetime) -> None:
    is_change = starts_at != booking.starts_at
    service.reschedule(booking, starts_at, by=Actor.HOST, words=words, now=now)
    if is_change:
        mailing.take([person.email for person in booking.attendees], Cause.HOST, now=now)


def _confirm(
    booking: Booking, form: forms.MoveForm, refused: str = "", status: int = 200
) -> ResponseReturnValue:
    """From when to when; where the new time can't be had, others instead."""
    host, now = booking.host, utcnow()
    starts_at = form.starts_at.data if not form.starts_at.errors else None
    fresh = []
    if refused or starts_at is None:
        fresh = fresh_times(booking.schedule, starts_at, host.zone, now=now, moving=booking)
    page = render_template(
        "bookings/move.html",
        booking=booking,
        form=form,
        minutes=(booking.ends_at - booking.starts_at) // timedelta(minutes=1),
        reader=picker.reader(host),
        starts_at=starts_at,
        refused=refused,
        fresh=months.by_day(fresh, host.zone),
    )
    return page, status
