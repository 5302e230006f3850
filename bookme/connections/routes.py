"""The Connections page, and the way to a provider's consent and back."""

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from bookme import htmx, queue
from bookme.accounts import access
from bookme.accounts.access import confirmed_required, login_required
from bookme.clock import utcnow
from bookme.connections import attempts, consent, providers, rows, service, words
from bookme.connections.consent import NotConnected, Refusal
from bookme.connections.rows import View
from bookme.extensions import db
from bookme.models import Connection

bp = Blueprint("connections", __name__, url_prefix="/connections")

ZOOM = "zoom"


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    """The host's connections; ``?open=`` shows one of them in full."""
    asked = request.args.get("open") or request.args.get("close") or ""
    view = View.OPEN if "open" in request.args else View.CLOSED
    return _page(asked, view) if providers.exists(asked) else _page(providers.NAMES[0])


@bp.get("/zoom/install")
def install() -> ResponseReturnValue:
    """Where Zoom's Marketplace leads: explains, and goes on when a button is pressed."""
    signed_in = access.current_session() is not None
    row = rows.row(access.host(), ZOOM) if signed_in else None
    return render_template("connections/install.html", row=row)


@bp.post("/<provider>/connect")
@confirmed_required
def connect(provider: str) -> ResponseReturnValue:
    """Go to the provider's consent page; ask first if an account is connected already."""
    if not _known(provider):
        abort(404)
    session, may_replace = access.current_session(), request.form.get("replace") == "yes"
    connection = service.live(access.host().id, provider)
    if connection is not None and connection.is_active and not may_replace:
        return htmx.redirect(url_for("connections.install"))
    assert session is not None
    address = consent.begin(session, provider, may_replace=may_replace, now=utcnow())
    db.session.commit()
    return htmx.redirect(address)


@bp.get("/<provider>/callback")
def callback(provider: str) -> ResponseReturnValue:
    """Back from the provider. What this browser did not start here is never exchanged."""
    if not _known(provider):
        abort(404)
    session, args, now = access.current_session(), request.args, utcnow()
    state, code = args.get("state"), args.get("code")
    if session is None or (code and not state):
        return htmx.redirect(url_for("connections.install"))
    attempt = attempts.take(session, provider, state, now=now) if state else None
    if "error" in args:
        return _failed(provider, NotConnected(Refusal.DECLINED))
    if attempt is None or not code:
        return _failed(provider, NotConnected(Refusal.NO_CODE if attempt else Refusal.STALE))
    try:
        connected = consent.finish(attempt, code, now=now)
    except NotConnected as failure:
        return _failed(provider, failure)
    for booking_id in connected.due:
        queue.hurry(booking_id)
    flash(f"{providers.label(provider)} is connected.", "good")
    return htmx.redirect(url_for("connections.index"))


@bp.post("/<provider>/test")
@login_required
def test(provider: str) -> ResponseReturnValue:
    """Ask the provider whether the connection works, and say what it said."""
    finding = service.test_connection(_connection(provider), now=utcnow())
    return _said(provider, *words.FINDINGS[finding], view=View.OPEN)


@bp.get("/<provider>/disconnect")
@login_required
def ask_disconnect(provider: str) -> ResponseReturnValue:
    """Say what stays and what stops, and ask."""
    _connection(provider)
    return _page(provider, View.ASKING)


@bp.post("/<provider>/disconnect")
@login_required
def disconnect(provider: str) -> ResponseReturnValue:
    """Revoke and delete. A second click finds it done."""
    connection = service.live(access.host().id, provider) if _known(provider) else abort(404)
    if connection is None:
        return _said(provider, "", "{provider} is not connected.", view=View.CLOSED)
    outcome = service.disconnect(connection, now=utcnow())
    return _said(provider, *words.DISCONNECTED[outcome], view=View.CLOSED)


def _known(provider: str) -> bool:
    """Whether there is such a provider and this server is set up for it."""
    return providers.exists(provider) and providers.is_set_up(provider)


def _connection(provider: str) -> Connection:
    return service.live(access.host().id, provider) or abort(404)


def _page(provider: str, view: View = View.CLOSED, said: tuple[str, str] | None = None) -> Response:
    """The Connections page with one provider shown, or for htmx that provider alone."""
    host = access.host()
    shown = rows.row(host, provider, view)
    every = [shown] if htmx.wants_fragment() else rows.rows(host, shown)
    return htmx.render(
        "connections/index.html", "connections/_provider.html", row=shown, rows=every, said=said
    )


def _said(provider: str, kind: str, text: str, *, view: View) -> Response:
    """Say what came of something: in place for htmx, else on the Connections page."""
    words_ = text.format(provider=providers.label(provider))
    if htmx.wants_fragment():
        return _page(provider, view, (kind, words_))
    flash(words_, kind or "message")
    shown = provider if view is View.OPEN else None
    return htmx.redirect(url_for("connections.index", open=shown))


def _failed(provider: str, failure: NotConnected) -> Response:
    """Say why nothing was connected, with the button to start again."""
    status, title, text = words.REFUSALS[failure.refusal]
    name, connection = providers.label(provider), service.live(access.host().id, provider)
    if connection is not None:  # Zoom may have ended it when it made what was not kept
        queue.hint("refresh.check_connection", connection.id)
    page = render_template(
        "connections/failed.html",
        row=rows.row(access.host(), provider),
        title=title.format(provider=name),
        text=text.format(provider=name),
        missing=words.permissions(failure.missing),
        other_account=failure.refusal is Refusal.OTHER_ACCOUNT,
    )
    return make_response(page, status)
