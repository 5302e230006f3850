"""The second step of signing in, and signing in with a passkey."""

from flask import Response, flash, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from bookme.accounts import access, entering, proving
from bookme.accounts.blueprint import bp
from bookme.accounts.factors import passkeys, pending, service
from bookme.accounts.forms import PasskeyForm, SecondStepForm
from bookme.accounts.routes.onward import hurry, next_path, onward
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import Step, User
from bookme.web import htmx, limits


@bp.get("/sign-in/second-step")
def second_step() -> ResponseReturnValue:
    """Asks for a code or a passkey, after the password."""
    user = entering.at_second_step(now=utcnow())
    if user is None:
        return onward() if current_user.is_authenticated else _start_again()
    return _page(SecondStepForm(), user)


@bp.post("/sign-in/second-step")
@limits.per_address("60/minute")
def second_step_submit() -> ResponseReturnValue:
    """Sign in with a code, or say that it isn't right."""
    now = utcnow()
    waiting = entering.at_second_step(now=now)
    user = access.locked(waiting.id) if waiting is not None else None
    if user is None:
        return _start_again()
    form = SecondStepForm()
    if form.validate_on_submit():
        wrong = proving.take_code(user, form.code.data, now=now)
        entered = None if wrong else entering.passed_second(user, now=now)
        db.session.commit()
        if entered is not None:
            hurry(entered.email)
            return onward()
        if not wrong:
            return _start_again()
        form.code.errors = [wrong]
    return _page(form, user, 422)


@bp.post("/sign-in/passkey/options")
@limits.per_address("60/minute")
def passkey_options() -> Response:
    """What the browser is told to use a passkey, for signing in."""
    now, challenge = utcnow(), passkeys.new_challenge()
    user = entering.at_second_step(now=now)
    session[proving.CHALLENGE] = pending.begin(
        Step.SIGN_IN, user=user, challenge=challenge, now=now
    )
    options = passkeys.options_to_use(challenge, user)
    db.session.commit()
    return Response(options, mimetype="application/json")


@bp.post("/sign-in/passkey")
@limits.per_address("60/minute")
def passkey_sign_in() -> ResponseReturnValue:
    """Sign in with what a passkey has signed. It counts as both steps."""
    form, now = PasskeyForm(), utcnow()
    asked_for = pending.take(Step.SIGN_IN, session.pop(proving.CHALLENGE, ""), now=now)
    try:
        if not form.validate_on_submit() or asked_for is None or asked_for.challenge is None:
            raise passkeys.BadPasskey("asked for nothing")
        used = passkeys.use(
            form.passkey.data or "", asked_for.challenge, user_id=asked_for.user_id, now=now
        )
        user = access.locked(used.user_id)
        if user is None:
            raise passkeys.BadPasskey("the account is ending")
    except passkeys.BadPasskey:
        db.session.commit()  # the challenge has served
        flash(_("That didn’t work with this passkey. Try again, or sign in with your password."))
        return htmx.redirect(url_for("accounts.sign_in", next=next_path()))
    email = entering.enter(user, proven=True, now=now)
    db.session.commit()
    hurry(email)
    return onward()


def _start_again() -> ResponseReturnValue:
    flash(_("That took too long. Sign in again."))
    return htmx.redirect(url_for("accounts.sign_in", next=next_path()))


def _page(form: SecondStepForm, user: User, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "accounts/second_step.html",
        form=form,
        passkey_form=PasskeyForm(formdata=None),
        factors=service.of(user),
        next_path=next_path(),
    )
    return page, status
