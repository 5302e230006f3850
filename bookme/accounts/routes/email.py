"""The links that prove an address. Opening one shows a button; only the button acts."""

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from bookme import htmx, limits
from bookme.accounts import access, credentials, links, service
from bookme.accounts.blueprint import bp
from bookme.accounts.links import BadLink, Purpose
from bookme.accounts.routes.onward import hurry, next_path, onward
from bookme.clock import utcnow
from bookme.extensions import db


@bp.errorhandler(BadLink)
def bad_link(_error: BadLink) -> ResponseReturnValue:
    """Says that a link serves no longer, and how to get another."""
    return render_template("accounts/bad_link.html"), 404


@bp.get("/confirm-email/<token>")
def confirm_email(token: str) -> ResponseReturnValue:
    """Asks the reader of a confirmation mail to press a button."""
    user = links.read(token, Purpose.CONFIRM, now=utcnow())
    return render_template(
        "accounts/confirm_email.html", token=token, user=user, next_path=next_path()
    )


@bp.post("/confirm-email/<token>")
def confirm_email_submit(token: str) -> ResponseReturnValue:
    """Confirm the address; go on, through signing in where the host is not signed in yet."""
    user = links.read(token, Purpose.CONFIRM, now=utcnow())
    service.confirm(user, now=utcnow())
    db.session.commit()
    flash("Your e-mail address is confirmed.", "good")
    if current_user.is_authenticated and current_user.id == user.id:
        return onward()
    return htmx.redirect(url_for("accounts.sign_in", next=next_path()))


@bp.post("/account/confirm-email")
@access.login_required
@limits.per_address("10/minute")
def resend() -> ResponseReturnValue:
    """Send the confirmation mail once more."""
    email = service.owe_confirmation(access.host(), next_path=next_path(), now=utcnow())
    db.session.commit()
    hurry(email)
    flash("If it is not there in a few minutes, look among the unwanted mail, too.")
    return htmx.redirect(url_for("accounts.sign_up_done", next=next_path()))


@bp.get("/change-email/<token>")
def change_email(token: str) -> ResponseReturnValue:
    """Asks the reader of a mail to a new address to press a button."""
    user = links.read(token, Purpose.CHANGE_EMAIL, now=utcnow())
    return render_template("accounts/change_email.html", token=token, address=user.new_email)


@bp.post("/change-email/<token>")
def change_email_submit(token: str) -> ResponseReturnValue:
    """Make the new address the host's, unless it has become another's."""
    user = links.read(token, Purpose.CHANGE_EMAIL, now=utcnow())
    try:
        email = credentials.take_new_email(user, now=utcnow())
    except service.AddressTaken as error:
        raise BadLink("the address is another host's now") from error
    db.session.commit()
    hurry(email)
    flash("Your account has its new e-mail address.", "good")
    return htmx.redirect(url_for("accounts.security"))
