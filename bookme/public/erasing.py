"""A booker has the data that is kept of them in one booking erased."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from bookme import queue, wal
from bookme.bookings import own
from bookme.clock import utcnow
from bookme.errors import TooLate
from bookme.extensions import db
from bookme.guard import mailing
from bookme.models import Booking
from bookme.public import change_words, lookups, own_data, times, words
from bookme.public.pages import reader_of_booking
from bookme.public.routes import bp
from bookme.web import htmx, limits, locks


@bp.get("/booking/<token>/data/delete")
def ask_erase(token: str) -> ResponseReturnValue:
    """Ask before the data is erased, and a booking to come cancelled with it."""
    booking = lookups.booking_of(token)
    if not own.can_correct(booking):
        return own_data.page(booking)
    return _page(booking)


@bp.post("/booking/<token>/data/delete")
@limits.per_address("60/minute")
def erase(token: str) -> ResponseReturnValue:
    """Erase it, or begin to."""
    booking, now = lookups.booking_of(token), utcnow()
    was_open = own.is_to_come(booking, now)
    try:
        own.erase(booking, now=now)
    except TooLate:
        locks.let_go()
        return _page(booking, 409)
    if was_open:
        mailing.take_or_wait(booking, booking.attendees, now=now)
    changed = booking.id
    db.session.commit()
    wal.truncate()
    queue.hurry(changed)
    return htmx.redirect(url_for("public.own_data", token=token))


def _page(booking: Booking, status: int = 200) -> ResponseReturnValue:
    now = utcnow()
    to_come = own.is_to_come(booking, now)
    page = render_template(
        "public/erase.html",
        booking=booking,
        reader=reader_of_booking(booking),
        to_come=to_come,
        too_late=to_come and not change_words.can_cancel(booking, now),
        times=times,
        words=words,
    )
    return page, status
