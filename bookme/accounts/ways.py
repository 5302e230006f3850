"""The ways into an account that there are on this server, and those that a host has."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

import sqlalchemy as sa
from flask import abort, current_app
from flask.typing import ResponseReturnValue

from bookme.accounts.factors import passkeys
from bookme.accounts.oidc import identities
from bookme.extensions import db
from bookme.models import Identity, Passkey, User

View = Callable[..., ResponseReturnValue]


def with_passwords() -> bool:
    """Whether passwords let anybody in here."""
    return bool(current_app.config["PASSWORDS"])


def passwords_needed(view: View) -> View:
    """There is no such page where there are no passwords."""

    @wraps(view)
    def guarded(*args: object, **kwargs: object) -> ResponseReturnValue:
        if not with_passwords():
            abort(404)
        return view(*args, **kwargs)

    return guarded


def has_password(user: User) -> bool:
    """Whether a password lets this host in."""
    return with_passwords() and bool(user.password_hash)


@dataclass(frozen=True, slots=True)
class Ways:
    """What lets a host in.

    :ivar providers: where they sign in, by the operator's names.
    """

    providers: tuple[str, ...]
    has_passkey: bool
    has_password: bool


def of(user: User) -> Ways:
    """All that lets a host in now."""
    usable = identities.of(user, usable=True)
    there = tuple(one.provider for one in usable)
    return Ways(there, _has_passkey(user), has_password(user))


def has_only_mail(user: User) -> bool:
    """Whether nothing lets this host in but their mailbox: all they have is a password, and those
    count no longer.
    """
    return not with_passwords() and not _has_passkey(user) and not identities.of(user, usable=True)


def is_last(user: User, *, without: Identity | Passkey) -> bool:
    """Whether a host couldn't get in any more without this."""
    if has_password(user):
        return False
    left = [*identities.of(user, usable=True), *passkeys.of(user)]
    return not any(one is not without for one in left)


def _has_passkey(user: User) -> bool:
    return bool(db.session.scalar(sa.exists().where(Passkey.user_id == user.id).select()))
