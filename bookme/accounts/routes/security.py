"""How a host signs in: password, e-mail address, and the browsers in which they are signed in."""

from typing import Any

from flask import abort, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bookme.accounts import access, browsers, credentials, known, sessions
from bookme.accounts.blueprint import bp
from bookme.accounts.forms import EmailForm, PasswordForm
from bookme.accounts.routes.onward import hurry
from bookme.accounts.routes.refusals import busy, too_much_mail
from bookme.clock import utcnow
from bookme.errors import Busy
from bookme.extensions import db
from bookme.web import htmx, limits

WRONG_PASSWORD = _l("That isn't your password.")


@bp.get("/account/security")
@access.login_required
def security() -> ResponseReturnValue:
    """Password, e-mail address and browsers."""
    return _page()


@bp.post("/account/password")
@access.login_required
@limits.per_address("10/minute")
def change_password() -> ResponseReturnValue:
    """Change the password and sign out every other browser."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return _page(422, password_form=form)
    try:
        new_hash = access.hash_password(form.new_password.data)
        host = access.check_password(access.host(), form.current_password.data)
    except Busy:
        return busy(form, lambda form, status: _page(status, password_form=form))
    if host is None:
        form.current_password.errors.append(WRONG_PASSWORD)
        return _page(422, password_form=form)
    email = credentials.change_password(host, new_hash, keep=access.current_session(), now=utcnow())
    known.forget_others(host)
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
        host = access.check_password(access.host(), form.password.data)
    except Busy:
        return busy(form, lambda form, status: _page(status, email_form=form))
    if host is None:
        form.password.errors.append(WRONG_PASSWORD)
    elif form.new_email.folded == host.email:
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


@bp.post("/account/sessions/<int:session_id>/end")
@access.login_required
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign out one other browser."""
    if not sessions.end(access.host(), session_id):
        abort(404)
    db.session.commit()
    flash(_("That browser is signed out."), "good")
    return htmx.redirect(url_for("accounts.security"))


@bp.post("/account/sessions/end-others")
@access.login_required
def end_other_sessions() -> ResponseReturnValue:
    """Sign out every browser but this one."""
    sessions.end_all(access.host(), but=access.current_session())
    db.session.commit()
    flash(_("Every other browser is signed out."), "good")
    return htmx.redirect(url_for("accounts.security"))


def _page(status: int = 200, **forms: Any) -> ResponseReturnValue:
    """The page with the form that was sent, and the others empty."""
    host = access.host()
    context = {
        "email_form": EmailForm(formdata=None),
        "password_form": PasswordForm(formdata=None),
        "host": host,
        "here": access.current_session(),
        "browsers": sessions.of_user(host),
        "label": browsers.label,
    }
    return render_template("accounts/security.html", **context | forms), status
