"""What a limit or a block holds back, said beside what caused it. Nothing typed is lost."""

from flask_babel import gettext as _
from wtforms import Field

from bookme.bookings.asking.guests import addresses_in
from bookme.errors import BookMeError, TooMuchMail
from bookme.guard.coming import Blocked, TooManyBookings
from bookme.models import Schedule
from bookme.public.forms import BookingForm
from bookme.typed import apart
from bookme.web import limits


def said(form: BookingForm, error: BookMeError, schedule: Schedule) -> int:
    """Put into the form why it wasn't taken; return the answer's status."""
    host = apart(schedule.host.name)
    if isinstance(error, Blocked):
        words = _("You can’t book this online. Contact %(host)s another way.", host=host)
        form.form_errors.append(words)
        return 422
    if isinstance(error, TooMuchMail) and error.to:
        wait = limits.wait_until(error.again_at)
        _field(form, error.to).errors = [words_of(error.to, wait)]
        return 429
    if isinstance(error, TooManyBookings | TooMuchMail):
        wait = limits.wait_until(error.again_at)
        form.form_errors.append(
            _("Too many bookings are being made here. Try again in %(length)s.", length=wait)
        )
        return 429
    raise error


def words_of(to: set[str], wait: str) -> str:
    """That an address gets no more messages for now."""
    if len(to) == 1:
        return _(
            "%(email)s has had too many messages today. Enter another address, or try again in"
            " %(length)s.",
            email=next(iter(to)),
            length=wait,
        )
    return _(
        "These addresses have had too many messages today. Enter others, or try again in"
        " %(length)s.",
        length=wait,
    )


def _field(form: BookingForm, to: set[str]) -> Field:
    """Where the first of these addresses was typed."""
    guests = list(addresses_in(form.guests.data or "")) if "guests" in form else []
    if "guests" in form and form._email() not in to and guests:
        return form.guests
    return form.email
