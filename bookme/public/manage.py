"""A booker's own booking: the link in every message to them leads here."""

from datetime import datetime

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme import queue
from bookme.bookings import service as bookings
from bookme.bookings.messages import ics
from bookme.clock import utcnow
from bookme.errors import BookingClosed, SlotTaken, TooMuchMail
from bookme.extensions import db
from bookme.guard import coming, mailing
from bookme.guard.coming import TooManyBookings
from bookme.models import Actor, Booking
from bookme.public import change_words, lookups
from bookme.public.forms import CancelForm, MoveForm
from bookme.public.notices import address_after
from bookme.public.offers import offered
from bookme.public.pages import booking_page, cancel_page, is_closed, move_page, move_picker
from bookme.public.routes import bp
from bookme.web import htmx, limits, locks

_BY_TOKEN = {
    *("booked", "reschedule", "move", "cancel", "cancelled", "calendar_file"),
    *("reminders", "stop_reminders", "ask_leave", "leave", "held", "confirm", "confirmed"),
    *("own_data", "own_data_file", "ask_correct", "correct", "ask_erase", "erase"),
    *("ask_new_address", "confirm_new_address", "guest_data_file"),
}


@bp.after_request
def keep_the_address_secret(response: Response) -> Response:
    """Whoever knows a booking's address may change it, so it is told to no other site."""
    if (request.endpoint or "").removeprefix("public.") in _BY_TOKEN:
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/booking/<token>")
def booked(token: str) -> ResponseReturnValue:
    """The booking: when, where, the link, what can be done. htmx asks for the link alone."""
    now = utcnow()
    return booking_page(lookups.shown_booking(token, now), now)


@bp.get("/booking/<token>/reschedule")
def reschedule(token: str) -> ResponseReturnValue:
    """Pick another time; with one picked, ask before the booking is moved."""
    booking, now = lookups.booking_of(token), utcnow()
    if is_closed(booking, now) or not change_words.can_move(booking, now):
        return booking_page(booking, now)
    starts_at = offered(request.args.get("at", ""))
    if starts_at is not None:
        refused = bookings.refusal(booking.schedule, starts_at, now=now, moving=booking)
        return move_page(booking, MoveForm(starts_at=starts_at), refused, now=now)
    return move_picker(booking, now)


@bp.post("/booking/<token>/reschedule")
@limits.per_address("60/minute", "300/hour")
def move(token: str) -> ResponseReturnValue:
    """Move the booking, or offer other times with the reason why not."""
    booking, form, now = lookups.booking_of(token), MoveForm(), utcnow()
    if not form.validate_on_submit() or form.starts_at.data is None:
        locks.let_go()
        return move_page(booking, form, None, now=now, status=422)
    is_change = form.starts_at.data != booking.starts_at
    try:
        bookings.reschedule(booking, form.starts_at.data, by=Actor.BOOKER, now=now)
        if is_change:
            coming.moved(booking, network=limits.network(), now=now)
    except SlotTaken as error:
        locks.let_go()
        return move_page(booking, form, error.reason, now=now, status=422)
    except BookingClosed:
        return _closed(booking, now)
    except (TooManyBookings, TooMuchMail) as error:
        db.session.rollback()
        wait = limits.wait_until(error.again_at)
        form.form_errors.append(
            _("This booking was rescheduled too often today. Try again in %(length)s.", length=wait)
        )
        return move_page(lookups.booking_of(token), form, None, now=now, status=429)
    return _changed(booking)


@bp.get("/booking/<token>/cancel")
def cancel(token: str) -> ResponseReturnValue:
    """Ask before the booking is cancelled."""
    booking, now = lookups.booking_of(token), utcnow()
    if is_closed(booking, now) or not change_words.can_cancel(booking, now):
        return booking_page(booking, now)
    return cancel_page(booking, CancelForm())


@bp.post("/booking/<token>/cancel")
@limits.per_address("60/minute")
def cancelled(token: str) -> ResponseReturnValue:
    """Cancel the booking."""
    booking, form, now = lookups.booking_of(token), CancelForm(), utcnow()
    if not form.validate_on_submit():
        locks.let_go()
        return cancel_page(booking, form, status=422)
    try:
        was_open = booking.is_open
        bookings.cancel(booking, by=Actor.BOOKER, reason=form.reason.data, now=now)
        if was_open:
            mailing.take_or_wait(booking, booking.attendees, now=now)
    except BookingClosed:
        return _closed(booking, now)
    return _changed(booking)


@bp.get("/booking/<token>/appointment.ics")
def calendar_file(token: str) -> ResponseReturnValue:
    """The booking for the booker's own calendar."""
    booking = lookups.booking_of(token)
    file = ics.calendar_file(booking, reader=booking.booker, method="PUBLISH", now=utcnow())
    response = Response(file, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response.headers["Content-Disposition"] = "attachment; filename=appointment.ics"
    return response


def _changed(booking: Booking) -> Response:
    """Commit a change, and lead to the page that says so."""
    changed, address = booking.id, address_after(booking)
    db.session.commit()  # after it, asking the row for anything would open another transaction
    queue.hurry(changed)
    return htmx.redirect(address)


def _closed(booking: Booking, now: datetime) -> ResponseReturnValue:
    """The booking as it is, to which this can't be done any more."""
    locks.let_go()
    return booking_page(booking, now, status=409)
