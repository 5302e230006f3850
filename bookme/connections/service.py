"""A host's connections: which there are, how they are, and how they end.

Testing and disconnecting are conversations with the provider while the host waits, so they commit
by themselves, and take five seconds at most. Connecting is in
:mod:`bookme.connections.connecting.consent`.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa

from bookme import wal
from bookme.connections import providers, usage
from bookme.connections.attention import Attention, needing_attention
from bookme.connections.calendars import rows
from bookme.connections.calendars.rows import writable
from bookme.connections.connecting import attempts
from bookme.connections.grants import disconnecting, revocation, tokens
from bookme.connections.grants.budget import Budget
from bookme.connections.grants.disconnecting import mark_dead
from bookme.connections.grants.revocation import Pair
from bookme.connections.usage import make_due
from bookme.errors import (
    BookMeError,
    ClientRefused,
    ConnectionRevoked,
    ProviderError,
    ProviderUnavailable,
)
from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus, User
from bookme.providers.calendar import HOST_NOT_ALLOWED

__all__ = [
    "Attention",
    "Finding",
    "NoSuchCalendar",
    "Revocation",
    "choose_calendars",
    "disconnect",
    "has_calendar",
    "list_calendars",
    "live",
    "look_again",
    "make_due",
    "mark_dead",
    "needing_attention",
    "take_bookings",
    "test_connection",
    "writable",
]

#: Seconds that a host waits for a test.
_TEST_PATIENCE = 4.5


class NoSuchCalendar(BookMeError):
    """A host has no such calendar, or may not write to it."""


class Revocation(StrEnum):
    """What became of the grant at the provider when a connection was disconnected."""

    REVOKED = "revoked"
    NOT_REVOKED = "not_revoked"  # the provider did not answer, or said no
    NOT_POSSIBLE = "not_possible"  # the provider lets only the host himself end it
    NOT_NEEDED = "not_needed"  # it was dead already, or a newer connection works with it


class Finding(StrEnum):
    """What a test of a connection found."""

    WORKS = "works"
    DEAD = "dead"  # and so it is marked now
    UNAVAILABLE = "unavailable"  # the provider does not answer
    CLIENT_REFUSED = "client_refused"  # the operator has to mend it
    REFUSED = "refused"  # the provider says no to this account
    LED_ELSEWHERE = "led_elsewhere"  # to a host that this server does not trust
    ASKS_TO_WAIT = "asks_to_wait"  # and is not called until then


def has_calendar(host: User) -> bool:
    """Whether an account with calendars is connected, if perhaps in need of its host."""
    return not usage.connected(host.id).keys().isdisjoint(providers.WITH_CALENDARS)


def live(host_id: int, provider: str) -> Connection | None:
    """The host's connection to a provider, if there is one: active, or in need of its host."""
    return db.session.scalar(
        sa.select(Connection).where(
            Connection.host_id == host_id,
            Connection.provider == provider,
            Connection.status != ConnectionStatus.INACTIVE,
        )
    )


def disconnect(connection: Connection, *, now: datetime) -> Revocation:
    """Revoke a connection's grant, then delete all that identifies or opens the account, whatever
    the provider said. Takes three seconds for the provider at most. Meetings and bookings stay.

    Commits.
    """
    shared = revocation.is_shared(connection, since=connection.connected_at, but=connection.id)
    host_id, provider, pair = connection.host_id, connection.provider, tokens.pair_of(connection)
    connection_id, outcome = connection.id, Revocation.NOT_NEEDED
    if connection.is_active and not revocation.is_possible(provider):
        outcome = Revocation.NOT_POSSIBLE
    elif connection.is_active and pair is not None and not shared:
        outcome = _revoke(connection_id, pair, now=now)
    ended = disconnecting.locked(connection_id)
    if ended is not None and ended.status is not ConnectionStatus.INACTIVE:
        disconnecting.clear(ended, None, now=now)
    attempts.drop(host_id, provider)
    db.session.commit()
    wal.truncate()
    return outcome


def list_calendars(connection_id: int, *, now: datetime, budget: Budget | None = None) -> list[int]:
    """Read the list of a connection's calendars again, if it has any, and store it. Commits.

    :param budget: limits the time of it for whoever waits.
    :return: the calendars whose busy times are to be read at once.
    :raises ProviderError: as :func:`bookme.connections.grants.tokens.using`.
    """
    provider = db.session.scalar(
        sa.select(Connection.provider).where(Connection.id == connection_id)
    )
    db.session.commit()
    if provider is None or not providers.facts(provider).has_calendars:
        return []
    listed = tokens.using(
        connection_id, lambda of: of.calendars(), clock=lambda: now, budget=budget
    )
    connection = disconnecting.locked(connection_id)  # a disconnect in between must not be undone
    to_read: list[int] = []
    if connection is not None and connection.is_active:
        to_read = rows.store(connection, listed, now=now)
    db.session.commit()
    return to_read


def look_again(connection: Connection, *, now: datetime) -> tuple[Finding, list[int]]:
    """As :func:`list_calendars` for a host who waits; five seconds at most. Commits.

    :return: what came of it, and the calendars to be read at once, all that are checked.
    """
    connection_id, budget = connection.id, Budget(_TEST_PATIENCE)
    try:
        list_calendars(connection_id, now=now, budget=budget)
    except ProviderError as error:
        return _finding(error), []
    return Finding.WORKS, rows.checked(connection_id)


def choose_calendars(connection: Connection, ids: Iterable[int], *, now: datetime) -> list[int]:
    """Check exactly these of a connection's calendars for conflicts. Leaves the commit to the
    caller.

    :return: those whose busy times are to be read at once.
    """
    locked = disconnecting.locked(connection.id)
    if locked is None or locked.status is ConnectionStatus.INACTIVE:
        return []
    return rows.check(locked, ids, now=now)


def take_bookings(host: User, calendar_id: int | None, *, now: datetime) -> list[int]:
    """Add the host's bookings to this calendar from now on, or to none; those to come that are in
    no calendar are made due. Leaves the commit to the caller.

    :return: bookings to be hurried.
    :raises NoSuchCalendar: if the host has no such calendar, or may not write to it.
    """
    db.session.get(User, host.id, populate_existing=True, with_for_update={"key_share": True})
    writable = {row.id for row in rows.of_host(host.id) if row.may_write}
    if calendar_id is not None and calendar_id not in writable:
        raise NoSuchCalendar(str(calendar_id))
    rows.take_bookings(host.id, calendar_id)
    return usage.make_entries_due(host.id, now=now) if calendar_id is not None else []


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
    if error.code == HOST_NOT_ALLOWED:
        return Finding.LED_ELSEWHERE
    if isinstance(error, ConnectionRevoked):
        return Finding.DEAD
    if isinstance(error, ClientRefused):
        return Finding.CLIENT_REFUSED
    if isinstance(error, ProviderUnavailable) and error.retry_at is not None:
        return Finding.ASKS_TO_WAIT
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
