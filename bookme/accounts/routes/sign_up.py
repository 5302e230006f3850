"""Signing up. The answer is the same for every address, and nobody is signed in by it."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bookme.accounts import access, service
from bookme.accounts.blueprint import bp
from bookme.accounts.forms import SignUpForm, hosts_locales
from bookme.accounts.routes.onward import hurry, next_path, onward
from bookme.accounts.routes.refusals import busy, caught, too_much_mail
from bookme.clock import utcnow
from bookme.errors import Busy
from bookme.extensions import db
from bookme.web import htmx, limits
from bookme.web.words import language


@bp.get("/sign-up")
def sign_up() -> ResponseReturnValue:
    """The form for a new account."""
    return onward() if current_user.is_authenticated else _page(SignUpForm())


@bp.post("/sign-up")
@limits.per_address("10/minute", "40/hour", "100/day")
def sign_up_submit() -> ResponseReturnValue:
    """Make the account, or tell the owner of the address by mail that there is one."""
    form = SignUpForm()
    if not form.validate_on_submit():
        return _page(form, 422)
    if caught(form):
        return _page(form, 422)
    if too_much_mail(form.email, form.email.folded):
        return _page(form, 429)
    try:
        newcomer = _newcomer(form)
    except Busy:
        return busy(form, _page)
    email = service.sign_up(newcomer, next_path=next_path(), now=utcnow())
    access.note_sign_up(service.newcomer_of(email))
    db.session.commit()
    hurry(email)
    return htmx.redirect(url_for("accounts.sign_up_done", next=next_path()))


@bp.get("/sign-up/check-mail")
def sign_up_done() -> ResponseReturnValue:
    """Says that a message is on its way, whoever asked."""
    return render_template("accounts/sign_up_done.html", next_path=next_path())


def _newcomer(form: SignUpForm) -> service.Newcomer:
    locale = _locale()
    return service.Newcomer(
        name=form.name.data,
        email=form.email.folded,
        password_hash=access.hash_password(form.password.data),
        zone=form.known_zone,
        locale=locale,
        clock_hours=12 if locale == "en_US" else 24,
    )


def _locale() -> str:
    """That of the page's language which the browser would rather have."""
    mine = [name for name in hosts_locales() if name.startswith(language().partition("_")[0])]
    named = [name for name in mine if name == language()]
    return named[0] if named else request.accept_languages.best_match(mine) or mine[0]


def _page(form: SignUpForm, status: int = 200) -> ResponseReturnValue:
    page = render_template("accounts/sign_up.html", form=form, next_path=next_path())
    return page, status
