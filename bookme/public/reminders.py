"""Where the link leads by which a booker or a guest ends the reminders of one booking."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bookme.bookings.messages import reminders as messages
from bookme.bookings.messages import stopping
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import Attendee
from bookme.public.routes import bp
from bookme.web import htmx, limits


@bp.get("/reminders/<token>")
def reminders(token: str) -> ResponseReturnValue:
    """Ask before reminders end, or say that they have: a link in a mail acts on nothing."""
    return _page(_reader(token), token)


@bp.post("/reminders/<token>")
@limits.per_address("60/minute")
def stop_reminders(token: str) -> ResponseReturnValue:
    """End them. A mail program's own button is answered with the page, since RFC 8058 allows it no
    redirect.
    """
    reader = _reader(token)
    messages.stop(reader, now=utcnow())
    db.session.commit()
    if request.form.get("List-Unsubscribe") == "One-Click":
        return _page(reader, token)
    return htmx.redirect(url_for("public.reminders", token=token))


def _reader(token: str) -> Attendee:
    return stopping.reader_of(token) or abort(404)


def _page(reader: Attendee, token: str) -> ResponseReturnValue:
    booking = reader.booking
    return render_template(
        "public/reminders.html",
        reader=reader,
        booking=booking,
        token=token,
        over=not booking.holds_time or booking.is_over(utcnow()),
        waits=messages.waits_for(reader),
    )
