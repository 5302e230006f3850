"""Booking with an e-mail address that is confirmed first: the page after the form, and the one that
the link in the mail leads to.
"""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from bookme import queue
from bookme.bookings import email_proof
from bookme.bookings import service as bookings
from bookme.bookings.email_proof import Proof, Right
from bookme.bookings.slots import takes_bookings
from bookme.clock import utcnow
from bookme.errors import BookingClosed
from bookme.extensions import db
from bookme.models import BookingStatus, Visibility
from bookme.public import embedded, times, words
from bookme.public.notices import address_after
from bookme.public.pages import reader_of_booking
from bookme.public.routes import bp
from bookme.web import htmx, limits
from bookme.web.words import keep_to


@bp.get("/booking/held/<token>")
def held(token: str) -> ResponseReturnValue:
    """Says that a time is held, and what became of it; whoever sees it can change nothing."""
    proof = _proof(token, Right.LOOK)
    if proof.booking is None:
        return _released(proof)
    return _page("held", proof)


@bp.get("/booking/confirm/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Ask before a booking is completed; one that is leads to its page."""
    proof = _proof(token, Right.CONFIRM)
    if proof.booking is None:
        return _released(proof)
    if proof.booking.status is not BookingStatus.HELD:
        return htmx.redirect(address_after(proof.booking))
    return _page("confirm", proof)


@bp.post("/booking/confirm/<token>")
@limits.per_address("60/minute")
def confirmed(token: str) -> ResponseReturnValue:
    """Complete the booking, or say that the time was released."""
    proof = _proof(token, Right.CONFIRM)
    if proof.booking is None:
        return _released(proof)
    try:
        booking = bookings.confirm_email(proof.booking, now=utcnow())
    except BookingClosed:
        db.session.rollback()
        return _released(proof)
    made, address = booking.id, address_after(booking)
    db.session.commit()  # after it, asking the row for anything would open another transaction
    queue.hurry(made)
    return htmx.redirect(address)


def _proof(token: str, right: Right) -> Proof:
    proof = email_proof.read(token, right) or abort(404)
    embedded.allow(proof.schedule.host)
    keep_to(proof.schedule.language)
    return proof


def _page(name: str, proof: Proof) -> ResponseReturnValue:
    assert proof.booking is not None
    return render_template(
        f"public/{name}.html",
        booking=proof.booking,
        token=(request.view_args or {})["token"],
        reader=reader_of_booking(proof.booking),
        words=words,
        times=times,
    )


def _released(proof: Proof) -> ResponseReturnValue:
    schedule = proof.schedule
    page = render_template(
        "public/released.html",
        schedule=schedule,
        is_open=takes_bookings(schedule),
        by_link=schedule.visibility is Visibility.BY_LINK,
    )
    return page, 410
