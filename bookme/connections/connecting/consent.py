"""What follows a host's consent: from the code of a callback, or a password, to a connection.

The host waits meanwhile, and no transaction may span a call, so :func:`finish` and
:func:`with_password` commit by themselves.
"""

import logging
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from bookme.connections import providers, service
from bookme.connections.connecting import attempts, linking
from bookme.connections.connecting.attempts import Attempt
from bookme.connections.connecting.linking import Access, Connected, OtherAccount
from bookme.connections.grants import alarms, identity, revocation
from bookme.connections.grants.budget import Budget
from bookme.connections.grants.identity import Identity
from bookme.errors import (
    BookMeError,
    ClientRefused,
    ConnectionRevoked,
    NotAllowed,
    ProviderError,
    ProviderUnavailable,
    ScopeMissing,
    TokenRefused,
)
from bookme.extensions import db
from bookme.models import Session
from bookme.providers.calendar import HOST_NOT_ALLOWED
from bookme.providers.http.grant import Grant
from bookme.sealed import user_digests

log = logging.getLogger(__name__)

_EVER = datetime(2000, 1, 1, tzinfo=UTC)
#: Seconds for exchanging the code, asking whose it is, and for the list of calendars.
_PATIENCE = 5.0


class Refusal(StrEnum):
    """Why a consent did not lead to a connection."""

    DECLINED = "declined"  # the host, or the provider, said no
    ADMIN_NEEDED = "admin_needed"  # the account's administrator has to agree first
    STALE = "stale"  # no such attempt in this browser: too old, used, or somebody else's
    SERVED = "served"  # used, by the look of it, and the host is connected by now
    NO_CODE = "no_code"
    CODE_REFUSED = "code_refused"  # expired or used
    SCOPE_MISSING = "scope_missing"
    OTHER_ACCOUNT = "other_account"  # than the one that is connected, and that was not agreed
    UNAVAILABLE = "unavailable"
    CLIENT_REFUSED = "client_refused"  # the operator has to mend it
    NOT_ALLOWED = "not_allowed"
    NO_CALENDARS = "no_calendars"  # an account without a mailbox
    HOST_NOT_ALLOWED = "host_not_allowed"  # the password would have gone elsewhere
    PASSWORD_REFUSED = "password_refused"


@dataclass(frozen=True, slots=True)
class Password:
    """A name and a password made for BookMe, as a host has typed them."""

    host_id: int
    provider: str
    username: str = field(repr=False)
    password: str = field(repr=False)
    may_replace: bool


#: What Microsoft and Google call it when an administrator has to agree first; Microsoft also
#: sends it as "access_denied", with the number in the description.
_ADMIN_NEEDED = frozenset(
    {"consent_required", "admin_policy_enforced", "org_internal"}
    | {f"AADSTS{number}" for number in (65001, 90093, 90094, 90095)}
)
#: What RFC 6749 (4.1.2.1) has for a provider that cannot answer for now.
_AWAY = ("temporarily_unavailable", "server_error")
_WORD = re.compile(r"\w+")
#: What an error comes to; the first that fits.
_REFUSALS = (
    (ScopeMissing, Refusal.SCOPE_MISSING),
    (ClientRefused, Refusal.CLIENT_REFUSED),
    (ProviderUnavailable, Refusal.UNAVAILABLE),
)


class NotConnected(BookMeError):
    """A consent that did not lead to a connection; nothing is stored of it.

    :ivar missing: the scopes that were not granted.
    :ivar account: the label of the account that it was about, for its host's eyes.
    """

    def __init__(
        self, refusal: Refusal, missing: frozenset[str] = frozenset(), account: str = ""
    ) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.missing = missing
        self.account = account


def begin(session: Session, provider: str, *, may_replace: bool, now: datetime) -> str:
    """Start a consent from this browser; return the address of the provider's page.

    Flushes and leaves the commit to the caller.

    :param may_replace: the host agrees that the connection to another account is replaced.
    """
    state, verifier = attempts.start(session, provider, may_replace=may_replace, now=now)
    consent = providers.facts(provider).consent
    wishes = consent.parameters if consent is not None else {}
    where = providers.redirect_uri(provider)
    return providers.client(provider).authorize(where, state, verifier, **wishes)


def why_declined(error: str, description: str) -> Refusal:
    """What a provider means by the error with which it sends somebody back.

    https://learn.microsoft.com/entra/identity-platform/reference-error-codes
    """
    if error in _ADMIN_NEEDED or not _ADMIN_NEEDED.isdisjoint(_WORD.findall(description)):
        return Refusal.ADMIN_NEEDED
    return Refusal.UNAVAILABLE if error in _AWAY else Refusal.DECLINED


def why_stale(session: Session, provider: str, state: str | None) -> Refusal:
    """Why a state serves for nothing. One that is gone has most likely led to the connection that
    is there: somebody has gone back in the browser, or opened the address twice.
    """
    connection = service.live(session.user_id, provider)
    is_connected = connection is not None and connection.is_active
    is_gone = state is not None and not attempts.is_known(state)
    return Refusal.SERVED if is_connected and is_gone else Refusal.STALE


