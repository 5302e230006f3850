"""``/operator``: how this BookMe is, in words, and what was reported. For operators; to everybody
else it looks as if there were nothing.
"""

from flask import Blueprint, abort, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from bookme import acts
from bookme.accounts import access, proving
from bookme.accounts.factors import service as factors
from bookme.clock import utcnow
from bookme.doctor import inside
from bookme.extensions import db
from bookme.models import Report, User
from bookme.operating import operators, service, words
from bookme.report import service as reports
from bookme.report.words import KINDS
from bookme.web import htmx

bp = Blueprint("operator", __name__, url_prefix="/operator")


@bp.before_request
def _operators_only() -> None:
    """Whoever is none learns nothing, not even that there is something to sign in to."""
    if not current_user.is_authenticated or not operators.is_one(access.host()):
        abort(404)


@bp.get("")
def index() -> ResponseReturnValue:
    """What needs somebody, what works, and the reports that are open."""
    now = utcnow()
    found = inside.look(now)
    return render_template(
        "operating/index.html",
        now=now,
        wrong=[one for one in found if not one.good],
        right=words.under_names(one for one in found if one.good),
        named=words.named,
        reports=reports.open_ones(service.MOST),
        kinds=KINDS,
        flooded=service.flooded(now=now),
        has_factor=factors.has_any(access.host()),
        host=access.host(),
    )


@bp.get("/reports/<int:report_id>")
@proving.required("operator.index")
def report(report_id: int) -> ResponseReturnValue:
    """One report, with what somebody wrote."""
    found = _report(report_id)
    said, reporter = reports.said(found)
    return render_template(
        "operating/report.html",
        report=found,
        kind=KINDS[found.kind],
        said=said,
        reporter=reporter,
        reported=db.session.get(User, found.host_id) if found.host_id is not None else None,
        state=service.state,
        host=access.host(),
    )


@bp.post("/reports/<int:report_id>/close")
@proving.required("operator.report")
def close(report_id: int) -> ResponseReturnValue:
    """Be done with a report."""
    now = utcnow()
    changed = reports.close(_report(report_id), now=now)
    acts.note(
        "close report", by=access.host(), about=f"report {report_id}", changed=changed, now=now
    )
    db.session.commit()
    flash(_("The report is closed."), "good")
    return htmx.redirect(url_for("operator.index"))


@bp.get("/hosts/<int:host_id>/pause")
@proving.required("operator.index")
def ask_pause(host_id: int) -> ResponseReturnValue:
    """Asks before a host's pages are taken down."""
    paused = _host(host_id)
    return render_template("operating/pause.html", paused=paused, host=access.host())


@bp.post("/hosts/<int:host_id>/pause")
@proving.required("operator.ask_pause")
def pause(host_id: int) -> ResponseReturnValue:
    """Take a host's pages down."""
    service.pause(_host(host_id), by=access.host(), now=utcnow())
    db.session.commit()
    flash(_("The host is paused. Their pages are down, and their bookings stay."), "good")
    return htmx.redirect(url_for("operator.index"))


@bp.post("/hosts/<int:host_id>/resume")
@proving.required("operator.index")
def resume(host_id: int) -> ResponseReturnValue:
    """Put a paused host's pages up again."""
    service.resume(_host(host_id), by=access.host(), now=utcnow())
    db.session.commit()
    flash(_("The host’s pages are up again."), "good")
    return htmx.redirect(url_for("operator.index"))


def _report(report_id: int) -> Report:
    return db.session.get(Report, report_id) or abort(404)


def _host(host_id: int) -> User:
    return db.session.get(User, host_id) or abort(404)
