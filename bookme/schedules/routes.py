"""The host's appointment schedules."""

from typing import Any

from flask import Blueprint, Response, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from bookme.clock import utcnow
from bookme.connections.page import video_options
from bookme.extensions import db
from bookme.hours import rows
from bookme.hours import service as hours
from bookme.models import OFFICE_HOURS, LocationKind, Schedule
from bookme.schedules import folds, forms, listing, messages, providers, service
from bookme.web import bounds, htmx

bp = Blueprint("schedules", __name__, url_prefix="/dashboard/schedules")


@bp.before_request
@login_required
def _signed_in() -> None:
    """Every page here is a host's own."""


@bp.get("")
def index() -> ResponseReturnValue:
    """The host's schedules, a page at a time."""
    after = request.args.get("after", type=bounds.row_id)
    found = listing.page(current_user, after=after)
    return render_template("schedules/index.html", found=found, after=after)


@bp.get("/new")
def create() -> ResponseReturnValue:
    """The form of a new schedule, filled with what most hosts want."""
    return _page(_form(_fresh()), None)


@bp.post("/new")
def save_new() -> ResponseReturnValue:
    """Add a schedule, or show the form again with what is wrong."""
    return _save(None)


@bp.get("/<int:schedule_id>")
def edit(schedule_id: int) -> ResponseReturnValue:
    """The form of one schedule."""
    schedule = _schedule(schedule_id)
    return _page(_form(schedule), schedule)


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
        return render_template("schedules/_schedule.html", schedule=schedule)
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


def _fresh() -> Schedule:
    """What a new schedule begins with; not added to the session."""
    video = video_options.default(current_user)
    kind = LocationKind.VIDEO if video else LocationKind.IN_PERSON
    defaults: dict[str, Any] = {"duration_minutes": 30, "step_minutes": 30, "horizon_days": 60}
    buffers = {"buffer_before_minutes": 0, "buffer_after_minutes": 0, "notice_minutes": 240}
    sets = hours.of_host(current_user)
    begins = {"zone": current_user.zone, "week": OFFICE_HOURS, "overrides": {}}
    if sets:
        oldest = sets[0]
        begins = {"zone": oldest.zone, "week": oldest.week, "overrides": oldest.overrides}
    return Schedule(
        opening_hours_id=sets[0].id if sets else None,
        **begins,
        location_kind=kind,
        message_rules=messages.usual(),
        **defaults,
        **buffers,
    )


def _form(schedule: Schedule | None) -> forms.ScheduleForm:
    """The form of a schedule (none: a new one), as stored or, in a POST, as typed."""
    form = forms.ScheduleForm(data=forms.ScheduleForm.typed(schedule) if schedule else None)
    chosen = schedule.video_provider if schedule else None
    form.video_provider.choices = providers.choices(current_user, chosen)
    form.now = utcnow()
    form.offer_zones(form.zone.data or current_user.zone)
    form.offer_sets(hours.of_host(current_user))
    return form


def _save(schedule: Schedule | None) -> ResponseReturnValue:
    form = _form(schedule)
    if "add" in request.form:
        form.grow(request.form["add"])
        return _page(form, schedule)
    if "less" in request.form:
        form.shrink(request.form["less"])
        return _page(form, schedule)
    if not form.validate_on_submit() or not _stored(form, schedule):
        db.session.rollback()
        return _page(form, schedule, status=422)
    db.session.commit()
    flash(_("“%(title)s” saved.", title=form.title.data), "good")
    return htmx.redirect(url_for("schedules.index"))


def _stored(form: forms.ScheduleForm, schedule: Schedule | None) -> bool:
    try:
        if schedule is None:
            service.create(current_user, form.values(), now=utcnow())
        else:
            service.update(schedule, form.values(), now=utcnow())
    except service.SlugTaken:
        form.slug.errors = [_("Another of your schedules has this address. Enter a different one.")]
        return False
    except service.NoSuchHours:
        form.use_hours.errors = [_("These hours were deleted. Choose others.")]
        return False
    except service.NoProvider:
        form.video_provider.errors = [_("Choose a video provider, or connect one first.")]
        return False
    return True


def _page(form: forms.ScheduleForm, schedule: Schedule | None, status: int = 200) -> Response:
    return htmx.render(
        "schedules/edit.html",
        "schedules/_form.html",
        status,
        form=form,
        parts=folds.of(form, forms.ScheduleForm.typed(schedule or _fresh())),
        action=_action(schedule),
        schedule=schedule,
        weekdays=rows.weekdays(),
        connections=providers.connected(current_user),
        too_long=providers.too_long_for_plan(current_user, form),
        unable=providers.unable(current_user),
    )


def _action(schedule: Schedule | None) -> str:
    """Where the form of a schedule goes, or of a new one."""
    if schedule is None:
        return url_for("schedules.save_new")
    return url_for("schedules.save", schedule_id=schedule.id)
