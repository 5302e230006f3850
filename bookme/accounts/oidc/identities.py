"""Whom providers know an account's host as."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bookme.accounts.oidc import discovery, providers
from bookme.accounts.oidc.id_token import Claims
from bookme.errors import BookMeError
from bookme.extensions import db
from bookme.models import Identity, PendingLink, User
from bookme.sign_in_settings import OpenIdProvider


class IdentityTaken(BookMeError):
    """This person signs in to an account already."""


def find(claims: Claims) -> Identity | None:
    """Who it is that the provider speaks of, if they have an account."""
    return db.session.scalar(
        sa.select(Identity).where(
            Identity.issuer == claims.issuer, Identity.subject == claims.subject
        )
    )


def of(user: User, *, usable: bool = False) -> list[Identity]:
    """All of a host's, the oldest first.

    :param usable: only those of providers that there are on this server.
    """
    query = sa.select(Identity).where(Identity.user_id == user.id).order_by(Identity.id)
    found = db.session.scalars(query)
    return [one for one in found if not usable or provider_of(one) is not None]


def provider_of(identity: Identity) -> OpenIdProvider | None:
    """The provider that this person signs in at, if there still is a way to it."""
    return next((one for one in providers.everyone() if _speaks(one, identity.issuer)), None)


def add(user: User, link: Claims | PendingLink, provider: str, *, now: datetime) -> Identity:
    """Let somebody at a provider sign in to an account.

    :raises IdentityTaken: if they sign in to one already; the transaction stays usable.
    """
    row = Identity(
        user_id=user.id,
        provider=provider,
        issuer=link.issuer,
        subject=link.subject,
        created_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError as error:
        raise IdentityTaken(provider) from error
    return row


def remove(user: User, identity_id: int) -> Identity | None:
    """Remove one of a host's; return what it was, if there was one."""
    gone = sa.delete(Identity).where(Identity.id == identity_id, Identity.user_id == user.id)
    return db.session.scalar(gone.returning(Identity))


def one_of(user: User, identity_id: int) -> Identity | None:
    """One of a host's, by its id."""
    mine = sa.select(Identity).where(Identity.id == identity_id, Identity.user_id == user.id)
    return db.session.scalar(mine)


def _speaks(provider: OpenIdProvider, issuer: str) -> bool:
    theirs = f"https://{discovery.MICROSOFT}/"
    return provider.issuer == issuer or (
        discovery.is_shared(provider.issuer) and issuer.startswith(theirs)
    )
