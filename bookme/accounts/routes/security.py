"""What a host signs in with: password and e-mail address."""

from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.widgets import PasswordInput

from bookme.accounts import access, credentials, entering, proving
from bookme.accounts.blueprint import bp
from bookme.accounts.forms import EmailForm, PasswordForm
from bookme.accounts.oidc import identities, providers
from bookme.accounts.proving import Asks
from bookme.accounts.routes.onward import hurry
from bookme.accounts.routes.refusals import busy, too_much_mail
from bookme.accounts.ways import passwords_needed
from bookme.clock import utcnow
from bookme.errors import Busy
from bookme.extensions import db
from bookme.web import htmx, limits


@bp.get("/account/security")
@access.login_required
def security() -> ResponseReturnValue:
    """Password and e-mail address."""
    return _page()


@bp.post("/account/password")
@passwords_needed
@access.login_required
@limits.per_address("10/minute")
def change_password() -> ResponseReturnValue:
    """Change the password and sign out every other browser."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return _page(422, password_form=form)
    try:
        new_hash = access.hash_password(form.new_password.data)
        host = proving.shown(form)
    except Busy:
        return busy(form, lambda form, status: _page(status, password_form=form))
    if host is None:
        if form.asks is Asks.FACTOR:  # it was fine, and only who is there is still to be shown
            form.new_password.widget = PasswordInput(hide_value=False)
        return _page(422, password_form=form)
    email = credentials.change_password(host, new_hash, keep=access.current_session(), now=utcnow())
    entering.forget_others(host)
    db.session.commit()
    hurry(email)
    flash(_("Your password has been changed. Every other browser is signed out."), "good")
    return htmx.redirect(url_for("accounts.security"))


@bp.post("/account/email")
@access.login_required
@limits.per_address("10/minute")
def ask_new_email() -> ResponseReturnValue:
    """Ask the owner of a new address to confirm it, and say no more of that address."""
    form = EmailForm()
    if not form.validate_on_submit():
        return _page(422, email_form=form)
    if too_much_mail(form.new_email, form.new_email.folded):
        return _page(429, email_form=form)
    try:
        host = proving.shown(form)
    except Busy:
        return busy(form, lambda form, status: _page(status, email_form=form))
    if host is None:
        return _page(422, email_form=form)
    if form.new_email.folded == host.email:
        form.new_email.errors.append(_("That's already your address."))
    else:
        email = credentials.owe_new_email(host, form.new_email.folded, now=utcnow())
        db.session.commit()
        hurry(email)
        flash(
            _("We've sent a message to the new address. Until it's confirmed, the old one stays.")
        )
        return htmx.redirect(url_for("accounts.security"))
    return _page(422, email_form=form)


@bp.post("/account/email/keep")
@access.login_required
def keep_email() -> ResponseReturnValue:
    """Keep the present address after all."""
    credentials.forget_new_email(access.host())
    db.session.commit()
    flash(_("Your e-mail address stays as it is."), "good")
    return htmx.redirect(url_for("accounts.security"))


def _page(status: int = 200, **forms: Any) -> ResponseReturnValue:
    """The page with the form that was sent, and the others empty."""
    host = access.host()
    linked = [(one, identities.provider_of(one)) for one in identities.of(host)]
    context = {
        "email_form": EmailForm(formdata=None),
        "password_form": PasswordForm(formdata=None),
        "host": host,
        "identities": linked,
        "linked": [provider for __, provider in linked],
        "label_of": providers.label,
    }
    return render_template("accounts/security.html", **context | forms), status
