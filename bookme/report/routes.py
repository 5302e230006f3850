"""Where anybody tells the operator of a page that misleads."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bookme import queue
from bookme.accounts.paths import own_path
from bookme.clock import utcnow
from bookme.extensions import csrf, db
from bookme.report import service
from bookme.report.forms import ReportForm
from bookme.web import htmx, limits, trap

bp = Blueprint("report", __name__)
csrf.exempt(bp)


@bp.get("/report")
def index() -> ResponseReturnValue:
    """The form, with the page that somebody came from."""
    return _page(ReportForm(page=own_path(request.args.get("page")) or ""))


@bp.post("/report")
@limits.per_address("5/minute", "20/hour", "50/day")
def send() -> ResponseReturnValue:
    """Keep the report and tell the operator."""
    form = ReportForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    if trap.is_caught():
        form.form_errors.append(trap.words())
        return _page(form, 422)
    words, email = form.words.data or "", form.folded
    _report, letter = service.add(form.path, form.why, words=words, email=email, now=utcnow())
    db.session.commit()
    queue.hurry_email(letter.id)
    return htmx.redirect(url_for("report.sent"))


@bp.get("/report/sent")
def sent() -> ResponseReturnValue:
    """Says thanks."""
    return render_template("report/sent.html")


def _page(form: ReportForm, status: int = 200) -> ResponseReturnValue:
    return render_template("report/index.html", form=form), status
