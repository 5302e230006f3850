"""The links that prove an address. Opening one shows a button; only the button acts."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme import wal
from bookme.accounts import access, credentials, entering, links, service, sessions, ways
from bookme.accounts.blueprint import bp
from bookme.accounts.forms import OwnLinkForm
from bookme.accounts.links import BadLink, Purpose
from bookme.accounts.routes.onward import hurry, next_path, onward
from bookme.accounts.routes.refusals import Page, busy, enough_mail
from bookme.clock import utcnow
from bookme.errors import Busy
from bookme.extensions import db
from bookme.models import User
from bookme.web import htmx, limits


@bp.errorhandler(BadLink)
def bad_link(_error: BadLink) -> ResponseReturnValue:
    """Says that a link serves no longer, and how to get another."""
    return render_template("accounts/bad_link.html"), 404


@bp.get("/confirm-email/<token>")
def confirm_email(token: str) -> ResponseReturnValue:
    """Asks the reader of a confirmation mail to press a button."""
    return _confirm_page(token, links.read(token, Purpose.CONFIRM, now=utcnow()), OwnLinkForm())


@bp.post("/confirm-email/<token>")
@limits.per_address("10/minute")
def confirm_email_submit(token: str) -> ResponseReturnValue:
    """Confirm the address and sign the host in; go on to the set-up, or where they were going.

    Another may have signed up with this address last: their password must not become that of a
    confirmed account only because the owner of the address presses a button. So only the browser
    that signed up, where the password was typed, is signed in without it; and only by the link's
    first use, which confirms.
    """
    user, form = links.read(token, Purpose.CONFIRM, now=utcnow(), locked=True), OwnLinkForm()
    hurry_later = None
    if not user.is_confirmed and not access.is_known_here(user):
        if wrong := _refusal(user, form):
            user = links.read(token, Purpose.CONFIRM, now=utcnow())
            return _refused(wrong, form, lambda form, code: _confirm_page(token, user, form, code))
        user = links.read(token, Purpose.CONFIRM, now=utcnow(), locked=True)
        sessions.end_all(user)
        hurry_later = entering.passed_first(user, now=utcnow()).email
    elif not user.is_confirmed and not access.is_signed_in(user):
        hurry_later = entering.passed_first(user, proven=False, now=utcnow()).email
    service.confirm(user, now=utcnow())
    db.session.commit()
    hurry(hurry_later)
    flash(_("Your e-mail address is confirmed."), "good")
    if not access.is_signed_in(user):
        return htmx.redirect(url_for("accounts.sign_in", next=next_path()))
    begins = user.set_up_step is not None and next_path() is None
    return htmx.redirect(url_for("setup.index")) if begins else onward()


@bp.post("/account/confirm-email")
@access.login_required
@limits.per_address("10/minute")
def resend() -> ResponseReturnValue:
    """Send the confirmation mail once more."""
    host = access.host()
    again_at = enough_mail(host.email)
    if again_at is not None:
        wait = limits.wait_until(again_at)
        flash(_("We’ve sent this message often today. Try again in %(length)s.", length=wait))
        return htmx.redirect(url_for("accounts.sign_up_done", next=next_path()))
    email = service.owe_confirmation(access.host(), next_path=next_path(), now=utcnow())
    db.session.commit()
    hurry(email)
    flash(_("If it doesn't arrive within a few minutes, check your spam folder."))
    return htmx.redirect(url_for("accounts.sign_up_done", next=next_path()))


@bp.get("/change-email/<token>")
def change_email(token: str) -> ResponseReturnValue:
    """Asks the reader of a mail to a new address to press a button."""
    return _change_page(token, links.read(token, Purpose.CHANGE_EMAIL, now=utcnow()), OwnLinkForm())


@bp.post("/change-email/<token>")
@limits.per_address("10/minute")
def change_email_submit(token: str) -> ResponseReturnValue:
    """Make the new address the host's, unless it has become another's.

    Whose address it is may never have heard of this account, so the button alone is not enough.
    """
    user, form = links.read(token, Purpose.CHANGE_EMAIL, now=utcnow(), locked=True), OwnLinkForm()
    if not access.is_known_here(user):
        if wrong := _refusal(user, form):
            user = links.read(token, Purpose.CHANGE_EMAIL, now=utcnow())
            return _refused(wrong, form, lambda form, code: _change_page(token, user, form, code))
        user = links.read(token, Purpose.CHANGE_EMAIL, now=utcnow(), locked=True)
    try:
        email = credentials.take_new_email(user, now=utcnow())
    except service.AddressTaken as error:
        raise BadLink("the address is another host's now") from error
    wal.owe_truncation(now=utcnow())
    db.session.commit()
    hurry(email)
    wal.truncate()
    flash(_("Your e-mail address has been changed."), "good")
    return htmx.redirect(url_for("accounts.security"))


def _refusal(user: User, form: OwnLinkForm) -> int:
    """The status of a form that doesn't carry the account's password; 0 for one that does. Ends the
    open transaction.
    """
    if not ways.has_password(user):
        return 403
    if not form.validate_on_submit():
        return 422
    try:
        if access.check_password(user, form.password.data) is not None:
            return 0
    except Busy:
        return 503
    form.password.errors.append(_("That isn't the password of this account."))
    return 422


def _refused(status: int, form: OwnLinkForm, page: Page) -> ResponseReturnValue:
    return busy(form, page) if status == 503 else page(form, status)


def _confirm_page(
    token: str, user: User, form: OwnLinkForm, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "accounts/confirm_email.html",
        form=form,
        link_token=token,
        user=user,
        is_known=access.is_known_here(user),
        has_password=ways.has_password(user),
        next_path=next_path(),
    )
    return page, status


def _change_page(
    token: str, user: User, form: OwnLinkForm, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "accounts/change_email.html",
        form=form,
        link_token=token,
        address=user.new_email,
        is_known=access.is_known_here(user),
        has_password=ways.has_password(user),
        here=url_for("accounts.change_email", token=token),
    )
    return page, status
