"""The Connections page, and the way to a provider's consent and back."""

from datetime import datetime

from flask import Blueprint, Response, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import MethodNotAllowed

from bookme.accounts import access, proving
from bookme.accounts.access import confirmed_required, login_required
from bookme.clock import utcnow
from bookme.connections import providers, service
from bookme.connections.connecting import attempts, consent, refusal
from bookme.connections.connecting.attempts import Attempt
from bookme.connections.connecting.refusal import NotConnected, Refusal
from bookme.connections.page import cards, ending_words, finding_words, pages
from bookme.connections.page.cards import View
from bookme.extensions import db
from bookme.models import Session
from bookme.web import htmx

bp = Blueprint("connections", __name__, url_prefix="/connections")


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    """The host's connections; ``?open=`` shows one of them in full."""
    asked = request.args.get("open") or request.args.get("close") or ""
    view = View.OPEN if "open" in request.args else View.CLOSED
    known = providers.exists(asked)
    return pages.page(asked, view) if known else pages.page(providers.NAMES[0])


@bp.get("/<provider>/install")
def install(provider: str) -> ResponseReturnValue:
    """Where a provider's own shop leads: explains, and goes on when a button is pressed."""
    if not (providers.exists(provider) and providers.facts(provider).has_shop):
        abort(404)
    signed_in = access.current_session() is not None
    row = cards.row(access.host(), provider) if signed_in else None
    return render_template(f"providers/{provider}/install.html", row=row)


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
        return pages.not_connected(provider, failure)
    return pages.connected(provider, connected)


@bp.get("/<provider>/failed")
@login_required
def failed(provider: str) -> ResponseReturnValue:
    """Why nothing was connected the last time in this browser."""
    if not _known(provider):
        abort(404)
    return pages.failure_page(provider) or htmx.redirect(url_for("connections.index"))


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


@bp.post("/<provider>/test")
@login_required
def test(provider: str) -> ResponseReturnValue:
    """Ask the provider whether the connection works, and say what it said."""
    finding = service.test_connection(pages.connection(provider), now=utcnow())
    return pages.said(provider, *finding_words.finding(finding, provider), View.OPEN)


@bp.get("/<provider>/disconnect")
@proving.required("connections.ask_disconnect", only_with_factor=True)
def ask_disconnect(provider: str) -> ResponseReturnValue:
    """Say what stays and what stops, and ask."""
    pages.connection(provider)
    return pages.page(provider, View.ASKING)


@bp.post("/<provider>/disconnect")
@proving.required("connections.ask_disconnect", only_with_factor=True)
def disconnect(provider: str) -> ResponseReturnValue:
    """Revoke and delete. A second click finds it done."""
    if not providers.exists(provider):
        abort(404)
    connection = service.live(access.host().id, provider)
    if connection is None:
        gone = _("%(provider)s isn't connected anymore.", provider=providers.label(provider))
        return pages.said(provider, "", gone, View.CLOSED)
    outcome = service.disconnect(connection, now=utcnow())
    return pages.said(provider, *ending_words.disconnected(outcome, provider), View.CLOSED)


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
