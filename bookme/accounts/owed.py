"""The messages that an account owes to its host, as rows in the same transaction."""

from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from bookme import outbox
from bookme.extensions import db
from bookme.models import Email, User
from bookme.sealed import LETTER


class Letter(StrEnum):
    """Why a message is owed; also the folder of its templates."""

    CONFIRM_EMAIL = "confirm_email"
    ALREADY_REGISTERED = "already_registered"
    RESET_PASSWORD = "reset_password"
    PASSWORD_CHANGED = "password_changed"
    CHANGE_EMAIL = "change_email"
    EMAIL_CHANGED = "email_changed"
    ACCOUNT_CLOSING = "account_closing"
    SECOND_FACTOR = "second_factor"
    NEW_BROWSER = "new_browser"
    LINK_SIGN_IN = "link_sign_in"
    SIGN_IN_LINKED = "sign_in_linked"
    SIGN_IN_UNLINKED = "sign_in_unlinked"


def owe(user: User, letter: Letter, *, now: datetime, to: str = "", **facts: str | int) -> Email:
    """Owe one message to a host; nothing goes out here. What strangers can ask for is counted where
    they ask (:mod:`bookme.guard.mailing`).

    :param to: another address than the host's present one.
    """
    key = f"account.{uuid4().hex}"
    email = outbox.owe(letter, user, key=key, now=now, address=to, facts=facts)
    db.session.flush()
    return email


def reader(email: Email) -> str | None:
    """The address that a message goes to when that is not the host's present one.

    :raises bookme.crypto.Unreadable: if no key opens it.
    """
    if email.to_sealed is None:
        return None
    return LETTER.open(email.dedupe_key, "to_sealed", email.to_sealed)
