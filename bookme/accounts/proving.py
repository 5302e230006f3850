"""Showing again who is there, before something that can't be undone.

Who has a second factor shows that, and is asked no more for ten minutes in that browser. Who has
none types the password each time; who has no password either signs in elsewhere again, which also
counts for ten minutes. Forms have the field for it in themselves, so that nothing typed
is lost; what is a mere button leads to a page that asks, and back.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Any

from flask import current_app, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from bookme.accounts import access, entering, ways
from bookme.accounts.factors import checking, passkeys, pending, service
from bookme.accounts.factors.checking import Shown, TooManyWrong, WrongCodeTyped
from bookme.accounts.fields import stripped
from bookme.accounts.paths import own_path
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import Session, Step, User
from bookme.web import htmx
from bookme.web.fields import Form

#: Where the browser's cookie has what a passkey was asked for.
CHALLENGE = "challenge"

WRONG_PASSWORD = _l("That isn't your password.")
WRONG_CODE = _l("That code is wrong or was used before. Enter the one that your app shows now.")
TOO_MANY = _l("Too many wrong codes. Wait an hour, or use a passkey or one of your recovery codes.")
BAD_PASSKEY = _l("That didn’t work with this passkey. Try again, or enter a code.")


class Asks(StrEnum):
    """What has to be shown."""

    NOTHING = "nothing"
    PASSWORD = "password"
    FACTOR = "factor"
    PROVIDER = "provider"


class CodeField(StringField):
    """A code of the app, or for recovery."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        kwargs.setdefault("filters", [stripped])
        kwargs["validators"] = [Length(max=60, message=WRONG_CODE)]
        kwargs["render_kw"] = {"autocomplete": "one-time-code", "spellcheck": "false"}
        super().__init__(label, **kwargs)


class ProvenForm(Form):
    """The base of forms that need to know who is there: it asks for what is needed now."""

    #: The name of the field with the password.
    password_name = "password"

    code = CodeField(_l("Code"))
    passkey = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks = asked(now=utcnow())
        if self.asks is not Asks.PASSWORD:
            del self[self.password_name]
        if self.asks is not Asks.FACTOR:
            del self["code"], self["passkey"]


def asked(*, now: datetime) -> Asks:
    """What the signed-in host has to show now."""
    host = access.host()
    has_factor = service.has_any(host)
    if not has_factor and ways.has_password(host):
        return Asks.PASSWORD
    if service.is_proven(_here(), now=now):
        return Asks.NOTHING
    return Asks.FACTOR if has_factor else Asks.PROVIDER


def shown(form: ProvenForm) -> User | None:
    """The host, locked and read afresh, if the form shows what it asks for; None with words in it.

    May end the open transaction, and commits what a wrong code counts for.

    :raises bookme.errors.Busy: if too many passwords are being checked.
    """
    if form.asks is Asks.PASSWORD:
        field = form[form.password_name]
        host = access.check_password(access.host(), field.data)
        if host is None:
            field.errors = [*field.errors, WRONG_PASSWORD]
        return host
    if form.asks is Asks.PROVIDER:
        form.form_errors.append(_("Confirm that it’s you first."))
        return None
    user = access.locked(access.host().id)
    if user is None or form.asks is Asks.NOTHING:
        return user
    return user if _factor(user, form) else None


def remember(*, now: datetime) -> None:
    """Ask no more in this browser for a while."""
    _here().proven_at = now


def required(back: str, *, only_with_factor: bool = False) -> Callable[[Any], Any]:
    """Let a view be used only once the host has shown again who they are.

    A page is come back to after that; of a button, the page that it is on.

    :param back: the endpoint of that page.
    :param only_with_factor: ask for nothing where there is only a password.
    """

    def decorate(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        @access.login_required
        def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            there = service.has_any(access.host())
            if service.is_proven(_here(), now=utcnow()) or (only_with_factor and not there):
                return view(*args, **kwargs)
            where = request.full_path.rstrip("?") if request.method == "GET" else ""
            next_path = own_path(where) or _address(back)
            return htmx.redirect(url_for("accounts.confirm_identity", next=next_path))

        return guarded

    return decorate


def _address(endpoint: str) -> str:
    expects = current_app.url_map.is_endpoint_expecting
    values = {k: v for k, v in (request.view_args or {}).items() if expects(endpoint, k)}
    return url_for(endpoint, **values)


def _factor(user: User, form: ProvenForm) -> bool:
    now = utcnow()
    if form.passkey.data:
        asked_for = pending.take(Step.STEP_UP, session.pop(CHALLENGE, ""), session=_here(), now=now)
        try:
            if asked_for is None or asked_for.challenge is None:
                raise passkeys.BadPasskey("asked for nothing")
            passkeys.use(form.passkey.data, asked_for.challenge, user_id=user.id, now=now)
        except passkeys.BadPasskey:
            return _refused(form, BAD_PASSKEY)
    else:
        wrong = take_code(user, form.code.data, now=now)
        if wrong:
            return _refused(form, wrong)
    remember(now=now)
    return True


def take_code(user: User, typed: str, *, now: datetime) -> str:
    """Use a typed code up; say what is wrong with it, or nothing.

    Owes the message about a recovery code.
    """
    if not typed:
        return _("Enter a code.")
    try:
        taken = checking.take(user, typed, source=entering.source(user), now=now)
    except TooManyWrong:
        return str(TOO_MANY)
    except WrongCodeTyped:
        return str(WRONG_CODE)
    if taken is Shown.RECOVERY:
        service.tell(user, service.Change.CODE_USED, now=now)
    return ""


def _refused(form: ProvenForm, words: Any) -> bool:
    form.code.errors = [*form.code.errors, words]
    db.session.commit()
    return False


def _here() -> Session:
    row = access.current_session()
    assert row is not None
    return row
