"""What the messages of an account say, put together when they are sent.

None of them carries a word that somebody typed: whoever asks for a message to another's address
must not be able to send along a text or a link.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bookme.accounts import browsers, links, ways
from bookme.accounts.factors import recovery, words
from bookme.accounts.factors.service import Change
from bookme.accounts.links import Purpose
from bookme.accounts.owed import Letter, reader
from bookme.accounts.paths import own_path
from bookme.accounts.service import UNCONFIRMED_FOR
from bookme.models import Email, User
from bookme.outbox import Builder


def _confirm_email(email: Email, user: User, now: datetime) -> dict[str, Any] | None:
    if user.is_confirmed or user.closing_at is not None:
        return None
    asked_for = email.facts.get("next")
    next_path = own_path(asked_for) if isinstance(asked_for, str) else None
    link = _with_link(user, Purpose.CONFIRM, now, next_path)
    return link | {"unconfirmed_for": UNCONFIRMED_FOR}


def _already_registered(_email: Email, user: User, _now: datetime) -> dict[str, Any] | None:
    return {
        "closing": user.closing_at is not None,
        "sign_in": links.address("accounts.sign_in"),
        "forgot": _forgot(),
    }


def _reset_password(_email: Email, user: User, now: datetime) -> dict[str, Any] | None:
    if user.closing_at is not None or not ways.with_passwords():
        return None
    return _with_link(user, Purpose.RESET, now)


def _password_changed(_email: Email, _user: User, _now: datetime) -> dict[str, Any] | None:
    if not ways.with_passwords():
        return None
    return {"forgot": links.address("accounts.forgot_password")}


def _change_email(_email: Email, user: User, now: datetime) -> dict[str, Any] | None:
    if user.new_email is None or user.closing_at is not None:
        return None
    return {"to": user.new_email} | _with_link(user, Purpose.CHANGE_EMAIL, now)


def _email_changed(email: Email, _user: User, _now: datetime) -> dict[str, Any] | None:
    return {"to": reader(email)}


def _account_closing(email: Email, user: User, _now: datetime) -> dict[str, Any] | None:
    return None if user.closing_at is None else {"bookings": email.facts.get("bookings", 0)}


def _second_factor(email: Email, user: User, _now: datetime) -> dict[str, Any] | None:
    change = Change(str(email.facts["change"]))
    return {
        "said": words.said(change, has_password=ways.has_password(user)),
        "codes_left": recovery.left(user) if change is Change.CODE_USED else None,
        "page": links.address("accounts.second_factor"),
        "has_password": ways.has_password(user),
    }


def _new_browser(email: Email, user: User, _now: datetime) -> dict[str, Any] | None:
    return {
        "browser": browsers.label(str(email.facts["label"])),
        "at": email.created_at,
        "host": user,
        "page": links.address("accounts.sessions"),
        "forgot": _forgot(),
    }


def _link_sign_in(email: Email, user: User, now: datetime) -> dict[str, Any] | None:
    if user.closing_at is not None or not ways.has_only_mail(user):
        return None
    return {"label": email.facts["label"]} | _with_link(user, Purpose.LINK, now)


def _sign_ins(email: Email, _user: User, _now: datetime) -> dict[str, Any] | None:
    by_operator = bool(email.facts.get("by_operator"))
    return {
        "label": email.facts["label"],
        "page": links.address("accounts.sign_in" if by_operator else "accounts.security"),
        "by_operator": by_operator,
        "forgot": _forgot(),
    }


def _forgot() -> str:
    """Where passwords are chosen anew; empty where there are none."""
    return links.address("accounts.forgot_password") if ways.with_passwords() else ""


def _with_link(
    user: User, purpose: Purpose, now: datetime, next_path: str | None = None
) -> dict[str, Any]:
    return {
        "link": links.make(user, purpose, now=now, next_path=next_path),
        "good_for": links.GOOD_FOR[purpose],
    }


BUILDERS: Mapping[str, Builder] = {
    Letter.CONFIRM_EMAIL: _confirm_email,
    Letter.ALREADY_REGISTERED: _already_registered,
    Letter.RESET_PASSWORD: _reset_password,
    Letter.PASSWORD_CHANGED: _password_changed,
    Letter.CHANGE_EMAIL: _change_email,
    Letter.EMAIL_CHANGED: _email_changed,
    Letter.ACCOUNT_CLOSING: _account_closing,
    Letter.SECOND_FACTOR: _second_factor,
    Letter.NEW_BROWSER: _new_browser,
    Letter.LINK_SIGN_IN: _link_sign_in,
    Letter.SIGN_IN_LINKED: _sign_ins,
    Letter.SIGN_IN_UNLINKED: _sign_ins,
}
