"""The next free times on the list of schedules, and the preview beside the editor."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from bookme.clock import utcnow
from bookme.connections import usage
from bookme.models import Schedule
from bookme.schedules import editor, listing, missing, service
from bookme.schedules import routes as schedules
from bookme.schedules.ahead import draft, times
from bookme.web import bounds, htmx, limits

bp = Blueprint("ahead", __name__, url_prefix="/dashboard/schedules")


@bp.before_request
@login_required
def _signed_in() -> None:
    """Every page here is a host's own."""


@bp.get("/free")
def free() -> ResponseReturnValue:
    """The next free time of each schedule on a page of them; htmx gets only those."""
    after = request.args.get("after", type=bounds.row_id)
    shown = listing.page(current_user, after=after).schedules
    found = times.next_free([one for one in shown if one.active], now=utcnow())
    page = schedules.page_of_cards(free=found)
    if htmx.wants_fragment():
        page = render_template("schedules/_all_free.html", schedules=shown, free=found)
    answer = make_response(page)
    answer.vary.add("HX-Request")
    return answer


@bp.post("/new/preview")
@limits.gently("240/minute")
def preview_new() -> ResponseReturnValue:
    """The next two weeks of a new schedule as it is typed."""
    return _preview(None)


@bp.post("/<int:schedule_id>/preview")
@limits.gently("240/minute")
def preview(schedule_id: int) -> ResponseReturnValue:
    """The next two weeks of a schedule as it is typed. Nothing is saved."""
    return _preview(service.find(current_user, schedule_id) or abort(404))


def _preview(schedule: Schedule | None) -> Response:
    now, form = utcnow(), editor.form_of(schedule)
    base = schedule or editor.fresh()
    typed, is_sound = draft.of(form, base, current_user)
    said: dict[str, Any] = {
        "days": times.days(typed, current_user.zone, now=now),
        "typed": typed,
        "is_sound": is_sound,
        "lacks": missing.of(typed, usage.connected(current_user.id), now=now),
    }
    if htmx.wants_fragment():
        said |= editor.around(schedule)
        return htmx.render("", "schedules/_preview_and_lacks.html", **said)
    return editor.page(editor.form_of(schedule), schedule, **said)
