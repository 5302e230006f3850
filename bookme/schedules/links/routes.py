"""The single-use links of a schedule: created, shown once, listed, revoked."""

from typing import Any

from flask import Blueprint, abort, flash, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from bookme.clock import utcnow
from bookme.errors import LinkSpent
from bookme.extensions import db
from bookme.models import Schedule
from bookme.schedules import service as schedules
from bookme.schedules.links import service, words
from bookme.schedules.links.forms import LinkForm
from bookme.web import bounds, htmx

bp = Blueprint("links", __name__, url_prefix="/dashboard/schedules/<int:schedule_id>/links")

#: The cookie holds a new link until its page has shown it, for nothing else knows its secret.
_NEW = "new_link"


@bp.before_request
@login_required
def _signed_in() -> None:
    """Every page here is a host's own."""


@bp.get("")
def index(schedule_id: int) -> ResponseReturnValue:
    """The links, a page at a time; a new one is shown this once."""
    schedule = _schedule(schedule_id)
    of, secret = session.pop(_NEW, (None, ""))
    return _page(schedule, LinkForm(), secret=secret if of == schedule.id else "")


@bp.post("")
def create(schedule_id: int) -> ResponseReturnValue:
    """Create a link."""
    schedule, form = _schedule(schedule_id), LinkForm()
    if not form.validate_on_submit():
        return _page(schedule, form, status=422)
    secret = service.create(schedule, days=form.days.data, now=utcnow())
    db.session.commit()
    session[_NEW] = schedule.id, secret
    return htmx.redirect(url_for("links.index", schedule_id=schedule.id))


@bp.post("/<int:link_id>/revoke")
def revoke(schedule_id: int, link_id: int) -> ResponseReturnValue:
    """Let a link admit nobody, or say that somebody has used it."""
    schedule = _schedule(schedule_id)
    link = service.find(schedule, link_id) or abort(404)
    try:
        service.revoke(link, now=utcnow())
    except LinkSpent:
        return _page(schedule, LinkForm(), status=409, too_late=True)
    db.session.commit()
    flash(_("Link revoked."), "good")
    return htmx.redirect(url_for("links.index", schedule_id=schedule.id))


def _schedule(schedule_id: int) -> Schedule:
    return schedules.find(current_user, schedule_id) or abort(404)


def _page(
    schedule: Schedule, form: LinkForm, *, status: int = 200, secret: str = "", **said: Any
) -> ResponseReturnValue:
    before = request.args.get("before", type=bounds.row_id)
    where: dict[str, Any] = {"handle": schedule.host.handle, "slug": schedule.slug}
    page = render_template(
        "schedules/links.html",
        schedule=schedule,
        form=form,
        new=url_for("public.show", **where, link=secret) if secret else "",
        found=service.page(schedule, before=before),
        before=before,
        words=words,
        now=utcnow(),
        **said,
    )
    return page, status
