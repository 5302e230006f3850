"""What a host notes about the people of a booking, and the end of what is known of them."""

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from bookme import wal
from bookme.bookings import people, service
from bookme.bookings.dashboard import forms
from bookme.bookings.dashboard.page import booking_of, page_of
from bookme.bookings.dashboard.routes import bp
from bookme.clock import utcnow
from bookme.errors import BookingClosed, StillToCome
from bookme.extensions import db
from bookme.web import htmx


@bp.post("/bookings/<reference>/people/<int:person_id>/no-show")
def no_show(reference: str, person_id: int) -> ResponseReturnValue:
    """Note that somebody did not come, or take that back."""
    booking, came = booking_of(reference), request.form.get("came") == "yes"
    person = people.find(booking, person_id) or abort(404)
    try:
        people.note_no_show(person, came=came, now=utcnow())
    except BookingClosed:
        return page_of(booking, status=409)
    db.session.commit()
    return htmx.redirect(url_for("bookings.show", reference=reference, _anchor="people"))


@bp.post("/bookings/<reference>/notes")
def notes(reference: str) -> ResponseReturnValue:
    """Keep the host's own notes."""
    booking, form = booking_of(reference), forms.NotesForm()
    booker = booking.booker or abort(404)
    if not form.validate_on_submit():
        return page_of(booking, status=422, notes=form)
    people.note(booker, form.notes.data)
    db.session.commit()
    flash(_("Notes saved."), "good")
    return htmx.redirect(url_for("bookings.show", reference=reference, _anchor="notes"))


@bp.get("/bookings/<reference>/erase")
def ask_erase(reference: str) -> ResponseReturnValue:
    """Ask before a booker's data is erased."""
    booking = booking_of(reference)
    return render_template("bookings/erase.html", booking=booking, still_to_come=False)


@bp.post("/bookings/<reference>/erase")
def erase(reference: str) -> ResponseReturnValue:
    """Erase what is known of this booker, in all of the host's bookings."""
    booking = booking_of(reference)
    booker = booking.booker or abort(404)
    try:
        service.erase_booker(current_user, booker.email, now=utcnow())
    except StillToCome:
        db.session.rollback()
        page = render_template("bookings/erase.html", booking=booking, still_to_come=True)
        return page, 422
    db.session.commit()
    wal.truncate()
    flash(_("The booker's data is deleted."), "good")
    return htmx.redirect(url_for("bookings.show", reference=reference))
