"""A host's connections: which there are, how they are, and how they end.

Testing and disconnecting are conversations with the provider while the host waits, so they commit
by themselves, and take five seconds at most. Connecting is in
:mod:`bookme.connections.connecting.consent`.
"""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from bookme.connections import providers, waiting
from bookme.connections.attention import Attention, Standing, needing_attention, standing
from bookme.connections.calendars import changes, listed, rows
from bookme.connections.calendars.rows import writable
from bookme.connections.ending import Revocation, disconnect
from bookme.connections.findings import Finding, finding
from bookme.connections.grants import disconnecting, tokens
from bookme.connections.grants.budget import Budget
from bookme.connections.grants.disconnecting import mark_dead
from bookme.connections.waiting import make_due
from bookme.errors import BookMeError, ProviderError
from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus, User

__all__ = [
    "Attention",
    "Finding",
    "NoSuchCalendar",
    "Revocation",
    "Standing",
    "choose_calendars",
    "disconnect",
    "list_calendars",
    "live",
    "look_again",
    "make_due",
    "mark_dead",
    "needing_attention",
    "standing",
    "take_bookings",
    "test_connection",
    "writable",
]

#: Seconds that a host waits for a test.
_TEST_PATIENCE = 4.5


class NoSuchCalendar(BookMeError):
    """A host has no such calendar, or may not write to it."""


def live(host_id: int, provider: str) -> Connection | None:
    """The host's connection to a provider, if there is one: active, or in need of its host."""
    return db.session.scalar(
        sa.select(Connection).where(
            Connection.host_id == host_id,
            Connection.provider == provider,
            Connection.status != ConnectionStatus.INACTIVE,
        )
    )


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
    found = tokens.using(connection_id, lambda of: of.calendars(), clock=lambda: now, budget=budget)
    connection = disconnecting.locked(connection_id)  # a disconnect in between must not be undone
    to_read: list[int] = []
    if connection is not None and connection.is_active:
        to_read = listed.store(connection, found, now=now)
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
        return finding(error), []
    return Finding.WORKS, rows.checked(connection_id)


def choose_calendars(connection: Connection, ids: Iterable[int], *, now: datetime) -> list[int]:
    """Check exactly these of a connection's calendars for conflicts. Leaves the commit to the
    caller.

    :return: those whose busy times are to be read at once.
    """
    locked = disconnecting.locked(connection.id)
    if locked is None or locked.status is ConnectionStatus.INACTIVE:
        return []
    return changes.check(locked, ids, now=now)


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
    changes.take_bookings(host.id, calendar_id)
    return waiting.make_entries_due(host.id, now=now) if calendar_id is not None else []


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
        return finding(error)
    return Finding.WORKS
