"""Tokens for whoever wants to talk to a provider on a host's behalf.

These functions are a conversation with the provider and commit by themselves, before and after
each call: call them with no work of your own open, and load nothing inside an action.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from bookme.clock import utcnow
from bookme.connections import providers
from bookme.connections.grants import disconnecting, pauses, refreshing, seals
from bookme.connections.grants.budget import Budget
from bookme.connections.grants.failures import Judge
from bookme.connections.grants.noted import note
from bookme.connections.grants.refreshing import OnDead
from bookme.connections.grants.revocation import Pair
from bookme.crypto import Unreadable
from bookme.errors import ProviderError
from bookme.models import Connection

T = TypeVar("T")


def access_token(connection_id: int, *, now: datetime, budget: Budget | None = None) -> str:
    """An access token good for two minutes at least; refreshes the pair if it must.

    Zoom's refresh tokens work once, so one holder of the connection's lease refreshes while the
    others wait for the next generation. A pair is stored only if the generation is still the one it
    was made from and the connection is still active: a disconnect in between wins, and the new
    pair is revoked.

    :param budget: limits the time of it for whoever waits.
    :raises ConnectionRevoked: if there is no active connection, or the provider refused the grant
        and nobody else has replaced it meanwhile.
    :raises ProviderUnavailable: if the token endpoint does not answer, or the lease is not freed in
        time.
    """
    return refreshing.token(connection_id, now=now, budget=budget or Budget()).access_token


def using(
    connection_id: int,
    action: Callable[[Any], T],
    *,
    clock: Callable[[], datetime] = utcnow,
    about_user: bool = False,
    budget: Budget | None = None,
    on_dead: OnDead = disconnecting.mark_dead,
) -> T:
    """Let ``action`` talk to the provider with the host's grant, and note what that shows of it.

    A refused access token is refreshed once, and ``action`` called once more. A dead grant is
    marked as such. A spent limit of the account sets ``blocked_until``; whether to wait for it is
    the caller's to say, since deletes need not. A wait that the provider asks for holds for all
    calls for its account, whatever they are about: nothing is called before it is over.

    :param action: called with no transaction open; it must open none. It gets the provider of the
        connection: a :class:`~bookme.providers.video.VideoProvider`, or of Google, Microsoft and
        iCloud a :class:`~bookme.providers.calendar.CalendarProvider`.
    :param about_user: the action needs nothing but the user himself, so "no such user" means
        that the grant is of no use. Otherwise :class:`WrongAccount` says nothing of the grant: the
        thing asked for may be older than the connection.
    :param on_dead: what to do with a dead grant.
    :raises ProviderError: what the action raised, or the search for a token.
    """
    budget, used = budget or Budget(), None
    zone = pauses.keep_still(connection_id, now=clock())
    while True:
        got = refreshing.token(
            connection_id, now=clock(), used=used, budget=budget, on_dead=on_dead
        )
        provider = providers.open_as(
            got.provider, got.access_token, zone=zone, deadline=budget.left
        )
        try:
            result = action(provider)
        except ProviderError as error:
            judge = Judge(connection_id, got.generation, about_user, on_dead)
            judge.weigh(error, is_fresh=used is not None, now=clock())
            used = got.generation
        else:
            note(connection_id, last_used_at=clock())
            return result


def renew(connection_id: int, *, generation: int, now: datetime) -> None:
    """Replace the pair of this generation, whether or not it is still good.

    :raises ProviderError: as :func:`access_token`.
    """
    refreshing.token(connection_id, now=now, used=generation, budget=Budget())


def pair_of(connection: Connection) -> Pair | None:
    """The tokens as they are stored, to be ended; None if there are none, or no key opens them."""
    access, refresh = connection.access_token_sealed, connection.refresh_token_sealed
    if access is None or connection.expires_at is None:
        return None
    try:
        return Pair(
            provider=connection.provider,
            access_token=seals.access_token(connection.seal_id, access),
            refresh_token=seals.refresh_token(connection.seal_id, refresh) if refresh else None,
            expires_at=connection.expires_at,
        )
    except Unreadable:
        return None


def label(connection: Connection) -> str | None:
    """The account's label, for its host's eyes; None once it is deleted, or cannot be read."""
    if connection.label_sealed is None:
        return None
    try:
        return seals.label(connection.seal_id, connection.label_sealed)
    except Unreadable:
        return None
