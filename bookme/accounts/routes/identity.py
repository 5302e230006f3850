"""Asks who is there, before something that can't be undone."""

from flask import Response, render_template, session
from flask.typing import ResponseReturnValue

from bookme.accounts import access, proving
from bookme.accounts.blueprint import bp
from bookme.accounts.factors import passkeys, pending
from bookme.accounts.forms import IdentityForm
from bookme.accounts.oidc import identities
from bookme.accounts.proving import Asks
from bookme.accounts.routes.onward import next_path, onward
from bookme.accounts.routes.refusals import busy
from bookme.clock import utcnow
from bookme.errors import Busy
from bookme.extensions import db
from bookme.models import Step
from bookme.web import limits


@bp.get("/account/confirm-identity")
@access.login_required
def confirm_identity() -> ResponseReturnValue:
    """Asks for a second factor, where there is none for the password, or for signing in elsewhere
    again.
    """
    form = IdentityForm()
    return onward() if form.asks is Asks.NOTHING else _page(form)


@bp.post("/account/confirm-identity")
@access.login_required
@limits.per_address("30/minute")
def confirm_identity_submit() -> ResponseReturnValue:
    """Remember for a while who is there, and go back."""
    form = IdentityForm()
    try:
        if not form.validate_on_submit() or proving.shown(form) is None:
            return _page(form, 422)
    except Busy:
        return busy(form, _page)
    proving.remember(now=utcnow())
    db.session.commit()
    return onward()


@bp.post("/account/confirm-identity/options")
@access.login_required
@limits.per_address("60/minute")
def identity_options() -> Response:
    """What the browser is told to use one of the host's passkeys."""
    now, challenge = utcnow(), passkeys.new_challenge()
    session[proving.CHALLENGE] = pending.begin(
        Step.STEP_UP,
        user=access.host(),
        session=access.current_session(),
        challenge=challenge,
        now=now,
    )
    options = passkeys.options_to_use(challenge, access.host())
    db.session.commit()
    return Response(options, mimetype="application/json")


def _page(form: IdentityForm, status: int = 200) -> ResponseReturnValue:
    host = access.host()
    linked = (identities.provider_of(one) for one in identities.of(host, usable=True))
    page = render_template(
        "accounts/confirm_identity.html",
        form=form,
        host=host,
        mine=list(dict.fromkeys(one for one in linked if one is not None)),
        next_path=next_path(),
    )
    return page, status