def finish(attempt: Attempt, code: str, *, now: datetime) -> Connected:
    """Exchange the code, look at what was granted and by whom, and store the connection.

    :raises NotConnected: with the reason; what was granted is revoked, as far as it is known.
    """
    budget = Budget(_PATIENCE)
    grant = _exchanged(attempt, code, budget, now=now)
    missing = providers.facts(attempt.provider).missing(grant.scopes)
    if missing:
        raise _revoked(attempt, grant, Refusal.SCOPE_MISSING, missing)
    access = _opened(attempt, grant, budget)
    try:
        return linking.link(attempt, access, now=now)
    except OtherAccount as error:
        raise _revoked(attempt, grant, Refusal.OTHER_ACCOUNT, whose=access.account) from error


def with_password(asked: Password, *, now: datetime) -> Connected:
    """Try a name and its password at the provider, and store the connection.

    :raises NotConnected: with the reason; nothing is stored then.
    """
    key = providers.credentials(asked.username, asked.password)
    try:
        access = _read(asked.provider, key, key, Budget(_PATIENCE))
    except ProviderError as error:
        log.warning("password not accepted: %s", error)
        refused = isinstance(error, (ConnectionRevoked, TokenRefused))
        why = Refusal.PASSWORD_REFUSED if refused else _refusal(error, asked.provider)
        raise NotConnected(why) from error
    try:
        return linking.link(asked, access, now=now)
    except OtherAccount as error:
        raise NotConnected(Refusal.OTHER_ACCOUNT, account=access.account.label) from error


def _exchanged(attempt: Attempt, code: str, budget: Budget, *, now: datetime) -> Grant:
    try:
        grant = providers.client(attempt.provider).exchange(
            code, attempt.verifier, providers.redirect_uri(attempt.provider), deadline=budget.left
        )
    except ProviderError as error:
        log.warning("code not exchanged: %s", error)
        if isinstance(error, ClientRefused):
            alarms.ring(alarms.client_refused(attempt.provider), now=now)
            db.session.commit()
        why = _refusal(error, attempt.provider)
        if why is not Refusal.ADMIN_NEEDED and isinstance(error, ConnectionRevoked):
            why = Refusal.CODE_REFUSED
        raise NotConnected(why) from error
    if grant.refresh_token is None:  # it would be over in an hour
        raise _revoked(attempt, grant, Refusal.UNAVAILABLE)
    return grant


def _opened(attempt: Attempt, grant: Grant, budget: Budget) -> Access:
    try:
        return _read(attempt.provider, grant.access_token, grant, budget)
    except ProviderError as error:
        log.warning("connected account not read: %s", error)
        lacks = isinstance(error, ScopeMissing)
        missing = providers.facts(attempt.provider).identifying if lacks else frozenset()
        raise _revoked(attempt, grant, _refusal(error, attempt.provider), missing) from error


def _read(provider: str, token: str, key: Grant | str, budget: Budget) -> Access:
    """Whose account it is and, if it has calendars, which."""
    account = identity.ask(providers.open_as(provider, token, deadline=budget.left))
    if not providers.facts(provider).has_calendars:
        return Access(key, account)
    listed = providers.open_calendars(provider, token, deadline=budget.left).calendars()
    return Access(key, account, listed)


def _refusal(error: ProviderError, provider: str) -> Refusal:
    if error.code in _ADMIN_NEEDED:
        return Refusal.ADMIN_NEEDED
    if error.code == HOST_NOT_ALLOWED:
        return Refusal.HOST_NOT_ALLOWED
    if isinstance(error, NotAllowed) and providers.facts(provider).has_calendars:
        return Refusal.NO_CALENDARS
    found = (refusal for kind, refusal in _REFUSALS if isinstance(error, kind))
    return next(found, Refusal.NOT_ALLOWED)


def _revoked(
    attempt: Attempt,
    grant: Grant,
    refusal: Refusal,
    missing: frozenset[str] = frozenset(),
    *,
    whose: Identity | None = None,
) -> NotConnected:
    """Revoke a grant that is not kept, unless a connection would end with it."""
    if not _is_in_use(attempt, whose):
        budget = Budget(revocation.PATIENCE)
        revocation.revoke(attempt.provider, grant.access_token, budget=budget)
    return NotConnected(refusal, missing, whose.label if whose else "")


def _is_in_use(attempt: Attempt, whose: Identity | None) -> bool:
    """Whether a connection lives by a grant that was given just now.

    Mostly not: it is its user's newest, so nothing newer ends with it. Google, though, ends all
    of a user's at once; and as long as nobody knows whose it is, it may be the host's own.
    """
    if not providers.facts(attempt.provider).ends_together:
        return False
    if whose is None:
        found = service.live(attempt.host_id, attempt.provider) is not None
    else:
        digests = user_digests(attempt.provider, whose.user_id)
        found = revocation.used_by_another(attempt.provider, digests, since=_EVER)
    db.session.commit()
    return found
