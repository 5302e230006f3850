"""The dashboard: what comes next, the host's bookings, and one booking with all that can be done
to it.
"""

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from bookme import queue, wal
from bookme.bookings import service
from bookme.bookings.dashboard import forms, late_words, listing, picker, requests, words
from bookme.clock import utcnow
from bookme.connections import service as connections
from bookme.connections.page import video_options
from bookme.errors import BookingClosed, SlotTaken, StillToCome
from bookme.extensions import db
from bookme.health import service as health
from bookme.models import Actor, Booking
from bookme.schedules import listing as schedules
from bookme.web import htmx

bp = Blueprint("bookings", __name__, url_prefix="/dashboard")


@bp.before_request
@login_required
def _signed_in() -> None:
    """Every page here is a host's own."""


@bp.get("")
def today() -> ResponseReturnValue:
    """What comes next, and what needs the host."""
    now = utcnow()
    return render_template(
        "bookings/today.html",
        requests=requests.waiting(current_user),
        coming=listing.coming(current_user, now=now),
        attention=connections.needing_attention(current_user),
        has_schedule=schedules.has_any(current_user),
        video=video_options.ready(current_user),
        has_calendar=connections.has_calendar(current_user),
        late=health.late(current_user, now),
        late_words=late_words.late,
        words=words,
    )


@bp.get("/bookings")
def index() -> ResponseReturnValue:
    """Upcoming, past or cancelled bookings, a page at a time."""
    asked = request.args.get("show", "")
    tab = listing.Tab(asked) if asked in set(listing.Tab) else listing.Tab.UPCOMING
    search = request.args.get("q", "")[:100]
    after = listing.Key.parse(request.args.get("after", ""))
    found = listing.page(current_user, tab, now=utcnow(), search=search, after=after)
    return htmx.render(
        "bookings/index.html",
        "bookings/_list.html",
        found=found,
        tab=tab,
        tabs=listing.Tab,
        search=search,
        after=after,
        words=words,
    )


@bp.get("/bookings/<reference>")
def show(reference: str) -> ResponseReturnValue:
    """One booking: people, place, meeting, messages, history."""
    return _page(_booking(reference))


@bp.post("/bookings/<reference>/retry")
def retry(reference: str) -> ResponseReturnValue:
    """Try again what failed."""
    booking = _booking(reference)
    try:
        service.retry(booking, now=utcnow())
    except BookingClosed:
        return _page(booking, status=409)
    db.session.commit()
    queue.hurry(booking.id)
    flash(_("We're trying again."))
    return htmx.redirect(url_for("bookings.show", reference=reference))


@bp.get("/bookings/<reference>/reschedule")
def choose(reference: str) -> ResponseReturnValue:
    """The times to which a booking can be moved."""
    return _picker(_booking(reference), forms.MoveForm())


@bp.post("/bookings/<reference>/reschedule")
def reschedule(reference: str) -> ResponseReturnValue:
    """Move a booking, or show fresh times with the reason why not."""
    booking, form = _booking(reference), forms.MoveForm()
    if not form.validate_on_submit() or form.starts_at.data is None:
        return _picker(booking, form, status=422)
    try:
        service.reschedule(booking, form.starts_at.data, by=Actor.HOST, now=utcnow())
    except SlotTaken as error:
        db.session.rollback()
        form.starts_at.errors = [str(picker.REASONS[error.reason])]
        return _picker(_booking(reference), form, status=422)
    except BookingClosed:
        return _page(booking, status=409)
    db.session.commit()
    queue.hurry(booking.id)
    flash(_("Booking rescheduled. We'll send both of you a message."), "good")
    return htmx.redirect(url_for("bookings.show", reference=reference))


@bp.get("/bookings/<reference>/cancel")
def ask_cancel(reference: str) -> ResponseReturnValue:
    """Ask before a booking is cancelled."""
    return render_template(
        "bookings/cancel.html", booking=_booking(reference), form=forms.CancelForm()
    )


@bp.post("/bookings/<reference>/cancel")
def cancel(reference: str) -> ResponseReturnValue:
    """Cancel a booking and tell both sides."""
    booking, form = _booking(reference), forms.CancelForm()
    if not form.validate_on_submit():
        return render_template("bookings/cancel.html", booking=booking, form=form), 422
    try:
        service.cancel(booking, by=Actor.HOST, reason=form.reason.data, now=utcnow())
    except BookingClosed:
        return _page(booking, status=409)
    db.session.commit()
    queue.hurry(booking.id)
    flash(_("Booking cancelled. We'll send both of you a message."), "good")
    return htmx.redirect(url_for("bookings.show", reference=reference))


@bp.get("/bookings/<reference>/erase")
def ask_erase(reference: str) -> ResponseReturnValue:
    """Ask before a booker's data is erased."""
    booking = _booking(reference)
    return render_template("bookings/erase.html", booking=booking, still_to_come=False)


@bp.post("/bookings/<reference>/erase")
def erase(reference: str) -> ResponseReturnValue:
    """Erase what is known of this booker, in all of the host's bookings."""
    booking = _booking(reference)
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


def _booking(reference: str) -> Booking:
    return listing.find(current_user, reference) or abort(404)


def _page(booking: Booking, status: int = 200) -> ResponseReturnValue:
    now = utcnow()
    return htmx.render(
        "bookings/show.html",
        "bookings/_outside.html",
        status,
        booking=booking,
        can_retry=service.can_retry(booking, now=now),
        words=words,
        now=now,
    )


def _picker(booking: Booking, form: forms.MoveForm, status: int = 200) -> ResponseReturnValue:
    now = utcnow()
    month = picker.month_of(request.args.get("month", ""), booking, current_user.zone, now)
    page = render_template(
        "bookings/reschedule.html",
        booking=booking,
        form=form,
        days=picker.days(booking, month, current_user.zone, now=now),
        month=month,
        months=picker.neighbours(booking, month, current_user.zone, now),
    )
    return page, status
