"""The host's time off."""

from flask import abort, flash, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from bookme.clock import utcnow
from bookme.extensions import db
from bookme.hours import time_off
from bookme.hours.blueprint import bp
from bookme.hours.forms import TimeOffForm
from bookme.models import TimeOff
from bookme.web import htmx


@bp.get("/off/new")
def take_off() -> ResponseReturnValue:
    """The form of time off."""
    return _page(_form(None), None)


@bp.post("/off/new")
def save_new_off() -> ResponseReturnValue:
    """Take time off, after asking about the bookings in it."""
    return _save(None)


@bp.get("/off/<int:off_id>")
def edit_off(off_id: int) -> ResponseReturnValue:
    """The form of some time off."""
    off = _off(off_id)
    return _page(_form(off), off)


@bp.post("/off/<int:off_id>")
def save_off(off_id: int) -> ResponseReturnValue:
    """Change some time off, after asking about the bookings in it."""
    return _save(_off(off_id))


@bp.post("/off/<int:off_id>/delete")
def delete_off(off_id: int) -> ResponseReturnValue:
    """Be there after all."""
    time_off.delete(_off(off_id))
    db.session.commit()
    flash(_("Time off deleted. Your schedules offer these times again."))
    return htmx.redirect(url_for("hours.index"))


def _off(off_id: int) -> TimeOff:
    return time_off.find(current_user, off_id) or abort(404)


def _form(off: TimeOff | None) -> TimeOffForm:
    form = TimeOffForm(data=TimeOffForm.typed(off) if off else None)
    form.now, form.in_zone = utcnow(), off.zone if off else current_user.zone
    return form


def _save(off: TimeOff | None) -> ResponseReturnValue:
    form = _form(off)
    if not form.validate_on_submit():
        return _page(form, off, status=422)
    asked, now = form.asked.data or 0, form.now
    try:
        if off is None:
            time_off.add(current_user, form.values(), asked=asked, now=now)
        else:
            time_off.change(off, form.values(), asked=asked, now=now)
    except time_off.CoversBookings as covered:
        form.asked.data, form.asked.raw_data = covered.count, None
        return _page(form, off, covered=covered)
    except time_off.TooMuchTimeOff:
        form.first.errors = [
            _("You have %(most)s stretches of time off already.", most=time_off.MOST)
        ]
        return _page(form, off, status=422)
    db.session.commit()
    flash(_("Time off saved. Your schedules don't offer these times."), "good")
    return htmx.redirect(url_for("hours.index"))


def _page(
    form: TimeOffForm,
    off: TimeOff | None,
    *,
    covered: time_off.CoversBookings | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return htmx.render(
        "hours/time_off.html",
        "hours/_time_off.html",
        status,
        form=form,
        off=off,
        covered=covered,
    )
