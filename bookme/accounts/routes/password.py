"""The way back in for who forgot their password. It reveals nothing to who asks."""

from functools import partial

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme.accounts import access, credentials, entering, links, passwords
from bookme.accounts.blueprint import bp
from bookme.accounts.forms import ForgotPasswordForm, ResetPasswordForm
from bookme.accounts.links import Purpose
from bookme.accounts.routes.onward import hurry
from bookme.accounts.routes.refusals import busy, caught, owner_of, too_much_mail
from bookme.accounts.ways import passwords_needed
from bookme.clock import utcnow
from bookme.errors import Busy
from bookme.extensions import db
from bookme.web import htmx, limits


@bp.get("/forgot-password")
@passwords_needed
def forgot_password() -> ResponseReturnValue:
    """Asks for the address of an account."""
    return _forgot_page(ForgotPasswordForm())


@bp.post("/forgot-password")
@passwords_needed
@limits.per_address("10/minute", "40/hour", "100/day")
def forgot_password_submit() -> ResponseReturnValue:
    """Send a link if there is an account; say the same if there is none."""
    form = ForgotPasswordForm()
    if not form.validate_on_submit() or caught(form):
        return _forgot_page(form, 422)
    address = form.email.folded
    if too_much_mail(form.email, address, user=owner_of(address)):
        return _forgot_page(form, 429)
    try:
        passwords.matches(None, "")  # so long that the time of what differs below drowns in it
    except Busy:
        return busy(form, _forgot_page)
    email = credentials.owe_reset(address, now=utcnow())
    db.session.commit()
    hurry(email)
    return htmx.redirect(url_for("accounts.forgot_password_done"))


@bp.get("/forgot-password/check-mail")
@passwords_needed
def forgot_password_done() -> ResponseReturnValue:
    """Says that a link is on its way if there is an account."""
    return render_template("accounts/forgot_password_done.html")


@bp.get("/reset-password/<token>")
@passwords_needed
def reset_password(token: str) -> ResponseReturnValue:
    """The form for a new password, for the reader of a reset mail."""
    links.read(token, Purpose.RESET, now=utcnow())
    return _reset_page(ResetPasswordForm(), token=token)


@bp.post("/reset-password/<token>")
@passwords_needed
@limits.per_address("10/minute")
def reset_password_submit(token: str) -> ResponseReturnValue:
    """Set the new password; every browser is signed out, this one too."""
    links.read(token, Purpose.RESET, now=utcnow())
    form = ResetPasswordForm()
    if not form.validate_on_submit():
        return _reset_page(form, 422, token=token)
    try:
        password_hash = access.hash_password(form.password.data)
    except Busy:
        return busy(form, partial(_reset_page, token=token))
    user = links.read(token, Purpose.RESET, now=utcnow(), locked=True)
    email = credentials.reset_password(user, password_hash, now=utcnow())
    access.sign_out()
    entering.forget_others(user)
    db.session.commit()
    hurry(email)
    flash(_("Your password has been changed. Sign in with the new one."), "good")
    return htmx.redirect(url_for("accounts.sign_in"))


def _forgot_page(form: ForgotPasswordForm, status: int = 200) -> ResponseReturnValue:
    return render_template("accounts/forgot_password.html", form=form), status


def _reset_page(form: ResetPasswordForm, status: int = 200, *, token: str) -> ResponseReturnValue:
    page = render_template("accounts/reset_password.html", form=form, link_token=token)
    return page, status
