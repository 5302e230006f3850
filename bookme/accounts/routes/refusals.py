"""What the account pages say when something is too much: the form again, without the password."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Field

from bookme.accounts import entering, passwords, service
from bookme.clock import utcnow
from bookme.errors import TooMuchMail
from bookme.extensions import db
from bookme.guard import mailing
from bookme.models import User
from bookme.web import limits, trap
from bookme.web.fields import Form

#: Shows the page again: a form, a status.
Page = Callable[[Any, int], ResponseReturnValue]


def busy(form: Form, page: Page) -> ResponseReturnValue:
    """Many are signing in just now: the form once more, and when to press again."""
    form.form_errors.append(
        _("Many people are signing in right now. Enter your password and try again in a moment.")
    )
    response = make_response(page(form, 503))
    response.headers["Retry-After"] = str(passwords.AGAIN_AFTER)
    return response


def caught(form: Form) -> bool:
    """Whether a program seems to have filled the form in; it then says what to do."""
    if trap.is_caught():
        form.form_errors.append(trap.words())
        return True
    return False


def too_much_mail(field: Field, to: str, *, user: User | None = None) -> bool:
    """Count a message of an account to an address, whether there is an account or not. If that is
    one too many, the field says so.

    Commits: a count holds whatever comes of the rest.

    :param user: whose address it is known to be, if this browser may know.
    """
    again_at = enough_mail(to, own=user is not None and entering.is_known(user))
    if again_at is None:
        return False
    field.errors = [
        _(
            "We’ve sent too many messages to this address. Try again in %(length)s, or in a"
            " browser in which you’ve signed in before.",
            length=limits.wait_until(again_at),
        )
    ]
    return True


def enough_mail(to: str, *, own: bool = False) -> datetime | None:
    """Count a message of an account; when there is room for it if there is none now. Commits.

    :param own: somebody asks whom the address is known to belong to.
    """
    try:
        mailing.take_for_account(to, own=own, network=limits.network(), now=utcnow())
    except TooMuchMail as error:
        db.session.rollback()
        return error.again_at
    db.session.commit()
    return None


def owner_of(email: str) -> User | None:
    """Whose address it is, if somebody's."""
    return service.find(email) if request.cookies.get(entering.BROWSER) else None
