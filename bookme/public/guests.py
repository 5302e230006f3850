"""Guests: as a booker names them in a form, and the page on which one takes themselves off."""

import re
from collections.abc import Iterator
from itertools import islice

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import ValidationError

from bookme import addresses, queue
from bookme.bookings import guests
from bookme.bookings import service as bookings
from bookme.bookings.service import Guest
from bookme.characters import is_visible
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import Attendee, Booking
from bookme.public.reading import line
from bookme.public.routes import bp
from bookme.typed import cut
from bookme.web import htmx, limits

_NAMED = re.compile(r"([^<>]*)<([^<>]*)>")
_LONGEST_NAME, _LONGEST, _MOST_READ = 100, 500, 40


def read(typed: str, booker: str, *, most: int) -> tuple[Guest, ...]:
    """Whom a booker names, each once: an address a line, or several with commas between them; with
    a name as ``Bo Berg <bo@example.com>``. The booker's own address is left out.

    :raises ValidationError: with words about what is no address, or about too many.
    """
    named = list(islice(_parts(typed), 2 * most + 1))
    if len(named) > 2 * most:  # whoever is named twice doesn't count twice, but this is no slip
        raise _too_many(most)
    found, wrong = dict[str, Guest](), []
    for one in named:
        try:
            guest = _guest(one)
        except ValueError:
            wrong.append(one)
        else:
            found.setdefault(guest.email, guest)
    if wrong:
        first = cut(wrong[0], 60)
        raise ValidationError(
            _("“%(typed)s” isn’t an e-mail address. Enter one such as bo@example.com.", typed=first)
        )
    found.pop(booker, None)
    if len(found) > most:
        raise _too_many(most)
    return tuple(found.values())


def addresses_in(typed: str) -> Iterator[str]:
    """The addresses in such a text, as far as they are any; of an endless one, the first."""
    for part in islice(_parts(typed), _MOST_READ):
        try:
            yield _guest(part).email
        except ValueError:
            continue


def _parts(typed: str) -> Iterator[str]:
    return (one for part in re.split(r"[\n,;]", typed) if (one := line(part)))


def _guest(text: str) -> Guest:
    if len(text) > _LONGEST:
        raise ValueError("no address and no name is that long")
    named = _NAMED.fullmatch(text)
    name, address = (line(named[1]).strip("\"' "), named[2]) if named else ("", text)
    email = addresses.folded(address, public=True)
    if not is_visible(name):
        name = email.partition("@")[0]
    return Guest(name[:_LONGEST_NAME], email)


def _too_many(most: int) -> ValidationError:
    return ValidationError(
        ngettext("Add at most %(num)s guest.", "Add at most %(num)s guests.", most)
    )


@bp.get("/booking/guest/<token>")
def ask_leave(token: str) -> ResponseReturnValue:
    """Ask before a guest is taken off a booking; afterwards, say that they are."""
    booking, guest = _of(token)
    return render_template("public/leave.html", booking=booking, guest=guest, token=token)


@bp.post("/booking/guest/<token>")
@limits.per_address("60/minute")
def leave(token: str) -> ResponseReturnValue:
    """Take a guest off a booking."""
    booking, guest = _of(token)
    changed = booking.id
    if guest is not None:
        bookings.leave(guest, now=utcnow())
        db.session.commit()
        queue.hurry(changed)
    return htmx.redirect(url_for("public.ask_leave", token=token))


def _of(token: str) -> tuple[Booking, Attendee | None]:
    return guests.booking_and_guest(token) or abort(404)
