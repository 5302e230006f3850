"""Invitations: a host makes them, and who follows one may sign up."""

from flask import abort, flash, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme.accounts import access, admission, invitations
from bookme.accounts.access import confirmed_required
from bookme.accounts.blueprint import bp
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.sign_in_settings import SignUp
from bookme.web import htmx, limits

PAGE = "accounts.invitation_list"
#: What an invitation's link has, in the cookie of the browser that followed it.
_BROUGHT = "invitation"


def brought() -> object:
    """What this browser has of an invitation."""
    return session.get(_BROUGHT)


@bp.get("/sign-up/invitation/<token>")
@limits.per_address("60/minute")
def invitation(token: str) -> ResponseReturnValue:
    """Remember in this browser that somebody is invited, and go on to signing up."""
    if invitations.find(token, now=utcnow()) is None:
        return render_template("accounts/bad_invitation.html"), 404
    session[_BROUGHT] = token
    session.permanent = True
    return htmx.redirect(url_for("accounts.sign_up"))


@bp.get("/sign-up/not-possible")
def not_admitted() -> ResponseReturnValue:
    """Says who may make an account here."""
    page = render_template(
        "accounts/not_admitted.html", mode=admission.mode(), domains=admission.domains()
    )
    return page, 403


@bp.get("/account/invitations")
@confirmed_required
def invitation_list() -> ResponseReturnValue:
    """The host's invitations that wait to be used."""
    _needed()
    return _page()


@bp.post("/account/invitations")
@confirmed_required
@limits.per_address("30/minute")
def invite() -> ResponseReturnValue:
    """Make another one."""
    _needed()
    host = access.locked(access.host().id) or abort(404)
    try:
        invitations.make(host, now=utcnow())
    except invitations.TooMany:
        return _page(422)
    db.session.commit()
    flash(_("Here’s a new invitation. Send its link to the person you want to invite."), "good")
    return htmx.redirect(url_for(PAGE))


@bp.post("/account/invitations/<int:invitation_id>/withdraw")
@confirmed_required
def withdraw_invitation(invitation_id: int) -> ResponseReturnValue:
    """Let one of them admit nobody."""
    if not invitations.withdraw(access.host(), invitation_id):
        abort(404)
    db.session.commit()
    flash(_("That invitation doesn’t work anymore."), "good")
    return htmx.redirect(url_for(PAGE))


def _needed() -> None:
    """There are none where anybody may sign up."""
    if admission.mode() is not SignUp.INVITED:
        abort(404)


def _page(status: int = 200) -> ResponseReturnValue:
    host = access.host()
    page = render_template(
        "accounts/invitations.html",
        host=host,
        invitations=invitations.of(host, now=utcnow()),
        link=invitations.link,
        most=invitations.MOST,
        days=invitations.DAYS,
        is_too_many=status == 422,
    )
    return page, status
