"""Signing up. The answer is the same for every address, and nobody is signed in by it."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bookme.accounts import access, admission, service, ways
from bookme.accounts.blueprint import bp
from bookme.accounts.forms import SignUpForm
from bookme.accounts.routes import invitations
from bookme.accounts.routes.locale import clock_hours, locale
from bookme.accounts.routes.onward import hurry, next_path, onward
from bookme.accounts.routes.refusals import busy, caught, too_much_mail
from bookme.clock import utcnow
from bookme.errors import Busy
from bookme.extensions import db
from bookme.web import htmx, limits


@bp.get("/sign-up")
def sign_up() -> ResponseReturnValue:
    """The form for a new account."""
    if current_user.is_authenticated:
        return onward()
    return _page(SignUpForm()) if _is_possible() else invitations.not_admitted()


@bp.post("/sign-up")
@limits.per_address("10/minute", "40/hour", "100/day")
def sign_up_submit() -> ResponseReturnValue:
    """Make the account, or tell the owner of the address by mail that there is one."""
    form = SignUpForm()
    if not ways.with_passwords() or not _is_possible():
        return invitations.not_admitted()
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
    try:
        email = service.sign_up(
            newcomer, next_path=next_path(), invitation=invitations.brought(), now=utcnow()
        )
    except admission.NotAdmitted:
        db.session.rollback()
        return invitations.not_admitted()
    access.note_sign_up(service.newcomer_of(email))
    db.session.commit()
    hurry(email)
    return htmx.redirect(url_for("accounts.sign_up_done", next=next_path()))


@bp.get("/sign-up/check-mail")
def sign_up_done() -> ResponseReturnValue:
    """Says that a message is on its way, whoever asked."""
    return render_template("accounts/sign_up_done.html", next_path=next_path())


def _newcomer(form: SignUpForm) -> service.Newcomer:
    return service.Newcomer(
        name=form.name.data,
        email=form.email.folded,
        password_hash=access.hash_password(form.password.data),
        zone=form.known_zone,
        locale=locale(),
        clock_hours=clock_hours(),
    )


def _is_possible() -> bool:
    return admission.looks_possible(invitations.brought(), now=utcnow())


def _page(form: SignUpForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "accounts/sign_up.html", form=form, next_path=next_path(), domains=admission.domains()
    )
    return page, status
