"""What follows when a provider has said who somebody is.

An account is theirs by what the provider calls them, never by an address alone: an address that has
an account only begins a link, which its host confirms from inside. They flush and never commit.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from bookme import addresses, characters, wal
from bookme.accounts import admission
from bookme.accounts import service as accounts
from bookme.accounts.oidc import identities, pending_links, providers
from bookme.accounts.oidc.attempts import Attempt
from bookme.accounts.oidc.id_token import LEEWAY, Claims
from bookme.accounts.oidc.identities import IdentityTaken
from bookme.accounts.oidc.refusal import NotSignedIn, Refusal
from bookme.accounts.owed import Letter, owe
from bookme.accounts.service import Newcomer
from bookme.extensions import db
from bookme.models import Email, Identity, PendingLink, User

log = logging.getLogger(__name__)

#: The most that a sign-up takes.
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody whom a provider has named.

    :ivar user: whose account it is, locked.
    :ivar link: set if it still has to be linked: the random id for the browser's cookie.
    """

    user: User
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """What the browser says of somebody who may get an account, and brings along.

    :ivar invitation: what its cookie has of an invitation's link.
    """

    zone: str = "UTC"
    locale: str = "en_GB"
    clock_hours: int = 24
    invitation: object = None


def arrive(claims: Claims, attempt: Attempt, visitor: Visitor, *, now: datetime) -> Arrival:
    """Somebody signs in: into the account that is linked, or towards the link, or a new account.

    :raises NotSignedIn: with the reason.
    """
    for _ in range(accounts.TRIES):
        try:
            with db.session.begin_nested():
                return _arrive(claims, attempt.provider, visitor, now)
        except (IntegrityError, IdentityTaken):
            continue  # another callback of theirs was quicker
    raise NotSignedIn(Refusal.STALE, "lost every race")


def begin_link(host: User, claims: Claims, attempt: Attempt, *, now: datetime) -> str:
    """A host wants to sign in with this person too; they still confirm it.

    :param host: signed in.
    :return: the random id for the browser's cookie.
    :raises NotSignedIn: if the person signs in to another account, or hasn't shown to have the
        account's address.
    """
    known = identities.find(claims)
    if known is not None and known.user_id != host.id:
        raise NotSignedIn(Refusal.ANOTHER_ACCOUNT)
    if known is None and _email(claims) != host.email:
        raise NotSignedIn(Refusal.ANOTHER_ADDRESS)
    return pending_links.begin(host, claims, attempt.provider, now=now)


def prove(host: User, claims: Claims, attempt: Attempt) -> None:
    """Whether it is the host whom the provider has just signed in.

    Providers that don't say when somebody signed in there are believed to have asked.

    :raises NotSignedIn: if it is somebody else, or they only were signed in there already.
    """
    known = identities.find(claims)
    if known is None or known.user_id != host.id:
        raise NotSignedIn(Refusal.NOT_YOURS)
    at = claims.authenticated_at
    if at is not None and at < attempt.begun_at - LEEWAY:
        raise NotSignedIn(Refusal.NOT_RECENT)


def link(user: User, pending: PendingLink, *, now: datetime) -> Email | None:
    """Link what a host has confirmed. Again changes nothing.

    :param user: locked.
    :return: the message to hurry.
    :raises IdentityTaken: if that person signs in to another account meanwhile.
    """
    try:
        identities.add(user, pending, pending.provider, now=now)
    except IdentityTaken:
        theirs = (Identity.issuer == pending.issuer, Identity.subject == pending.subject)
        owner = db.session.scalar(sa.select(Identity.user_id).where(*theirs))
        if owner != user.id:
            raise
        return None
    log.info("account %d: sign-in with %s linked", user.id, pending.provider)
    return owe(user, Letter.SIGN_IN_LINKED, now=now, label=providers.label(pending.provider))


def unlink(
    user: User, identity: Identity, *, by_operator: bool = False, now: datetime
) -> Email | None:
    """Let somebody at a provider sign in no longer; return the message to hurry.

    :param user: locked.
    :param by_operator: whether the message has to say how the host gets in again.
    """
    removed = identities.remove(user, identity.id)
    if removed is None:
        return None
    wal.owe_truncation(now=now)
    log.info("account %d: sign-in with %s unlinked", user.id, removed.provider)
    label = providers.label(removed.provider)
    return owe(user, Letter.SIGN_IN_UNLINKED, now=now, label=label, by_operator=int(by_operator))


def _arrive(claims: Claims, provider: str, visitor: Visitor, now: datetime) -> Arrival:
    known = identities.find(claims)
    if known is not None:
        known.last_used_at = now
        return Arrival(_open(_locked(User.id == known.user_id)))
    email = _email(claims)
    user = _locked(User.email == email)
    if user is not None and (user.is_confirmed or user.closing_at is not None):
        return Arrival(user, pending_links.begin(_open(user), claims, provider, now=now))
    try:
        admission.admit(email, visitor.invitation, now=now)
    except admission.NotAdmitted as error:
        raise NotSignedIn(Refusal.NOT_ADMITTED, str(error)) from error
    made = accounts.make_confirmed(_newcomer(claims, email, visitor), now=now)
    identities.add(made, claims, provider, now=now).last_used_at = now
    log.info("account %d: made by signing in with %s", made.id, provider)
    return Arrival(made)


def _locked(whose: sa.ColumnElement[bool]) -> User | None:
    return db.session.scalar(
        sa.select(User).where(whose).with_for_update(key_share=True),
        execution_options={"populate_existing": True},
    )


def _open(user: User | None) -> User:
    if user is None or user.closing_at is not None:
        raise NotSignedIn(Refusal.CLOSING)
    return user


def _email(claims: Claims) -> str:
    """The address that a provider has checked, folded.

    :raises NotSignedIn: if there is none.
    """
    if not claims.email:
        raise NotSignedIn(Refusal.NO_EMAIL)
    if not claims.is_verified:
        raise NotSignedIn(Refusal.UNVERIFIED)
    try:
        folded = addresses.folded(claims.email)
    except ValueError:
        raise NotSignedIn(Refusal.NO_EMAIL, "an address that is none") from None
    if len(folded) > 254:
        raise NotSignedIn(Refusal.NO_EMAIL, "an address that is too long")
    return folded


def _newcomer(claims: Claims, email: str, visitor: Visitor) -> Newcomer:
    name = claims.name.strip()
    usable = characters.is_line(name) and characters.is_visible(name) and len(name) <= _LONGEST_NAME
    return Newcomer(
        name=name if name and usable else email.partition("@")[0],
        email=email,
        password_hash="",
        zone=visitor.zone,
        locale=visitor.locale,
        clock_hours=visitor.clock_hours,
    )
