"""A booker corrects what they had entered, and confirms a new e-mail address."""

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme import queue, wal
from bookme.bookings import new_address, own
from bookme.bookings.messages import own_letters
from bookme.clock import utcnow
from bookme.errors import BookingClosed, TooMuchMail
from bookme.extensions import db
from bookme.guard import coming, mailing
from bookme.guard.coming import TooManyBookings
from bookme.guard.mailing import Cause
from bookme.models import Booking, Email
from bookme.public import embedded, lookups, own_data
from bookme.public.correct_form import CorrectForm
from bookme.public.pages import reader_of_booking
from bookme.public.routes import bp
from bookme.web import htmx, limits, locks
from bookme.web.words import keep_to


@bp.get("/booking/<token>/data/correct")
def ask_correct(token: str) -> ResponseReturnValue:
    """The form with what the booker had entered."""
    booking = lookups.booking_of(token)
    if not own.can_correct(booking):
        return own_data.page(booking)
    return _page(booking, CorrectForm.of(booking))


@bp.post("/booking/<token>/data/correct")
@limits.per_address("60/minute", "300/hour")
def correct(token: str) -> ResponseReturnValue:
    """Keep what is correct, or show the form again with what is wrong."""
    booking = lookups.booking_of(token)
    if not own.can_correct(booking):
        return own_data.page(booking, 409)
    form = CorrectForm.of(booking)
    if not form.validate_on_submit():
        locks.let_go()
        return _page(booking, form, 422)
    try:
        letter = _keep(booking, form)
    except BookingClosed:
        db.session.rollback()
        return own_data.page(lookups.booking_of(token), 409)
    except (TooManyBookings, TooMuchMail) as error:
        db.session.rollback()
        wait = limits.wait_until(error.again_at)
        form.form_errors.append(
            _("This booking was changed too often today. Try again in %(length)s.", length=wait)
        )
        return _page(lookups.booking_of(token), form, 429)
    changed, revision, message = booking.id, booking.revision, letter.id if letter else None
    db.session.commit()
    wal.truncate()
    queue.hurry(changed)
    if message:
        queue.hurry_email(message)
    return htmx.redirect(url_for("public.own_data", token=token, done=revision))


def _keep(booking: Booking, form: CorrectForm) -> Email | None:
    """Correct all; a message if the e-mail address is to be another one."""
    now, network = utcnow(), limits.network()
    if own.correct(booking, form.correction, now=now):
        coming.moved(booking, network=network, now=now)
    wanted = form.new_email
    booker = own.ask_for_email(booking, wanted)
    if not wanted:
        return None
    mailing.take([wanted], Cause.STRANGER, network=network, now=now)
    letter = own_letters.owe_new_address(booker, now=now)
    db.session.flush()
    return letter


@bp.get("/booking/address/<token>")
def ask_new_address(token: str) -> ResponseReturnValue:
    """Ask before messages go to a new address; afterwards, say that they do."""
    booking, email = _found(token)
    return render_template(
        "public/new_address.html",
        booking=booking,
        email=email,
        is_done=booking.booker is not None and booking.booker.email == email,
        token=token,
    )


@bp.post("/booking/address/<token>")
@limits.per_address("60/minute")
def confirm_new_address(token: str) -> ResponseReturnValue:
    """Take the new address."""
    booking, email = _found(token)
    try:
        own.confirm_email(booking, email, now=utcnow())
    except BookingClosed:
        abort(404)
    changed = booking.id
    db.session.commit()
    wal.truncate()
    queue.hurry(changed)
    return htmx.redirect(url_for("public.ask_new_address", token=token))


def _found(token: str) -> tuple[Booking, str]:
    booking, email = new_address.read(token) or abort(404)
    embedded.allow(booking.host)
    keep_to(booking.schedule.language)
    return booking, email


def _page(booking: Booking, form: CorrectForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "public/correct.html",
        booking=booking,
        form=form,
        asked=form.asked,
        reader=reader_of_booking(booking),
        tells=own.is_to_come(booking, utcnow()),
    )
    return page, status
