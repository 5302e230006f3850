"""A host's connections: which there are, how they are, and how they end.

Testing and disconnecting are conversations with the provider while the host waits, so they commit
by themselves, and take five seconds at most. Connecting is in
:mod:`bookme.connections.consent`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from bookme.connections import attempts, endings, providers, revocation, tokens, traces, usage
from bookme.connections.budget import Budget
from bookme.connections.endings import mark_dead
from bookme.connections.revocation import Pair
from bookme.connections.usage import make_due
from bookme.errors import (
    ClientRefused,
    ConnectionRevoked,
    ProviderError,
    ProviderUnavailable,
)
from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus, Problem, Schedule, User

__all__ = [
    "Attention",
    "Finding",
    "Revocation",
    "disconnect",
    "live",
    "make_due",
    "mark_dead",
    "needing_attention",
    "test_connection",
]

#: Seconds that a host waits for a test.
_TEST_PATIENCE = 4.5


class Revocation(StrEnum):
    """What became of the grant at the provider when a connection was disconnected."""

    REVOKED = "revoked"
    NOT_REVOKED = "not_revoked"  # the provider did not answer, or said no
    NOT_NEEDED = "not_needed"  # it was dead already, or a newer connection works with it


class Finding(StrEnum):
    """What a test of a connection found."""

    WORKS = "works"
    DEAD = "dead"  # and so it is marked now
    UNAVAILABLE = "unavailable"  # the provider does not answer
    CLIENT_REFUSED = "client_refused"  # the operator has to mend it
    REFUSED = "refused"  # the provider says no to this account


@dataclass(frozen=True, slots=True)
class Attention:
    """A provider for which a host has to do something.

    :ivar connection: the one that is broken; None if there is none, or none any more.
    :ivar problem: what is wrong with it, or was with the last one.
    :ivar schedules: those whose bookings get no meeting meanwhile.
    """

    provider: str
    connection: Connection | None
    problem: Problem | None
    schedules: list[Schedule]


def live(host_id: int, provider: str) -> Connection | None:
    """The host's connection to a provider, if there is one: active, or in need of its host."""
    return db.session.scalar(
        sa.select(Connection).where(
            Connection.host_id == host_id,
            Connection.provider == provider,
            Connection.status != ConnectionStatus.INACTIVE,
        )
    )


def needing_attention(host: User) -> list[Attention]:
    """For which providers the host should connect (again), for the dashboard; mostly empty.

    A connection that needs him, or schedules that take bookings for a provider that is not
    connected. Three queries a provider at most.
    """
    return list(_needing_attention(host))


def disconnect(connection: Connection, *, now: datetime) -> Revocation:
    """Revoke a connection's grant, then delete all that identifies or opens the account, whatever
    the provider said. Takes three seconds for the provider at most. Meetings and bookings stay.

    Commits.
    """
    shared = revocation.is_shared(connection, since=connection.connected_at, but=connection.id)
    host_id, provider, pair = connection.host_id, connection.provider, tokens.pair_of(connection)
    connection_id, outcome = connection.id, Revocation.NOT_NEEDED
    if connection.is_active and pair is not None and not shared:
        outcome = _revoke(connection_id, pair, now=now)
    ended = endings.locked(connection_id)
    if ended is not None and ended.status is not ConnectionStatus.INACTIVE:
        endings.clear(ended, None, now=now)
    attempts.drop(host_id, provider)
    db.session.commit()
    traces.truncate()
    return outcome


def test_connection(connection: Connection, *, now: datetime) -> Finding:
    """Ask the provider whether the connection works; five seconds at most. Commits.

    A connection that turns out to be dead is marked as such.
    """
    budget = Budget(_TEST_PATIENCE)
    try:
        tokens.using(
            connection.id,
            lambda provider: provider.me(),
            clock=lambda: now,
            about_user=True,
            budget=budget,
        )
    except ProviderError as error:
        return _finding(error)
    return Finding.WORKS


def _finding(error: ProviderError) -> Finding:
    if isinstance(error, ConnectionRevoked):
        return Finding.DEAD
    if isinstance(error, ClientRefused):
        return Finding.CLIENT_REFUSED
    return Finding.UNAVAILABLE if isinstance(error, ProviderUnavailable) else Finding.REFUSED


def _revoke(connection_id: int, pair: Pair, *, now: datetime) -> Revocation:
    """Revoke with a good token if there is one to be had: a provider may not know an old one."""
    budget = Budget(revocation.PATIENCE)
    try:
        token = tokens.access_token(connection_id, now=now, budget=budget)
    except ConnectionRevoked:
        return Revocation.NOT_NEEDED
    except ProviderError:
        token = pair.access_token
    revoked = revocation.revoke(pair.provider, token, budget=budget)
    return Revocation.REVOKED if revoked else Revocation.NOT_REVOKED


def _needing_attention(host: User) -> Iterator[Attention]:
    for provider in providers.NAMES:
        connection = live(host.id, provider)
        if connection is not None and connection.is_active:
            continue
        used = [s for s in usage.schedules_using(host, provider) if s.active]
        if connection is not None:
            yield Attention(provider, connection, connection.problem, used)
        elif used:
            yield Attention(provider, None, _last_problem(host.id, provider), used)


def _last_problem(host_id: int, provider: str) -> Problem | None:
    return db.session.scalar(
        sa.select(Connection.problem)
        .where(Connection.host_id == host_id, Connection.provider == provider)
        .order_by(Connection.id.desc())
        .limit(1)
    )
