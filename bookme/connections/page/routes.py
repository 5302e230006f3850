"""The Connections page, and what is done on it with a provider that is connected."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme.accounts import access, proving
from bookme.accounts.access import login_required
from bookme.clock import utcnow
from bookme.connections import providers, service
from bookme.connections.page import cards, ending_words, finding_words, pages
from bookme.connections.page.cards import View

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
