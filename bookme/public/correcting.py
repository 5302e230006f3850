"""A booker corrects what they had entered, and confirms a new e-mail address."""

from collections.abc import Iterable

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme import queue, wal
from bookme.bookings import new_address, own
from bookme.bookings.asking import guests
from bookme.bookings.messages import own_letters
from bookme.clock import utcnow
from bookme.errors import BookingClosed, BookMeError, TooMuchMail
from bookme.extensions import db
from bookme.guard import coming, mailing
from bookme.guard.coming import Blocked, TooManyBookings
from bookme.guard.mailing import Cause
from bookme.models import Booking, Email
from bookme.public import embedded, held_back, lookups, own_data
from bookme.public.correct_form import CorrectForm
from bookme.public.pages import reader_of_booking
from bookme.public.routes import bp
from bookme.typed import apart
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
        letters = _keep(booking, form)
    except BookingClosed:
        db.session.rollback()
        return own_data.page(lookups.booking_of(token), 409)
    except (Blocked, TooManyBookings, TooMuchMail) as error:
        db.session.rollback()
        booking = lookups.booking_of(token)
        return _page(booking, form, _held_back(form, booking, error))
    revision = booking.revision
    _commit(booking, letters)
    return htmx.redirect(url_for("public.own_data", token=token, done=revision))


def _keep(booking: Booking, form: CorrectForm) -> list[Email]:
    """Correct all; return the messages that no sync sends, such as to a new e-mail address."""
    now, network, letters = utcnow(), limits.network(), list[Email]()
    done = own.correct(booking, form.correction, now=now)
    if done is not None:
        coming.corrected(booking, done.told, done.new, network=network, now=now)
        letters += done.letters
    wanted = form.new_email
    booker = own.ask_for_email(booking, wanted)
    if wanted:
        mailing.take([wanted], Cause.STRANGER, network=network, now=now)
        letters.append(own_letters.owe_new_address(booker, now=now))
    db.session.flush()
    return letters


def _held_back(form: CorrectForm, booking: Booking, error: BookMeError) -> int:
    """Put into the form why it wasn't taken; return the answer's status."""
    if isinstance(error, TooMuchMail) and error.to and "guests" in form:
        named = set(guests.addresses_in(form.guests.data or ""))
        if error.to <= named:
            wait = limits.wait_until(error.again_at)
            form.guests.errors = [held_back.words_of(error.to, wait)]
            return 429
    words, status = _refusal(booking, error)
    form.form_errors.append(words)
    return status


def _refusal(booking: Booking, error: BookMeError) -> tuple[str, int]:
    if isinstance(error, TooManyBookings | TooMuchMail):
        wait = limits.wait_until(error.again_at)
        words = _("This booking was changed too often today. Try again in %(length)s.", length=wait)
        return words, 429
    host = apart(booking.host.name)
    return _("You can’t change this online. Contact %(host)s another way.", host=host), 422


def _commit(booking: Booking, letters: Iterable[Email]) -> None:
    changed, messages = booking.id, [one.id for one in letters]
    db.session.commit()
    wal.truncate()
    queue.hurry(changed)
    for message in messages:
        queue.hurry_email(message)


@bp.get("/booking/address/<token>")
def ask_new_address(token: str) -> ResponseReturnValue:
    """Ask before messages go to a new address; afterwards, say that they do."""
    return _new_address_page(token)


@bp.post("/booking/address/<token>")
@limits.per_address("60/minute")
def confirm_new_address(token: str) -> ResponseReturnValue:
    """Take the new address, and tell the old one; not while that has had too many messages, so that
    nobody can keep the word from it.
    """
    (booking, email), now = _found(token), utcnow()
    try:
        done = own.confirm_email(booking, email, now=now)
        if done is not None:
            network = limits.network()
            coming.corrected(booking, done.told, done.new, network=network, now=now)
    except BookingClosed:
        abort(404)
    except (Blocked, TooManyBookings, TooMuchMail) as error:
        db.session.rollback()
        words, status = _refusal(_found(token)[0], error)
        return _new_address_page(token, words, status)
    _commit(booking, done.letters if done is not None else ())
    return htmx.redirect(url_for("public.ask_new_address", token=token))


def _new_address_page(token: str, refusal: str = "", status: int = 200) -> ResponseReturnValue:
    booking, email = _found(token)
    page = render_template(
        "public/new_address.html",
        booking=booking,
        email=email,
        is_done=booking.booker is not None and booking.booker.email == email,
        refusal=refusal,
        token=token,
    )
    return page, status


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
