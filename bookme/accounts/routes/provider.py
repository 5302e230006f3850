"""To a provider of OpenID Connect and back: to sign in, to link it, to show who is there."""

import logging
import secrets

from flask import Response, abort, flash, make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import MethodNotAllowed

from bookme import zone_names
from bookme.accounts import access, entering, proving, zones
from bookme.accounts.blueprint import bp
from bookme.accounts.oidc import asking, attempts, providers, service
from bookme.accounts.oidc.attempts import Attempt
from bookme.accounts.oidc.id_token import Claims
from bookme.accounts.oidc.refusal import NotSignedIn, Refusal
from bookme.accounts.oidc.service import Visitor
from bookme.accounts.oidc.words import said
from bookme.accounts.proving import Asks
from bookme.accounts.routes import invitations
from bookme.accounts.routes.locale import clock_hours, locale
from bookme.accounts.routes.onward import hurry, next_path
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import Purpose
from bookme.sign_in_settings import OpenIdProvider
from bookme.web import htmx, limits

log = logging.getLogger(__name__)

#: The random id of a browser that has gone to a provider, in its cookie.
_BROWSER = "at_provider"
_CALLBACK = "accounts.provider_callback"


@bp.post("/sign-in/with/<provider>")
@limits.per_address("30/minute", "300/hour")
def sign_in_with(provider: str) -> ResponseReturnValue:
    """Go to the provider to sign in, or up."""
    return _go(provider, Purpose.SIGN_IN, next_path())


@bp.post("/account/sign-ins/with/<provider>")
@access.confirmed_required
@limits.per_address("30/minute")
def link_with(provider: str) -> ResponseReturnValue:
    """Go to the provider to link it with this account."""
    return _go(provider, Purpose.LINK, None)


@bp.post("/account/confirm-identity/with/<provider>")
@access.login_required
@limits.per_address("30/minute")
def confirm_identity_with(provider: str) -> ResponseReturnValue:
    """Go to the provider to show who is there; only who has nothing else to show it with."""
    if proving.asked(now=utcnow()) is not Asks.PROVIDER:
        return htmx.redirect(url_for("accounts.confirm_identity", next=next_path()))
    return _go(provider, Purpose.PROVE, next_path())


@bp.get("/sign-in/with/<provider>/callback")
@limits.per_address("60/minute")
def provider_callback(provider: str) -> ResponseReturnValue:
    """Back from the provider. Ends in a redirect, so that no code stays in the address bar."""
    found = _known(provider)
    if request.method == "HEAD":  # programs that look at links send it; only a browser comes back
        raise MethodNotAllowed(["GET"])
    here, args, now = access.current_session(), request.args, utcnow()
    browser = session.get(_BROWSER)
    attempt = None
    if isinstance(browser, str) and args.get("state"):
        attempt = attempts.take(provider, args["state"], browser=browser, session=here, now=now)
    try:
        claims = _claims(found, attempt)
        assert attempt is not None
        return _ENDS[attempt.purpose](claims, attempt)
    except NotSignedIn as refused:
        db.session.rollback()
        return _not_signed_in(found, attempt, refused)


@bp.after_request
def keep_no_code(response: Response) -> Response:
    """Also when something breaks, no code and state stay in the address bar."""
    if request.endpoint != _CALLBACK or response.status_code < 500:
        return response
    flash(_("We had a problem, and you aren’t signed in. Wait a minute, then try again."))
    return htmx.redirect(url_for("accounts.sign_in"))


