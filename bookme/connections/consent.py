"""What follows a host's consent at the provider: from the code of the callback to a connection.

The host waits meanwhile, and no transaction may span a call, so :func:`finish` commits by itself.
"""

import logging
from datetime import datetime
from enum import StrEnum

from bookme.connections import alarms, attempts, linking, providers, revocation
from bookme.connections.attempts import Attempt
from bookme.connections.budget import Budget
from bookme.connections.linking import Connected, OtherAccount
from bookme.errors import (
    BookMeError,
    ClientRefused,
    ConnectionRevoked,
    ProviderError,
    ProviderUnavailable,
    ScopeMissing,
)
from bookme.extensions import db
from bookme.models import Session
from bookme.oauth import Grant
from bookme.video.base import Account

log = logging.getLogger(__name__)

#: Seconds for exchanging the code and asking whose it is.
_PATIENCE = 5.0


class Refusal(StrEnum):
    """Why a consent did not lead to a connection."""

    DECLINED = "declined"  # the host, or the provider, said no
    STALE = "stale"  # no such attempt in this browser: too old, used, or somebody else's
    NO_CODE = "no_code"
    CODE_REFUSED = "code_refused"  # expired or used
    SCOPE_MISSING = "scope_missing"
    OTHER_ACCOUNT = "other_account"  # than the one that is connected, and that was not agreed
    UNAVAILABLE = "unavailable"
    CLIENT_REFUSED = "client_refused"  # the operator has to mend it
    NOT_ALLOWED = "not_allowed"


class NotConnected(BookMeError):
    """A consent that did not lead to a connection; nothing is stored of it.

    :ivar missing: the scopes that were not granted.
    """

    def __init__(self, refusal: Refusal, missing: frozenset[str] = frozenset()) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.missing = missing


def begin(session: Session, provider: str, *, may_replace: bool, now: datetime) -> str:
    """Start a consent from this browser; return the address of the provider's page.

    Flushes and leaves the commit to the caller. No ``scope`` is sent: Zoom takes the app's own.

    :param may_replace: the host agrees that the connection to another account is replaced.
    """
    state, verifier = attempts.start(session, provider, may_replace=may_replace, now=now)
    return providers.client(provider).authorize(providers.redirect_uri(provider), state, verifier)


def finish(attempt: Attempt, code: str, *, now: datetime) -> Connected:
    """Exchange the code, look at what was granted and by whom, and store the connection.

    :raises NotConnected: with the reason; what was granted is revoked, as far as it is known.
    """
    budget = Budget(_PATIENCE)
    grant = _exchanged(attempt, code, budget, now=now)
    missing = providers.scopes(attempt.provider) - grant.scopes if grant.scopes else frozenset()
    if missing:
        raise _revoked(attempt, grant, Refusal.SCOPE_MISSING, missing)
    account = _whose(attempt, grant, budget)
    try:
        return linking.link(attempt, grant, account, now=now)
    except OtherAccount as error:
        raise _revoked(attempt, grant, Refusal.OTHER_ACCOUNT) from error


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
        revoked = isinstance(error, ConnectionRevoked)
        raise NotConnected(Refusal.CODE_REFUSED if revoked else _refusal(error)) from error
    if grant.refresh_token is None:  # it would be over in an hour
        raise _revoked(attempt, grant, Refusal.UNAVAILABLE)
    return grant


def _whose(attempt: Attempt, grant: Grant, budget: Budget) -> Account:
    try:
        return providers.video_provider(
            attempt.provider, grant.access_token, deadline=budget.left
        ).me()
    except ProviderError as error:
        log.warning("connected account not read: %s", error)
        about_user = {one for one in providers.scopes(attempt.provider) if one.startswith("user:")}
        missing = frozenset(about_user if isinstance(error, ScopeMissing) else ())
        raise _revoked(attempt, grant, _refusal(error), missing) from error


def _refusal(error: ProviderError) -> Refusal:
    if isinstance(error, ScopeMissing):
        return Refusal.SCOPE_MISSING
    if isinstance(error, ClientRefused):
        return Refusal.CLIENT_REFUSED
    unavailable = isinstance(error, ProviderUnavailable)
    return Refusal.UNAVAILABLE if unavailable else Refusal.NOT_ALLOWED


def _revoked(
    attempt: Attempt, grant: Grant, refusal: Refusal, missing: frozenset[str] = frozenset()
) -> NotConnected:
    """Revoke a grant that is not kept. It is its user's newest, so nothing newer ends with it."""
    budget = Budget(revocation.PATIENCE)
    revocation.revoke(attempt.provider, grant.access_token, budget=budget)
    return NotConnected(refusal, missing)
