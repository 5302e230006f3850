"""Ending a grant at its provider, as far as that harms nobody."""

import logging
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from bookme.connections import providers
from bookme.connections.grants import seals
from bookme.connections.grants.budget import Budget
from bookme.connections.grants.seals import Sealed
from bookme.errors import ProviderError
from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus

log = logging.getLogger(__name__)

#: Seconds that a host waits for a provider to revoke.
PATIENCE = 3.0


@dataclass(frozen=True, slots=True)
class Pair:
    """Tokens that are going to be ended, as plain values. Its ``repr`` shows none.

    :ivar expires_at: of the access token.
    """

    provider: str
    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime


def is_shared(connection: Sealed, *, since: datetime, but: int | None = None) -> bool:
    """Whether another connection, made at ``since`` or later, works with the same user's grant.

    Zoom keeps one grant a user and app: to revoke an older pair might end the newer one too. Google
    ends all of a user's at once, so there the time does not matter. Must be asked before the user's
    id is deleted from ``connection``.

    :param but: a connection that does not count.
    """
    return used_by_another(connection.provider, seals.same_user(connection), since=since, but=but)


def used_by_another(
    provider: str, user_digests: list[str], *, since: datetime, but: int | None = None
) -> bool:
    """As :func:`is_shared`, for a user of whom there is no connection."""
    others = (
        sa.select(sa.literal(True))
        .select_from(Connection)
        .where(
            Connection.provider == provider,
            Connection.user_digest.in_(user_digests),
            Connection.status == ConnectionStatus.ACTIVE,
            Connection.id != (but or 0),
        )
        .limit(1)
    )
    if not providers.facts(provider).ends_together:
        others = others.where(Connection.connected_at >= since)
    return bool(db.session.scalar(others))


def is_possible(provider: str) -> bool:
    """Whether the provider lets BookMe end a grant at all."""
    return providers.facts(provider).can_revoke


def revoke(provider: str, access_token: str, *, budget: Budget) -> bool:
    """Revoke a grant at its provider; return whether it said so. No transaction may be open."""
    if not is_possible(provider):
        return False
    try:
        providers.client(provider).revoke(access_token, deadline=budget.left)
    except ProviderError as error:
        log.warning("grant not revoked: %s", error)
        return False
    return True


def end(pair: Pair, *, now: datetime) -> bool:
    """Revoke a pair that nobody else can use any more; return whether the provider did.

    A provider may not know an access token that has expired, so such a pair is refreshed first.
    """
    budget = Budget(PATIENCE)
    token = pair.access_token
    if pair.expires_at <= now and pair.refresh_token is not None:
        try:
            client = providers.client(pair.provider)
            token = client.refresh(pair.refresh_token, deadline=budget.left).access_token
        except ProviderError as error:
            log.warning("grant not refreshed to be revoked: %s", error)
    return revoke(pair.provider, token, budget=budget)
