"""A host's second factors: the app, the passkeys, the recovery codes."""

from flask import Response, abort, flash, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from bookme.accounts import access, proving, ways
from bookme.accounts.access import confirmed_required
from bookme.accounts.blueprint import bp
from bookme.accounts.factors import authenticators, passkeys, pending, qr, recovery, service, totp
from bookme.accounts.factors.service import Added, Change
from bookme.accounts.forms import AppForm, NewPasskeyForm
from bookme.accounts.routes import codes
from bookme.accounts.routes.onward import hurry
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import Authenticator, Session, Step
from bookme.web import htmx, limits

PAGE = "accounts.second_factor"


@bp.get("/account/second-factor")
@access.login_required
def second_factor() -> ResponseReturnValue:
    """What there is, and what can be added and removed."""
    host = access.host()
    return render_template(
        "accounts/second_factor.html",
        host=host,
        factors=service.of(host),
        most_passkeys=passkeys.MOST,
        number=recovery.NUMBER,
    )


@bp.post("/account/second-factor/app/begin")
@confirmed_required
@proving.required(PAGE)
def begin_app() -> ResponseReturnValue:
    """Begin to set up an app, beside the one in use until it's done."""
    authenticators.begin(_session(), now=utcnow())
    db.session.commit()
    return htmx.redirect(url_for("accounts.set_up_app"))


@bp.get("/account/second-factor/app")
@confirmed_required
def set_up_app() -> ResponseReturnValue:
    """The QR code and the key for the app, and the form for its first code."""
    row = authenticators.being_set_up(_session(), now=utcnow())
    return _app_page(AppForm(), row) if row is not None else htmx.redirect(url_for(PAGE))


@bp.post("/account/second-factor/app")
@confirmed_required
@limits.per_address("30/minute")
def set_up_app_submit() -> ResponseReturnValue:
    """Use the app from now on, if its first code is right."""
    now, host = utcnow(), access.locked(access.host().id)
    row = authenticators.being_set_up(_session(), now=now)
    if row is None or host is None:
        flash(_("That took too long. Set up the app again."))
        return htmx.redirect(url_for(PAGE))
    form = AppForm()
    typed = "".join((form.code.data or "").split())
    if not form.validate_on_submit() or not authenticators.take(row, typed, now=now):
        form.code.errors = [_("That isn’t the code. Enter the 6 digits that the app shows now.")]
        return _app_page(form, row, 422)
    authenticators.put_in_use(row, now=now)
    done = service.added(host, Change.APP_ADDED, _session(), now=now)
    db.session.commit()
    return _onward(done, _("Your authenticator app is set up."))


@bp.post("/account/second-factor/app/remove")
@access.login_required
@proving.required(PAGE)
def remove_app() -> ResponseReturnValue:
    """Ask for codes of the app no longer."""
    host = access.locked(access.host().id) or abort(404)
    if authenticators.remove(host.id):
        email = service.removed(host, Change.APP_REMOVED, now=utcnow())
        db.session.commit()
        hurry(email)
        flash(_("Your authenticator app is removed."), "good")
    return htmx.redirect(url_for(PAGE))


@bp.get("/account/second-factor/passkeys/new")
@confirmed_required
@proving.required(PAGE)
def new_passkey() -> ResponseReturnValue:
    """The form for a passkey's name, with the button that makes it."""
    return _passkey_page(NewPasskeyForm())


@bp.post("/account/second-factor/passkeys/options")
@confirmed_required
@proving.required(PAGE)
@limits.per_address("60/minute")
def new_passkey_options() -> Response:
    """What the browser is told to make a passkey."""
    host, challenge = access.host(), passkeys.new_challenge()
    handle = passkeys.handle_of(host)
    session[proving.CHALLENGE] = pending.begin(
        Step.ADD_PASSKEY,
        user=host,
        session=_session(),
        challenge=challenge,
        user_handle=handle,
        now=utcnow(),
    )
    options = passkeys.options_to_add(host, challenge, handle)
    db.session.commit()
    return Response(options, mimetype="application/json")


@bp.post("/account/second-factor/passkeys/new")
@confirmed_required
@limits.per_address("30/minute")
def add_passkey() -> ResponseReturnValue:
    """Keep the passkey that the browser has made, as it was asked to a moment ago."""
    form, now = NewPasskeyForm(), utcnow()
    if not form.validate_on_submit():
        return _passkey_page(form, 422)
    host = access.locked(access.host().id) or abort(404)
    token = session.pop(proving.CHALLENGE, "")
    asked_for = pending.take(Step.ADD_PASSKEY, token, session=_session(), now=now)
    name = form.name.data or _("Passkey")
    try:
        if asked_for is None or len(passkeys.of(host)) >= passkeys.MOST:
            raise passkeys.BadPasskey("asked for nothing")
        passkeys.add(host, form.passkey.data or "", asked_for, name=name, now=now)
    except passkeys.PasskeyTaken:
        form.form_errors.append(_("This passkey is on an account already. Use another one."))
    except passkeys.BadPasskey:
        form.form_errors.append(_("That passkey couldn’t be added. Try again."))
    else:
        done = service.added(host, Change.PASSKEY_ADDED, _session(), now=now)
        db.session.commit()
        return _onward(done, _("Your passkey is added."))
    db.session.commit()  # the challenge has served
    return _passkey_page(form, 422)


@bp.post("/account/second-factor/passkeys/<int:passkey_id>/remove")
@access.login_required
@proving.required(PAGE)
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    """Let a passkey open nothing any longer."""
    host = access.locked(access.host().id) or abort(404)
    passkey = passkeys.one_of(host, passkey_id) or abort(404)
    if ways.is_last(host, without=passkey):
        flash(_("That’s your only way to sign in. Add another one first."), "bad")
        return htmx.redirect(url_for(PAGE))
    passkeys.remove(host, passkey_id)
    email = service.removed(host, Change.PASSKEY_REMOVED, now=utcnow())
    db.session.commit()
    hurry(email)
    flash(_("That passkey is removed."), "good")
    return htmx.redirect(url_for(PAGE))


def _onward(done: Added, words: str) -> ResponseReturnValue:
    hurry(done.email)
    flash(words, "good")
    if done.ended:
        flash(_("Every other browser is signed out."), "good")
    return codes.onward(done.codes)


def _session() -> Session:
    row = access.current_session()
    assert row is not None
    return row


def _app_page(form: AppForm, row: Authenticator, status: int = 200) -> ResponseReturnValue:
    secret = authenticators.secret(row)
    page = render_template(
        "accounts/set_up_app.html",
        form=form,
        code=qr.svg(totp.address(secret, access.host().email)),
        key=totp.spaced(secret),
    )
    return page, status


def _passkey_page(form: NewPasskeyForm, status: int = 200) -> ResponseReturnValue:
    return render_template("accounts/new_passkey.html", form=form), status
