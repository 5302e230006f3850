"""Where a host is signed in."""

from flask import abort, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme.accounts import access, browsers
from bookme.accounts import sessions as rows
from bookme.accounts.blueprint import bp
from bookme.accounts.factors import networks
from bookme.extensions import db
from bookme.web import htmx


@bp.get("/account/sessions")
@access.login_required
def sessions() -> ResponseReturnValue:
    """The browsers in which the host is signed in."""
    host = access.host()
    return render_template(
        "accounts/sessions.html",
        host=host,
        here=access.current_session(),
        browsers=rows.of_user(host),
        label=browsers.label,
        network=networks.words,
        most=rows.MOST,
    )


@bp.post("/account/sessions/<int:session_id>/end")
@access.login_required
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign out one other browser."""
    if not rows.end(access.host(), session_id):
        abort(404)
    db.session.commit()
    flash(_("That browser is signed out."), "good")
    return htmx.redirect(url_for("accounts.sessions"))


@bp.post("/account/sessions/end-others")
@access.login_required
def end_other_sessions() -> ResponseReturnValue:
    """Sign out every browser but this one."""
    rows.end_all(access.host(), but=access.current_session())
    db.session.commit()
    flash(_("Every other browser is signed out."), "good")
    return htmx.redirect(url_for("accounts.sessions"))
