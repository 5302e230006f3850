"""The way in by a password that was made for BookMe."""

from flask import Response, abort
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme.accounts import access
from bookme.accounts.access import confirmed_required, login_required
from bookme.clock import utcnow
from bookme.connections import providers
from bookme.connections.connecting import by_password
from bookme.connections.connecting.refusal import NotConnected, Refusal
from bookme.connections.page import cards, outcomes, refusals
from bookme.connections.page.forms import PasswordForm
from bookme.connections.page.routes import bp
from bookme.extensions import db
from bookme.providers.facts import Password
from bookme.web import htmx, limits

#: Apple locks accounts after too many wrong passwords, whoever sends them.
_TRIES = "20/hour"


@bp.get("/<provider>/password")
@login_required
def password(provider: str) -> ResponseReturnValue:
    """Ask for a name and a password made for BookMe."""
    return _password(provider, PasswordForm(_by_password(provider), formdata=None))


@bp.post("/<provider>/password")
@confirmed_required
@limits.per_address(_TRIES)
@limits.per_email(_TRIES, "username")
def connect_by_password(provider: str) -> ResponseReturnValue:
    """Try them, and connect the provider; what is no such password is not sent to anybody."""
    form = PasswordForm(_by_password(provider))
    if not form.validate_on_submit():
        return _password(provider, form, 422)
    asked = by_password.Password(
        *(access.host().id, provider, form.username.data, form.password.data),
        may_replace=form.replace.data,
    )
    db.session.commit()  # no transaction may span a call
    try:
        connected = by_password.connect(asked, now=utcnow())
    except NotConnected as failure:
        return _not_connected(provider, form, failure)
    return outcomes.connected(provider, connected)


def _by_password(provider: str) -> Password:
    found = providers.facts(provider).password if providers.exists(provider) else None
    return found or abort(404)


def _not_connected(provider: str, form: PasswordForm, failure: NotConnected) -> Response:
    refusal = failure.refusal
    if refusal is Refusal.OTHER_ACCOUNT:
        form.replace.errors = [_replace(cards.row(access.host(), provider).account, failure)]
        return _password(provider, form, 409)
    status, _title, said = refusals.words(refusal, providers.label(provider))
    if refusal is Refusal.PASSWORD_REFUSED:
        form.password.errors = [said]
    else:
        form.form_errors.append(said)
    return _password(provider, form, status)


def _replace(connected: str | None, failure: NotConnected) -> str:
    if connected is None:
        return _(
            "Another account is connected. Select this to use %(account)s instead.",
            account=failure.account,
        )
    return _(
        "%(connected)s is connected. Select this to use %(account)s instead.",
        connected=connected,
        account=failure.account,
    )


def _password(provider: str, form: PasswordForm, status: int = 200) -> Response:
    return htmx.render(
        "connections/password.html",
        "connections/_password.html",
        status,
        form=form,
        row=cards.row(access.host(), provider),
    )
