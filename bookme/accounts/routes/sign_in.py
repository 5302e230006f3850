"""Signing in and out."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from bookme.accounts import access, entering, service, tries, ways
from bookme.accounts.blueprint import bp
from bookme.accounts.forms import PasskeyForm, SignInForm
from bookme.accounts.routes.onward import hurry, next_path, onward
from bookme.accounts.routes.refusals import busy
from bookme.clock import utcnow
from bookme.errors import Busy
from bookme.extensions import db
from bookme.web import htmx, limits


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The form to sign in with."""
    return onward() if current_user.is_authenticated else _page(SignInForm())


@bp.post("/sign-in")
@limits.per_address("60/minute", "600/hour")
def sign_in_submit() -> ResponseReturnValue:
    """Sign in, or say that address and password don't belong together, and no more."""
    form = SignInForm()
    if not ways.with_passwords():
        return _page(form, 403)
    if not form.validate_on_submit():
        return _page(form, 422)
    user = service.find(form.email.folded)
    again_at = tries.refused(form.email.folded, user)
    if again_at is not None:
        wait = limits.wait_until(again_at)
        form.form_errors.append(
            _("Too many tries in a short time. Try again in %(length)s.", length=wait)
        )
        return _page(form, 429)
    try:
        user = access.check_password(user, form.password.data)
    except Busy:
        return busy(form, _page)
    if user is not None:
        entered = entering.passed_first(user, now=utcnow())
        db.session.commit()
        hurry(entered.email)
        step = url_for("accounts.second_step", next=next_path())
        return onward() if entered.is_in else htmx.redirect(step)
    form.form_errors.append(_("This e-mail address and password don't match."))
    return _page(form, 422)


@bp.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """Sign out of this browser."""
    access.sign_out()
    db.session.commit()
    flash(_("You're signed out."), "good")
    return htmx.redirect(url_for("accounts.sign_in"))


def _page(form: SignInForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "accounts/sign_in.html",
        form=form,
        passkey_form=PasskeyForm(formdata=None),
        next_path=next_path(),
    )
    return page, status
