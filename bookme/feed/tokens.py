"""The secret address of a host's calendar feed: made from the host's id and ``feed_epoch``.

Nothing is kept of it, so it can be shown again at any time. Another epoch ends all addresses
before.
"""

import hashlib
import secrets

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from bookme.extensions import db
from bookme.models import User


def new_epoch(user: User) -> None:
    """Give the host an address that no feed of theirs has had before."""
    user.feed_epoch = secrets.randbelow(2**31)


def token(user: User) -> str | None:
    """What the address has in it; None for a host without a feed."""
    return _signer().dumps([user.id, user.feed_epoch]) if user.feed_epoch is not None else None


def owner(token: str) -> User | None:
    """Whose feed it is; None if the address is made up or has ended."""
    try:
        user_id, epoch = _signer().loads(token)
    except BadSignature:
        return None
    user = db.session.get(User, user_id)
    if user is None or user.feed_epoch is None or user.closing_at is not None:
        return None
    return user if user.feed_epoch == epoch else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(
        current_app.config["SECRET_KEY"],
        salt="bookme calendar feed",
        signer_kwargs={"digest_method": hashlib.sha256},
    )
