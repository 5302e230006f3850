"""The host's hours: what there is, and the sets of opening hours."""

from typing import Any

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from bookme.clock import utcnow
from bookme.extensions import db
from bookme.hours import service, time_fields, time_off, words
from bookme.hours.blueprint import bp
from bookme.hours.forms import LimitsForm, SetForm
from bookme.models import OFFICE_HOURS, OpeningHours
from bookme.web import bounds, htmx


@bp.get("")
def index() -> ResponseReturnValue:
    """The host's sets of hours, time off, and limits over all schedules."""
    return _index(LimitsForm(obj=current_user))


@bp.post("/limits")
def limits() -> ResponseReturnValue:
    """Change the limits over all schedules."""
    form = LimitsForm()
    if not form.validate_on_submit():
        return _index(form, status=422)
    service.limit(current_user, per_day=form.max_per_day.data, per_week=form.max_per_week.data)
    db.session.commit()
    flash(_("Limits saved."), "good")
    return htmx.redirect(url_for("hours.index"))


@bp.get("/sets/new")
def create() -> ResponseReturnValue:
    """The form of a new set, filled with office hours."""
    fresh = OpeningHours(name="", zone=current_user.zone, week=OFFICE_HOURS, overrides={})
    return _page(_form(fresh), None)


@bp.post("/sets/new")
def save_new() -> ResponseReturnValue:
    """Add a set, or show the form again with what is wrong."""
    return _save(None)


@bp.get("/sets/<int:set_id>")
def edit(set_id: int) -> ResponseReturnValue:
    """The form of one set."""
    hours = _set(set_id)
    return _page(_form(hours), hours)


@bp.post("/sets/<int:set_id>")
def save(set_id: int) -> ResponseReturnValue:
    """Change a set and the schedules that use it, or show the form again with what is wrong."""
    return _save(_set(set_id))


@bp.post("/sets/<int:set_id>/duplicate")
def duplicate(set_id: int) -> ResponseReturnValue:
    """Copy a set and open the copy."""
    try:
        copy = service.duplicate(_set(set_id), now=utcnow())
    except service.TooManySets:
        flash(_too_many(), "bad")
        return htmx.redirect(url_for("hours.index"))
    db.session.commit()
    flash(_("This is your copy. No schedule uses it yet."))
    return htmx.redirect(url_for("hours.edit", set_id=copy.id))


@bp.get("/sets/<int:set_id>/delete")
def ask_delete(set_id: int) -> ResponseReturnValue:
    """Ask before a set is deleted."""
    return _deletion(_set(set_id))


@bp.post("/sets/<int:set_id>/delete")
def delete(set_id: int) -> ResponseReturnValue:
    """Delete a set; schedules keep its hours as their own."""
    hours = _set(set_id)
    name = hours.name
    try:
        service.delete(hours)
    except service.LastSet:
        return _deletion(hours, status=422)
    db.session.commit()
    flash(_("“%(name)s” deleted.", name=name))
    return htmx.redirect(url_for("hours.index"))


def _set(set_id: int) -> OpeningHours:
    return service.find(current_user, set_id) or abort(404)


def _form(hours: OpeningHours | None) -> SetForm:
    """The form of a set (none: a new one), as stored or, in a POST, as typed."""
    form = SetForm(data=SetForm.typed(hours) if hours else None)
    form.now = utcnow()
    form.offer_zones(form.zone.data or current_user.zone)
    return form


def _save(hours: OpeningHours | None) -> ResponseReturnValue:
    form = _form(hours)
    if "add" in request.form:
        form.grow(request.form["add"])
        return _page(form, hours)
    if not form.validate_on_submit() or not _stored(form, hours):
        db.session.rollback()
        return _page(form, hours, status=422)
    db.session.commit()
    flash(_("“%(title)s” saved.", title=form.name.data), "good")
    return htmx.redirect(url_for("hours.index"))


def _stored(form: SetForm, hours: OpeningHours | None) -> bool:
    try:
        if hours is None:
            service.create(current_user, form.values(), now=form.now)
        else:
            service.change(hours, form.values(), now=form.now)
    except service.TooManySets:
        form.name.errors = [_too_many()]
        return False
    except service.TooShort as error:
        form.windows.errors = [words.too_short(error)]
        return False
    return True


def _too_many() -> str:
    return _("You can have up to %(most)s sets of hours. Delete one first.", most=service.MOST)


def _index(limits: LimitsForm, status: int = 200) -> ResponseReturnValue:
    after = request.args.get("after", type=bounds.row_id)
    page = render_template(
        "hours/index.html",
        sets=service.of_host(current_user),
        uses=service.uses(current_user),
        off=time_off.coming(current_user, now=utcnow(), after=after),
        after=after,
        limits=limits,
        words=words,
    )
    return page, status


def _page(form: SetForm, hours: OpeningHours | None, status: int = 200) -> ResponseReturnValue:
    use = service.uses(current_user).get(hours.id) if hours else None
    shown: dict[str, Any] = {"form": form, "hours": hours, "use": use}
    shown["weekdays"] = time_fields.weekdays()
    return htmx.render("hours/set.html", "hours/_set.html", status, **shown)


def _deletion(hours: OpeningHours, status: int = 200) -> ResponseReturnValue:
    use = service.uses(current_user).get(hours.id)
    is_last = len(service.of_host(current_user)) == 1
    return render_template("hours/delete.html", hours=hours, use=use, is_last=is_last), status
