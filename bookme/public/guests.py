"""The page on which a guest takes themselves off."""

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from bookme import queue, wal
from bookme.bookings import guests, own_data
from bookme.bookings import service as bookings
from bookme.clock import utcnow
from bookme.errors import BookingClosed
from bookme.extensions import db
from bookme.models import Attendee, Booking
from bookme.public import times, words
from bookme.public.own_data import as_file
from bookme.public.reader import Reader
from bookme.public.routes import bp
from bookme.web import htmx, limits


@bp.get("/booking/guest/<token>")
def ask_leave(token: str) -> ResponseReturnValue:
    """Ask before a guest is taken off a booking; afterwards, say that they are."""
    booking, guest = _of(token)
    return render_template(
        "public/leave.html",
        booking=booking,
        guest=guest,
        reader=Reader(guest.zone, guest.clock_hours, guest.locale) if guest is not None else None,
        token=token,
        times=times,
        words=words,
    )


@bp.post("/booking/guest/<token>")
@limits.per_address("60/minute")
def leave(token: str) -> ResponseReturnValue:
    """Take a guest off a booking."""
    booking, guest = _of(token)
    changed = booking.id
    if guest is not None:
        try:
            bookings.leave(guest, now=utcnow())
        except BookingClosed:
            abort(404)
        db.session.commit()
        wal.truncate()
        queue.hurry(changed)
    return htmx.redirect(url_for("public.ask_leave", token=token))


@bp.get("/booking/guest/<token>/data.json")
def guest_data_file(token: str) -> Response:
    """What is kept of a guest, for taking along."""
    _booking, guest = _of(token)
    return as_file(own_data.of_guest(guest or abort(404), now=utcnow()))


def _of(token: str) -> tuple[Booking, Attendee | None]:
    return guests.booking_and_guest(token) or abort(404)
