"""Linking a provider with the account that has its address already, confirmed from inside it; and
unlinking it again.
"""

from flask import abort, flash, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from bookme.accounts import access, entering, links, proving, ways
from bookme.accounts.blueprint import bp
from bookme.accounts.links import BadLink, Purpose
from bookme.accounts.oidc import identities, pending_links, providers, service
from bookme.accounts.oidc.identities import IdentityTaken
from bookme.accounts.oidc.refusal import Refusal
from bookme.accounts.oidc.words import said
from bookme.accounts.owed import Letter, owe
from bookme.accounts.routes.onward import hurry
from bookme.accounts.routes.refusals import enough_mail
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import PendingLink, User
from bookme.web import htmx, limits


@bp.get("/sign-in/link")
def link() -> ResponseReturnValue:
    """Asks the host of the account to confirm, from inside it."""
    pending = _pending()
    if pending is None:
        return _start_again()
    return _page(pending)


@bp.post("/sign-in/link")
@proving.required("accounts.link")
def confirm_link_inside() -> ResponseReturnValue:
    """Link the provider with the account that is signed in."""
    host, now = access.locked(access.host().id) or abort(404), utcnow()
    pending = pending_links.take(host, session.pop(access.LINK, None), now=now)
    if pending is None:
        return _start_again()
    _link(host, pending)
    return htmx.redirect(url_for("accounts.security"))


@bp.post("/sign-in/link/mail")
@limits.per_address("10/minute", "40/hour")
def mail_link() -> ResponseReturnValue:
    """Send a link to who has no other way into the account any more."""
    pending = _pending()
    if pending is None:
        return _start_again()
    user = pending.user
    if not ways.has_only_mail(user):
        abort(403)
    again_at = enough_mail(user.email)
    if again_at is not None:
        wait = limits.wait_until(again_at)
        flash(_("We’ve sent this message often today. Try again in %(length)s.", length=wait))
        return htmx.redirect(url_for("accounts.link"))
    label = providers.label(pending.provider)
    email = owe(user, Letter.LINK_SIGN_IN, now=utcnow(), label=label)
    db.session.commit()
    hurry(email)
    flash(_("We’ve sent you a message with a link. Open it in this browser."))
    return htmx.redirect(url_for("accounts.link"))


@bp.get("/sign-in/link/<token>")
def confirm_link(token: str) -> ResponseReturnValue:
    """Asks the reader of that message to press a button, in the browser that began it."""
    user = links.read(token, Purpose.LINK, now=utcnow())
    return _mail_page(token, _pending_of(user))


@bp.post("/sign-in/link/<token>")
@limits.per_address("10/minute")
def confirm_link_submit(token: str) -> ResponseReturnValue:
    """Link the provider, and sign in."""
    now = utcnow()
    user = links.read(token, Purpose.LINK, now=now, locked=True)
    if not ways.has_only_mail(user):
        raise BadLink("there is another way in by now")
    if _pending_of(user) is None:
        return _mail_page(token, None)
    pending = pending_links.take(user, session.pop(access.LINK, None), now=now)
    if pending is None:
        return _start_again()
    if not _link(user, pending):
        return htmx.redirect(url_for("accounts.sign_in"))
    entered = entering.passed_first(user, now=now)
    db.session.commit()
    hurry(entered.email)
    step = "bookings.today" if entered.is_in else "accounts.second_step"
    return htmx.redirect(url_for(step))


@bp.post("/account/sign-ins/<int:identity_id>/unlink")
@access.login_required
@proving.required("accounts.security")
def unlink(identity_id: int) -> ResponseReturnValue:
    """Let somebody at a provider sign in no longer, unless that is the only way in."""
    host = access.locked(access.host().id) or abort(404)
    identity = identities.one_of(host, identity_id) or abort(404)
    if ways.is_last(host, without=identity):
        flash(_("That’s your only way to sign in. Add another one first."), "bad")
        return htmx.redirect(url_for("accounts.security"))
    label = providers.label(identity.provider)
    email = service.unlink(host, identity, now=utcnow())
    db.session.commit()
    hurry(email)
    flash(_("%(provider)s doesn’t sign you in anymore.", provider=label), "good")
    return htmx.redirect(url_for("accounts.security"))


def _link(user: User, pending: PendingLink) -> bool:
    """Link, commit and say so; whether it worked."""
    label = providers.label(pending.provider)
    try:
        email = service.link(user, pending, now=utcnow())
    except IdentityTaken:
        db.session.commit()
        flash(said(Refusal.ANOTHER_ACCOUNT, label), "bad")
        return False
    db.session.commit()
    hurry(email)
    flash(_("You can sign in with %(provider)s from now on.", provider=label), "good")
    return True


def _pending() -> PendingLink | None:
    return pending_links.find(session.get(access.LINK), now=utcnow())


def _pending_of(user: User) -> PendingLink | None:
    """What this browser has begun for that account."""
    pending = _pending()
    return pending if pending is not None and pending.user_id == user.id else None


def _start_again() -> ResponseReturnValue:
    db.session.commit()
    flash(_("That took too long. Sign in again."))
    where = "accounts.security" if current_user.is_authenticated else "accounts.sign_in"
    return htmx.redirect(url_for(where))


def _page(pending: PendingLink) -> ResponseReturnValue:
    return render_template(
        "accounts/link.html",
        label=providers.label(pending.provider),
        user=pending.user,
        is_inside=access.is_signed_in(pending.user),
        is_elsewhere=current_user.is_authenticated and not access.is_signed_in(pending.user),
        only_mail=ways.has_only_mail(pending.user),
        here=url_for("accounts.link"),
    )


def _mail_page(token: str, pending: PendingLink | None) -> ResponseReturnValue:
    label = providers.label(pending.provider) if pending is not None else ""
    page = render_template("accounts/link_by_mail.html", link_token=token, label=label)
    return page, 200 if pending is not None else 403
