"""The way to a provider's consent and back."""

from datetime import datetime

from flask import Response, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import MethodNotAllowed

from bookme.accounts import access
from bookme.accounts.access import confirmed_required, login_required
from bookme.clock import utcnow
from bookme.connections import providers
from bookme.connections.connecting import attempts, consent, refusal
from bookme.connections.connecting.attempts import Attempt
from bookme.connections.connecting.refusal import NotConnected, Refusal
from bookme.connections.page import outcomes
from bookme.connections.page.routes import bp
from bookme.extensions import db
from bookme.models import Session
from bookme.web import htmx


@bp.post("/<provider>/connect")
@confirmed_required
def connect(provider: str) -> ResponseReturnValue:
    """Go to the provider's consent page. Nothing is replaced by that: if another account comes
    back, its host is asked.
    """
    if not _known(provider):
        abort(404)
    session = access.current_session()
    assert session is not None
    address = consent.begin(session, provider, now=utcnow())
    db.session.commit()
    return htmx.redirect(address)


@bp.get("/<provider>/callback")
def callback(provider: str) -> ResponseReturnValue:
    """Back from the provider. What this browser did not start here is never exchanged."""
    if not _known(provider):
        abort(404)
    if request.method == "HEAD":  # programs that look at links send it; only a browser comes back
        raise MethodNotAllowed(["GET"])
    session, args, now = access.current_session(), request.args, utcnow()
    state, code = args.get("state"), args.get("code")
    if "admin_consent" in args and "error" not in args:
        return htmx.redirect(url_for("connections.agreed", provider=provider))
    if session is None or (code and not state):
        return htmx.redirect(_beginning(provider))
    try:
        attempt = _attempt(session, provider, now)
        connected = consent.finish(attempt, code or "", now=now)
    except NotConnected as failure:
        if failure.refusal is Refusal.OTHER_ACCOUNT:
            return htmx.redirect(url_for("connections.ask_replace", provider=provider))
        return outcomes.not_connected(provider, failure)
    return outcomes.connected(provider, connected)


@bp.get("/<provider>/failed")
@login_required
def failed(provider: str) -> ResponseReturnValue:
    """Why nothing was connected the last time in this browser."""
    if not _known(provider):
        abort(404)
    return outcomes.failure_page(provider) or htmx.redirect(url_for("connections.index"))


@bp.get("/<provider>/agreed")
def agreed(provider: str) -> ResponseReturnValue:
    """Where an administrator ends who has let an organization use BookMe; perhaps no host."""
    if not _known(provider):
        abort(404)
    return render_template("connections/agreed.html", name=providers.label(provider))


@bp.after_request
def keep_no_code(response: Response) -> Response:
    """Also when something breaks, no code and state stay in the address bar."""
    if request.endpoint != "connections.callback" or response.status_code < 500:
        return response
    flash(_("We had a problem, and nothing was connected. Wait a minute, then try again."))
    return htmx.redirect(url_for("connections.index"))


def _attempt(session: Session, provider: str, now: datetime) -> Attempt:
    """The attempt that this callback answers; taken, whatever the provider says.

    :raises NotConnected: if there is none, or the provider says no.
    """
    args = request.args
    state = args.get("state")
    attempt = attempts.take(session, provider, state, now=now) if state else None
    if "error" in args:
        said = args["error"], args.get("error_description", "")
        raise NotConnected(refusal.why_declined(*said))
    if attempt is None:
        raise NotConnected(consent.why_stale(session, provider, state))
    if not args.get("code"):
        raise NotConnected(Refusal.NO_CODE)
    return attempt


def _known(provider: str) -> bool:
    """Whether there is such a provider, with a consent page, and this server is set up for it."""
    by_consent = providers.exists(provider) and providers.facts(provider).consent is not None
    return by_consent and providers.is_set_up(provider)


def _beginning(provider: str) -> str:
    """Where connecting a provider begins; one with a shop has a page of its own."""
    if providers.facts(provider).has_shop:
        return url_for("connections.install", provider=provider)
    return url_for("connections.index")
