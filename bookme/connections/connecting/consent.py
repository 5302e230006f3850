"""What follows a host's consent: from the code of a callback to a connection.

The host waits meanwhile, and no transaction may span a call, so :func:`finish` commits by itself.
"""

import logging
from datetime import UTC, datetime

from bookme.connections import providers, service
from bookme.connections.connecting import access, attempts, held, linking
from bookme.connections.connecting.access import Access
from bookme.connections.connecting.attempts import Attempt
from bookme.connections.connecting.linking import Connected, OtherAccount
from bookme.connections.connecting.refusal import NotConnected, Refusal, why_failed
from bookme.connections.grants import alarms, revocation
from bookme.connections.grants.budget import Budget
from bookme.connections.grants.identity import Identity
from bookme.errors import ClientRefused, ConnectionRevoked, ProviderError, ScopeMissing
from bookme.extensions import db
from bookme.models import Session
from bookme.providers.http.grant import Grant
from bookme.sealed import user_digests

log = logging.getLogger(__name__)

_EVER = datetime(2000, 1, 1, tzinfo=UTC)


def begin(session: Session, provider: str, *, now: datetime) -> str:
    """Start a consent from this browser; return the address of the provider's page.

    Flushes and leaves the commit to the caller.
    """
    state, verifier = attempts.start(session, provider, now=now)
    consent = providers.facts(provider).consent
    wishes = consent.parameters if consent is not None else {}
    where = providers.redirect_uri(provider)
    return providers.client(provider).authorize(where, state, verifier, **wishes)


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

    :raises NotConnected: with the reason; what was granted is revoked, as far as it is known, but
        for another account than the connected one: then it is held until the host has answered.
    """
    budget = Budget(access.PATIENCE)
    grant = _exchanged(attempt, code, budget, now=now)
    missing = providers.facts(attempt.provider).missing(grant.scopes)
    if missing:
        raise _revoked(attempt, grant, Refusal.SCOPE_MISSING, missing)
    opened = _opened(attempt, grant, budget)
    try:
        return linking.link(attempt, opened, now=now)
    except OtherAccount as error:
        if not held.keep(attempt, grant, opened.account, now=now):
            raise _revoked(attempt, grant, Refusal.STALE, whose=opened.account) from error
        raise NotConnected(Refusal.OTHER_ACCOUNT) from error


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
        why = why_failed(error, attempt.provider)
        if why is not Refusal.ADMIN_NEEDED and isinstance(error, ConnectionRevoked):
            why = Refusal.CODE_REFUSED
        raise NotConnected(why) from error
    if grant.refresh_token is None:  # it would be over in an hour
        raise _revoked(attempt, grant, Refusal.UNAVAILABLE)
    return grant


def _opened(attempt: Attempt, grant: Grant, budget: Budget) -> Access:
    try:
        return access.read(attempt.provider, grant.access_token, grant, budget)
    except ProviderError as error:
        log.warning("connected account not read: %s", error)
        lacks = isinstance(error, ScopeMissing)
        missing = providers.facts(attempt.provider).identifying if lacks else frozenset()
        raise _revoked(attempt, grant, why_failed(error, attempt.provider), missing) from error


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
    return NotConnected(refusal, missing)


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
