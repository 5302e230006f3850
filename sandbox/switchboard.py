"""The page on which people make the outside world fail; programs use the control API."""

from flask import Blueprint, flash, render_template, request, url_for
from werkzeug.wrappers import Response

from sandbox import faults, settings, tokens
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.operations import OPERATIONS
from sandbox.pages import see_other

bp = Blueprint("switchboard", __name__, url_prefix="/faults")

_LAST_CALLS = 30


@bp.get("")
def show() -> str:
    """What fails now, what may, and what was called last."""
    with sandbox().store.read() as db:
        calls = db.execute("SELECT * FROM call ORDER BY id DESC LIMIT ?", (_LAST_CALLS,)).fetchall()
        return render_template(
            "faults.html",
            faults=[rule for rule in faults.listed(db) if rule["remaining"] != 0],
            operations=("*", *OPERATIONS),
            kinds=("passing", *faults.KINDS),
            settings=settings.all_settings(db),
            mail_modes=settings.MAIL_MODES,
            calls=calls,
        )


@bp.post("/add")
def add() -> Response:
    """Let the next calls of a kind fail."""
    form = request.form
    count = form.get("count", type=int) or 1
    rule = {"operation": form.get("operation"), "kind": form.get("kind"), "count": count}
    try:
        with sandbox().store.write() as db:
            faults.add(db, rule)
    except ValueError as wrong:
        flash(f"Not added: {wrong}.")
    return see_other(url_for("switchboard.show"))


@bp.post("/clear")
def clear() -> Response:
    """Let everything work again."""
    with sandbox().store.write() as db:
        faults.clear(db)
    return see_other(url_for("switchboard.show"))


@bp.post("/expire")
def expire() -> Response:
    """Let all access tokens run out."""
    with sandbox().store.write() as db:
        number = tokens.expire_access(db, None, utcnow())
    flash(f"{number} access tokens have expired.")
    return see_other(url_for("switchboard.show"))


@bp.post("/mail")
def mail() -> Response:
    """Take the mail server down, or up."""
    mode = request.form.get("mode")
    try:
        with sandbox().store.write() as db:
            settings.change(db, {"mail": mode})
    except ValueError as wrong:
        flash(f"Not changed: {wrong}.")
    else:
        sandbox().apply_mail_mode(str(mode))
    return see_other(url_for("switchboard.show"))
