"""The host's appointment schedules."""

from datetime import datetime

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import Schedule
from bookme.schedules import (
    cards,
    editor,
    forms,
    listing,
    missing_words,
    service,
)
from bookme.web import bounds, htmx

bp = Blueprint("schedules", __name__, url_prefix="/dashboard/schedules")


@bp.before_request
@login_required
def _signed_in() -> None:
    """Every page here is a host's own."""


@bp.get("")
def index() -> ResponseReturnValue:
    """The host's schedules, a page at a time."""
    return page_of_cards(free=None)


def page_of_cards(free: dict[int, datetime | None] | None) -> str:
    """The page of the host's schedules.

    :param free: the next free time of each that is shown, by id, where they were looked for.
    """
    args, now = request.args, utcnow()
    after = args.get("after", type=bounds.row_id)
    found = listing.page(current_user, after=after)
    saved = service.find(current_user, args.get("saved", 0, type=bounds.row_id))
    return render_template(
        "schedules/index.html",
        found=found,
        cards=cards.of(current_user, found.schedules, now=now),
        saved=cards.of(current_user, [saved], now=now)[0] if saved else None,
        after=after,
        free=free,
        lack_words=missing_words.said,
    )


@bp.get("/new")
def create() -> ResponseReturnValue:
    """The form of a new schedule, filled with what most hosts want."""
    return editor.page(editor.form_of(editor.fresh()), None)


@bp.post("/new")
def save_new() -> ResponseReturnValue:
    """Add a schedule, or show the form again with what is wrong."""
    return _save(None)


@bp.get("/<int:schedule_id>")
def edit(schedule_id: int) -> ResponseReturnValue:
    """The form of one schedule."""
    schedule = _schedule(schedule_id)
    return editor.page(editor.form_of(schedule), schedule)


@bp.post("/<int:schedule_id>")
def save(schedule_id: int) -> ResponseReturnValue:
    """Change a schedule, or show the form again with what is wrong."""
    return _save(_schedule(schedule_id))


@bp.post("/<int:schedule_id>/duplicate")
def duplicate(schedule_id: int) -> ResponseReturnValue:
    """Copy a schedule and open the copy."""
    copy = service.duplicate(_schedule(schedule_id), now=utcnow())
    db.session.commit()
    flash(_("This is your copy. It’s switched off until you switch it on."))
    return htmx.redirect(url_for("schedules.edit", schedule_id=copy.id))


@bp.post("/<int:schedule_id>/switch")
def switch(schedule_id: int) -> ResponseReturnValue:
    """Take bookings, or take none for now."""
    schedule = _schedule(schedule_id)
    service.switch(schedule, on=request.form.get("on") == "yes")
    db.session.commit()
    if htmx.wants_fragment():
        (card,) = cards.of(current_user, [schedule], now=utcnow())
        said = missing_words.said
        return render_template("schedules/_schedule.html", card=card, lack_words=said)
    return htmx.redirect(url_for("schedules.index"))


@bp.get("/<int:schedule_id>/delete")
def ask_delete(schedule_id: int) -> ResponseReturnValue:
    """Ask before a schedule is deleted."""
    return render_template("schedules/delete.html", schedule=_schedule(schedule_id))


@bp.post("/<int:schedule_id>/delete")
def delete(schedule_id: int) -> ResponseReturnValue:
    """Delete a schedule; its bookings stay."""
    schedule = _schedule(schedule_id)
    service.delete(schedule, now=utcnow())
    db.session.commit()
    flash(_("“%(title)s” deleted. Existing bookings stay.", title=schedule.title))
    return htmx.redirect(url_for("schedules.index"))


def _schedule(schedule_id: int) -> Schedule:
    return service.find(current_user, schedule_id) or abort(404)


def _save(schedule: Schedule | None) -> ResponseReturnValue:
    form = editor.form_of(schedule)
    if "add" in request.form:
        form.grow(request.form["add"])
        return editor.page(form, schedule)
    if "less" in request.form:
        form.shrink(request.form["less"])
        return editor.page(form, schedule)
    saved = _stored(form, schedule) if form.validate_on_submit() else None
    if saved is None:
        db.session.rollback()
        return editor.page(form, schedule, 422)
    db.session.commit()
    flash(_("“%(title)s” saved.", title=form.title.data), "good")
    return htmx.redirect(url_for("schedules.index", saved=saved.id))


def _stored(form: forms.ScheduleForm, schedule: Schedule | None) -> Schedule | None:
    """The schedule as it was typed; None if it can't be, which the form says then."""
    try:
        if schedule is None:
            return service.create(current_user, form.values(), now=utcnow())
        return service.update(schedule, form.values(), now=utcnow())
    except service.SlugTaken:
        form.slug.errors = [_("Another of your schedules has this address. Enter a different one.")]
    except service.NoSuchHours:
        form.use_hours.errors = [_("These hours were deleted. Choose others.")]
    except service.NoProvider:
        form.video_provider.errors = [_("Choose a video provider, or connect one first.")]
    return None
