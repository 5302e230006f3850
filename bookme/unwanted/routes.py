"""A host's page about unwanted bookings: who is blocked, undoing a wave, and the switch that has
bookers confirm their addresses first.
"""

from typing import Any

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required
from werkzeug.exceptions import HTTPException

from bookme import queue
from bookme.accounts import access
from bookme.bookings import waves
from bookme.bookings.dashboard.page import booking_of
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.guard import blocks, floods
from bookme.guard.blocks import TooManyBlocks
from bookme.models import BlockKind, Booking
from bookme.unwanted.forms import BlockForm, SourceForm, WaveForm
from bookme.web import htmx

bp = Blueprint("unwanted", __name__, url_prefix="/dashboard/unwanted")


@bp.before_request
@login_required
def _signed_in() -> None:
    """Every page here is a host's own."""


@bp.get("")
def index() -> ResponseReturnValue:
    """What is blocked, and what can be done about a wave."""
    return _index(BlockForm())


@bp.post("/block")
def block() -> ResponseReturnValue:
    """Take no bookings from there."""
    form = BlockForm()
    if not form.validate_on_submit() or form.sender.sender is None:
        return _index(form, 422)
    try:
        blocks.add(access.host(), *form.sender.sender, now=utcnow())
    except TooManyBlocks:
        form.sender.errors = [_full()]
        return _index(form, 422)
    db.session.commit()
    flash(_("Blocked. Nobody can book with you from there."), "good")
    return htmx.redirect(url_for("unwanted.index", _anchor="blocked"))


@bp.post("/blocks/<int:block_id>/remove")
def unblock(block_id: int) -> ResponseReturnValue:
    """Take bookings from there again."""
    if not blocks.remove(access.host(), block_id):
        abort(404)
    db.session.commit()
    flash(_("No longer blocked."), "good")
    return htmx.redirect(url_for("unwanted.index", _anchor="blocked"))


@bp.get("/bookings/<reference>/block")
def ask_block(reference: str) -> ResponseReturnValue:
    """What of one booking to block."""
    return _source(booking_of(reference), SourceForm())


@bp.post("/bookings/<reference>/block")
def block_source(reference: str) -> ResponseReturnValue:
    """Block where a booking came from, and show what else came from there."""
    booking, form = booking_of(reference), SourceForm()
    address = _offer(form, booking)
    if not form.validate_on_submit():
        return _source(booking, form, 422)
    kind = BlockKind(form.what.data)
    try:
        if kind is BlockKind.NETWORK:
            blocks.add_network_of(booking, now=utcnow())
        else:
            value = address if kind is BlockKind.ADDRESS else address.rpartition("@")[2]
            blocks.add(access.host(), kind, value, now=utcnow())
    except TooManyBlocks:
        form.what.errors = [_full()]
        return _source(booking, form, 422)
    db.session.commit()
    flash(_("Blocked. Here is what else was booked from there in the last 7 days."), "good")
    asked: dict[str, Any] = {"like": reference}
    if kind is not BlockKind.NETWORK:
        asked = {"sender": value}
    return htmx.redirect(url_for("unwanted.wave", hours=168, **asked))


@bp.get("/wave")
def wave() -> ResponseReturnValue:
    """Bookings that may belong together, to be cancelled in one step."""
    form = WaveForm(request.args)
    fine = form.validate()
    return _wave(form, 200 if fine else 422)


@bp.post("/wave")
def undo() -> ResponseReturnValue:
    """Cancel those that are ticked."""
    picked = request.form.getlist("booking")[: waves.MOST]
    if not picked:
        form = WaveForm(request.args)
        form.validate()
        return _wave(form, 422, missing=True)
    tell = request.form.get("tell") == "yes"
    ids = waves.undo(access.host(), picked, tell=tell, now=utcnow())
    db.session.commit()
    for booking_id in ids:
        queue.hurry(booking_id)
    count = len(ids)
    flash(ngettext("%(num)s booking cancelled.", "%(num)s bookings cancelled.", count), "good")
    return htmx.redirect(url_for("unwanted.index"))


@bp.post("/confirm-first")
def confirm_first() -> ResponseReturnValue:
    """Have the bookers of all schedules confirm their addresses first."""
    floods.confirm_addresses(access.host())
    floods.put_away(access.host(), now=utcnow())
    db.session.commit()
    flash(_("Bookers now confirm their e-mail address before a booking counts."), "good")
    return htmx.redirect(url_for("unwanted.index"))


@bp.post("/seen")
def seen() -> ResponseReturnValue:
    """Put the notice on Today away."""
    floods.put_away(access.host(), now=utcnow())
    db.session.commit()
    return htmx.redirect(url_for("bookings.today"))


def _full() -> str:
    return _("Your list is full. Remove what you no longer need.")


def _index(form: BlockForm, status: int = 200) -> ResponseReturnValue:
    host, searched = access.host(), WaveForm(formdata=None)
    searched.sender.id = "from"  # the form beside it has a field of this name, too
    page = render_template(
        "unwanted/index.html",
        form=form,
        wave=searched,
        blocks=[(one, blocks.shown(one)) for one in blocks.of_host(host)],
        all_confirm=floods.all_confirm(host),
        host=host,
    )
    return page, status


def _offer(form: SourceForm, booking: Booking) -> str:
    address = booking.booker.email if booking.booker is not None else ""
    form.offer(address, has_network=waves.has_origin(booking))
    if not form.what.choices:
        abort(404)
    return address


def _source(booking: Booking, form: SourceForm, status: int = 200) -> ResponseReturnValue:
    _offer(form, booking)
    return render_template("unwanted/block.html", booking=booking, form=form), status


def _wave(form: WaveForm, status: int = 200, *, missing: bool = False) -> ResponseReturnValue:
    host, now = access.host(), utcnow()
    like = _like()
    found = []
    if not form.errors:
        found = waves.find(
            host, since=now - form.back, sender=form.sender.sender, like=like, now=now
        )
    page = render_template(
        "unwanted/wave.html",
        form=form,
        bookings=found,
        most=waves.MOST,
        like=like,
        missing=missing,
        host=host,
    )
    return page, status


def _like() -> Booking | None:
    try:
        return booking_of(request.args["like"]) if request.args.get("like") else None
    except HTTPException:
        return None
