"""The links of account mails: made when the mail is sent, from the host's id and epoch.

Nothing is kept of them. A raised epoch ends every link made before; each purpose has its own
signature, so that a confirmation is no password reset.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.routing import Map, MapAdapter

from bookme.errors import BookMeError
from bookme.extensions import db
from bookme.models import User
from bookme.web import patterns


class Purpose(StrEnum):
    CONFIRM = "confirm"
    RESET = "reset"
    CHANGE_EMAIL = "change-email"
    LINK = "link"


GOOD_FOR = {
    Purpose.CONFIRM: timedelta(days=3),
    Purpose.RESET: timedelta(hours=3),
    Purpose.CHANGE_EMAIL: timedelta(days=1),
    Purpose.LINK: timedelta(minutes=30),
}
#: The page each link opens; none of them acts before its button is pressed.
_ENDPOINTS = {
    Purpose.CONFIRM: "accounts.confirm_email",
    Purpose.RESET: "accounts.reset_password",
    Purpose.CHANGE_EMAIL: "accounts.change_email",
    Purpose.LINK: "accounts.confirm_link",
}


class BadLink(BookMeError):
    """A link that is made up, too old, or ended by a newer one."""


def make(user: User, purpose: Purpose, *, now: datetime, next_path: str | None = None) -> str:
    """The whole address for a mail.

    :param next_path: where the reader was going when the mail was asked for, one of our own paths.
    """
    until = int((now + GOOD_FOR[purpose]).timestamp())
    token = _signer(purpose).dumps([user.id, user.epoch, until])
    values = {"token": token} | ({"next": next_path} if next_path else {})
    return address(_ENDPOINTS[purpose], **values)


def sign_up_mark(user: User) -> str:
    """What the browser that signed up keeps: of this account, until somebody signs up anew or its
    password or address changes. Says nothing to whoever reads it.
    """
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, f"sign-up:{user.id}:{user.epoch}".encode(), hashlib.sha256).hexdigest()


def read(token: str, purpose: Purpose, *, now: datetime, locked: bool = False) -> User:
    """Whose link this is.

    :param locked: for whoever acts on it: nobody signs up anew with the address meanwhile.
    :raises BadLink: if it serves no longer, or never did.
    """
    try:
        user_id, epoch, until = _signer(purpose).loads(token)
    except BadSignature as error:
        raise BadLink(f"{purpose}: not signed by us") from error
    if now.timestamp() >= until:
        raise BadLink(f"{purpose}: too old")
    lock: Any = {"populate_existing": True, "with_for_update": {"key_share": True}}
    user = db.session.get(User, user_id, **lock if locked else {})
    if user is None or user.epoch != epoch or user.closing_at is not None:
        raise BadLink(f"{purpose}: ended by something newer")
    return user


def address(endpoint: str, **values: str) -> str:
    """The absolute address of one of our pages, also where there is no request."""
    return f"{current_app.config['PUBLIC_URL']}{path(endpoint, **values)}"


def path(endpoint: str, **values: str) -> str:
    """The same from the root of the site."""
    known = current_app.extensions.setdefault("known_paths", {})
    return patterns.address(known, _builder(current_app.url_map).build, "", endpoint, values)


@lru_cache(maxsize=2)
def _builder(addresses: Map) -> MapAdapter:
    return addresses.bind("localhost")


def _signer(purpose: Purpose) -> URLSafeSerializer:
    return URLSafeSerializer(
        current_app.config["SECRET_KEY"],
        salt=f"bookme account link: {purpose}",
        signer_kwargs={"digest_method": hashlib.sha256},
    )
