"""One refresh at a time: a good token, got by whoever holds the lease, awaited by the others."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import uuid4

import sqlalchemy as sa

from bookme import resealing
from bookme.connections import providers
from bookme.connections.grants import alarms, disconnecting, lease, patience, revocation, seals
from bookme.connections.grants.budget import Budget
from bookme.connections.grants.lease import Seen
from bookme.crypto import Unreadable
from bookme.errors import ClientRefused, ConnectionRevoked, ProviderUnavailable, ScopeMissing
from bookme.extensions import db
from bookme.meters import count
from bookme.models import Connection, ConnectionStatus, Problem
from bookme.providers.http.grant import Grant
from bookme.sealed import CONNECTION


class OnDead(Protocol):
    """What becomes of a dead grant, if the connection is still as it was used; see
    :func:`~bookme.connections.grants.disconnecting.mark_dead`."""

    def __call__(
        self, connection_id: int, generation: int, problem: Problem, /, *, now: datetime
    ) -> bool: ...


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and the generation it belongs to."""

    provider: str
    access_token: str = field(repr=False)
    generation: int


def token(
    connection_id: int,
    *,
    now: datetime,
    budget: Budget,
    used: int | None = None,
    on_dead: OnDead = disconnecting.mark_dead,
) -> Token:
    """A good token of a connection; see :func:`bookme.connections.grants.tokens.access_token`.

    :param used: a generation whose access token was refused: only another one will do.
    """
    holder = uuid4().hex
    for waited in patience.looks(budget):
        seen = lease.read(connection_id)
        if seen is None or not seen.is_active:
            raise ConnectionRevoked(seen.provider if seen else "provider", "not connected")
        if seen.generation != used and seen.is_good_at(now + waited):
            return _opened(seen, now=now)
        if seen.rests_at(now + waited):
            detail = "a refresh failed just now"
            raise ProviderUnavailable(seen.provider, detail, retry_at=seen.lease_until)
        if lease.take(seen, holder, now=now + waited):
            refresh = partial(_refreshed, seen, holder, now=now + waited, on_dead=on_dead)
            got = patience.patiently(refresh, seen, budget)
            if got is not None:
                return got
    raise ProviderUnavailable("provider", "no token in time")


def _refreshed(seen: Seen, holder: str, *, now: datetime, on_dead: OnDead) -> Token | None:
    """A fresh token, got with the lease in hand; None if the connection has changed meanwhile."""
    outcome = count.Refresh.FAILED
    try:
        got = _stored(seen, _asked(seen, now=now), now=now)
        outcome = count.Refresh.RENEWED if got is not None else count.Refresh.OVERTAKEN
        return got
    except ConnectionRevoked as error:
        # Dead, or did somebody else use this refresh token first? Only the unchanged row tells.
        problem = Problem.SCOPE_MISSING if isinstance(error, ScopeMissing) else Problem.GRANT_ENDED
        dead = on_dead(seen.id, seen.generation, problem, now=now)
        db.session.commit()
        outcome = count.Refresh.ENDED if dead else count.Refresh.OVERTAKEN
        if dead:
            raise
        return None
    except ClientRefused:
        outcome = count.Refresh.CLIENT_REFUSED
        alarms.ring(alarms.client_refused(seen.provider), now=now)
        db.session.commit()
        raise
    finally:
        count.refresh(seen.provider, outcome)
        lease.rest(seen, holder, now=now)


def _asked(seen: Seen, *, now: datetime) -> Grant:
    if seen.refresh_token_sealed is None:
        raise ConnectionRevoked(seen.provider, "no refresh token")
    try:
        refresh_token = seals.refresh_token(seen.seal_id, seen.refresh_token_sealed)
    except Unreadable as error:
        raise _unreadable(seen, now) from error
    return providers.client(seen.provider).refresh(refresh_token)


def _stored(seen: Seen, grant: Grant, *, now: datetime) -> Token | None:
    scopes = {"scopes": " ".join(sorted(grant.scopes))} if grant.scopes else {}
    stored = db.session.execute(
        sa.update(Connection)
        .where(
            Connection.id == seen.id,
            Connection.generation == seen.generation,
            Connection.status == ConnectionStatus.ACTIVE,
        )
        .values(
            generation=seen.generation + 1,
            refreshed_at=now,
            lease_until=None,
            lease_holder=None,
            **seals.pair(seen.seal_id, grant, now=now),
            **scopes,
        )
        .returning(Connection.id)
    ).first()
    alarms.silence(alarms.client_refused(seen.provider))
    if stored is not None:
        resealing.renew(CONNECTION, seen.id)  # a row under two keys is found by neither alone
    shared = stored is None and revocation.is_shared(seen, since=seen.connected_at)
    db.session.commit()
    if stored is not None:
        return Token(seen.provider, grant.access_token, seen.generation + 1)
    if not shared:  # disconnected meanwhile: nothing is kept, and nobody may use what came
        revocation.revoke(seen.provider, grant.access_token, budget=Budget(revocation.PATIENCE))
    return None


def _opened(seen: Seen, *, now: datetime) -> Token:
    assert seen.access_token_sealed is not None
    try:
        opened = seals.access_token(seen.seal_id, seen.access_token_sealed)
    except Unreadable as error:
        raise _unreadable(seen, now) from error
    return Token(seen.provider, opened, seen.generation)


def _unreadable(seen: Seen, now: datetime) -> ProviderUnavailable:
    """A key is missing from TOKEN_KEYS: the operator can put it back, so no grant is ended."""
    alarms.ring(alarms.KEYS_MISSING, now=now)
    db.session.commit()
    return ProviderUnavailable(seen.provider, "tokens cannot be opened")
