"""Recovery codes: shown once, to be kept outside BookMe."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import quote

from flask import Response, abort, flash, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme.accounts import access, proving
from bookme.accounts.blueprint import bp
from bookme.accounts.factors import recovery, service
from bookme.accounts.factors.service import Change
from bookme.accounts.routes.onward import hurry
from bookme.clock import utcnow
from bookme.crypto import Unreadable
from bookme.extensions import db
from bookme.sealed import keys
from bookme.web import htmx

PAGE = "accounts.second_factor"
#: The cookie holds new codes, sealed, until their page has shown them: nothing else knows them.
_NEW = "new_codes"


@bp.get("/account/second-factor/codes")
@access.login_required
def recovery_codes() -> ResponseReturnValue:
    """New codes, this once."""
    new = _new(session.pop(_NEW, ""))
    if not new:
        return htmx.redirect(url_for(PAGE))
    text = "\n".join((_("Recovery codes for BookMe. Each one works once."), "", *new, ""))
    return render_template(
        "accounts/recovery_codes.html",
        codes=new,
        file=f"data:text/plain;charset=utf-8,{quote(text)}",
    )


@bp.post("/account/second-factor/codes")
@access.login_required
@proving.required(PAGE)
def make_codes() -> ResponseReturnValue:
    """Make new codes; the older ones serve no longer."""
    host, now = access.locked(access.host().id) or abort(404), utcnow()
    if not service.has_any(host):
        return htmx.redirect(url_for(PAGE))
    new = recovery.make(host, now=now)
    email = service.tell(host, Change.CODES_MADE, now=now)
    db.session.commit()
    hurry(email)
    flash(_("You have new recovery codes. The older ones don’t work anymore."), "good")
    return onward(new)


def onward(new: list[str]) -> Response:
    """To the page that shows new codes, if there are any, or to that of all second factors."""
    if not new:
        return htmx.redirect(url_for(PAGE))
    sealed = keys().seal(" ".join(new), _belongs_to())
    session[_NEW] = urlsafe_b64encode(sealed).decode()
    return htmx.redirect(url_for("accounts.recovery_codes"))


def _new(kept: str) -> list[str]:
    try:
        return keys().open(urlsafe_b64decode(kept), _belongs_to()).split() if kept else []
    except (Unreadable, ValueError):
        return []


def _belongs_to() -> str:
    row = access.current_session()
    return f"session:{row.token_hash if row is not None else ''}:codes"
