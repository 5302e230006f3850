"""Another account than the connected one has come back from a provider: which stays?"""

from flask import Response, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme.accounts import access
from bookme.accounts.access import login_required
from bookme.clock import utcnow
from bookme.connections import providers, service
from bookme.connections.connecting import held, replacing
from bookme.connections.connecting.refusal import NotConnected, Refusal
from bookme.connections.grants import tokens
from bookme.connections.page import cards, outcomes
from bookme.connections.page.routes import bp
from bookme.models import Session
from bookme.web import htmx

#: Where browsers of a host are signed out.
_SIGNING_OUT = frozenset(
    f"accounts.{name}"
    for name in ("sign_out", "end_session", "end_other_sessions", "change_password", "delete")
)


@bp.get("/<provider>/replace")
@login_required
def ask_replace(provider: str) -> ResponseReturnValue:
    """Name both accounts, and ask."""
    waiting = held.find(_session(provider), provider, now=utcnow())
    if waiting is None:
        return _over(provider)
    row = cards.row(access.host(), provider)
    return render_template("connections/replace.html", row=row, other=waiting.account.label)


@bp.post("/<provider>/replace")
@login_required
def replace(provider: str) -> ResponseReturnValue:
    """Put the other account in the place of the connected one; no second consent is needed."""
    try:
        connected = replacing.replace(_session(provider), provider, now=utcnow())
    except NotConnected as failure:
        if failure.refusal is Refusal.STALE:
            return _over(provider)
        return outcomes.not_connected(provider, failure)
    return outcomes.connected(provider, connected)


@bp.post("/<provider>/keep")
@login_required
def keep(provider: str) -> ResponseReturnValue:
    """Leave the connected account where it is."""
    if replacing.keep(_session(provider), provider, now=utcnow()) is None:
        return _over(provider)
    flash(_kept(provider), "good")
    return htmx.redirect(url_for("connections.index"))


@bp.before_app_request
def let_go() -> None:
    """Before a host's browsers are signed out, what waits for an answer in them is revoked."""
    if request.method == "POST" and request.endpoint in _SIGNING_OUT:
        session = access.current_session()
        if session is not None:
            held.let_go(session.user_id, now=utcnow())


def _session(provider: str) -> Session:
    session = access.current_session()
    if session is None or not providers.exists(provider):
        abort(404)
    return session


def _kept(provider: str) -> str:
    name, connection = providers.label(provider), service.live(access.host().id, provider)
    account = tokens.label(connection) if connection is not None else None
    if account is None:
        return _("Nothing has changed.")
    return _(
        "Nothing has changed: your %(provider)s account here is still %(account)s.",
        provider=name,
        account=account,
    )


def _over(provider: str) -> Response:
    """It was answered before, or too late."""
    flash(
        _(
            "That question is no longer open. To use another %(provider)s account, connect it "
            "again.",
            provider=providers.label(provider),
        )
    )
    return htmx.redirect(url_for("connections.index"))