def _go(name: str, purpose: Purpose, onward: str | None) -> ResponseReturnValue:
    """To the provider's page, by a page of ours that leads on by itself: browsers hold what a form
    may lead to against our rules at every redirect, and providers redirect wherever they like.
    """
    provider, now = _known(name), utcnow()
    here = access.current_session() if purpose is not Purpose.SIGN_IN else None
    db.session.rollback()  # nothing stays open while we ask
    try:
        metadata = asking.look(provider, now=now)
    except NotSignedIn as refused:
        return _not_signed_in(provider, None, refused)
    browser = session.setdefault(_BROWSER, secrets.token_urlsafe(24))
    session.permanent = True
    begun = attempts.start(
        provider.name,
        purpose,
        browser=browser,
        session=here,
        next_path=onward,
        zone=_zone(),
        now=now,
    )
    db.session.commit()
    to = asking.address(provider, metadata, begun, purpose)
    if htmx.wants_fragment():
        return htmx.redirect(to)
    return make_response(render_template("accounts/to_provider.html", provider=provider, to=to))


def _claims(provider: OpenIdProvider, attempt: Attempt | None) -> Claims:
    """What the provider says of who comes back.

    :raises NotSignedIn: if this browser has asked for nothing, or the provider says no.
    """
    args = request.args
    if attempt is None:
        raise NotSignedIn(Refusal.STALE)
    if "error" in args:
        raise NotSignedIn(Refusal.DECLINED)
    if not args.get("code") or args.get("iss", provider.issuer) != provider.issuer:
        raise NotSignedIn(Refusal.NOT_BELIEVED, "a callback without code, or of another issuer")
    return asking.finish(provider, attempt, args["code"], now=utcnow())


def _signed_in(claims: Claims, attempt: Attempt) -> ResponseReturnValue:
    visitor = Visitor(attempt.zone, locale(), clock_hours(), invitations.brought())
    arrival = service.arrive(claims, attempt, visitor, now=utcnow())
    if arrival.link is not None:
        return _to_link(arrival.link)
    user, where = arrival.user, attempt.next_path
    entered = entering.passed_first(user, now=utcnow())
    db.session.commit()
    hurry(entered.email)
    if not entered.is_in:
        return htmx.redirect(url_for("accounts.second_step", next=where))
    begins = user.set_up_step is not None and where is None
    return htmx.redirect(url_for("setup.index") if begins else where or _today())


def _linked(claims: Claims, attempt: Attempt) -> ResponseReturnValue:
    return _to_link(service.begin_link(access.host(), claims, attempt, now=utcnow()))


def _proven(claims: Claims, attempt: Attempt) -> ResponseReturnValue:
    service.prove(access.host(), claims, attempt)
    if proving.asked(now=utcnow()) is Asks.PROVIDER:  # not a second factor, added meanwhile
        proving.remember(now=utcnow())
    db.session.commit()
    return htmx.redirect(attempt.next_path or _today())


_ENDS = {Purpose.SIGN_IN: _signed_in, Purpose.LINK: _linked, Purpose.PROVE: _proven}


def _to_link(token: str) -> ResponseReturnValue:
    session[access.LINK] = token
    session.permanent = True
    db.session.commit()
    return htmx.redirect(url_for("accounts.link"))


def _not_signed_in(
    provider: OpenIdProvider, attempt: Attempt | None, refused: NotSignedIn
) -> ResponseReturnValue:
    """Back to where they began, which says why."""
    log.info("signing in with %s: %s", provider.name, refused)
    if refused.refusal is Refusal.NOT_ADMITTED:
        return htmx.redirect(url_for("accounts.not_admitted"))
    flash(said(refused.refusal, provider.label), "bad")
    purpose = attempt.purpose if attempt is not None else None
    where = attempt.next_path if attempt is not None else None
    if purpose is Purpose.PROVE:
        return htmx.redirect(url_for("accounts.confirm_identity", next=where))
    if current_user.is_authenticated:
        return htmx.redirect(url_for("accounts.security"))
    return htmx.redirect(url_for("accounts.sign_in", next=where))


def _zone() -> str:
    typed = request.form.get("zone", "")
    return zone_names.today(typed) if zones.is_zone(typed) else "UTC"


def _today() -> str:
    return url_for("bookings.today")


def _known(name: str) -> OpenIdProvider:
    return providers.find(name) or abort(404)
