"""What needs a host: connections to be made (again), and calendars that cannot be read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bookme import waits
from bookme.connections import providers, usage
from bookme.connections.grants import identity
from bookme.extensions import db
from bookme.models import Calendar, Connection, ConnectionStatus, Problem, User
from bookme.prepared import Prepared, columns_of, fixed, held


@dataclass(frozen=True, slots=True)
class Attention:
    """A provider for which a host has to do something.

    :ivar connection: the one that is broken, or cannot make meetings; None if there is none, or
        none any more.
    :ivar problem: what is wrong with it, or was with the last one.
    :ivar schedules: those whose bookings get no meeting meanwhile.
    :ivar closes_at: when the host's schedules stop offering times, or since when they do, because
        nobody knows what is in the calendars.
    :ivar calendars: those that cannot be read although the connection works.
    """

    provider: str
    connection: Connection | None
    problem: Problem | None = None
    schedules: list[Any] = field(default_factory=list)
    closes_at: datetime | None = None
    calendars: list[Calendar] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The provider's, for people."""
        return providers.label(self.provider)

    @property
    def has_calendars(self) -> bool:
        return providers.facts(self.provider).has_calendars

    @property
    def can_consent(self) -> bool:
        """Whether a button leads to the provider's consent, which ends it."""
        is_lost = self.connection is None or self.connection.needs_reconnect
        by_consent = providers.facts(self.provider).consent is not None
        return is_lost and by_consent and providers.is_set_up(self.provider)

    @property
    def needs_reconnect(self) -> bool:
        return self.connection is not None and self.connection.needs_reconnect


@dataclass(frozen=True, slots=True)
class Standing:
    """The connections that a host has, by provider, and the calendars of them."""

    connected: dict[str, Connection]
    calendars: list[Calendar]

    @property
    def has_calendar(self) -> bool:
        """Whether an account with calendars is connected, if perhaps in need of its host."""
        return not self.connected.keys().isdisjoint(providers.WITH_CALENDARS)


def standing(host: User) -> Standing:
    """A host's connections and calendars. One query."""
    found = _STANDING.rows(host=host.id)
    connections = [held(Connection, row[:_BOTH]) for row in found]
    calendars = [held(Calendar, row[_BOTH:]) for row in found if row[_BOTH] is not None]
    return Standing({one.provider: one for one in connections}, calendars)


#: Where a calendar's columns begin, with its id.
_BOTH = len(columns_of(Connection))
_STANDING = Prepared(
    lambda: (
        sa.select(*columns_of(Connection, Calendar))
        .outerjoin_from(Connection, Calendar, Calendar.connection_id == Connection.id)
        .where(Connection.host_id == sa.bindparam("host", type_=sa.Integer))
        .where(Connection.status != fixed(ConnectionStatus.INACTIVE))
        .order_by(Connection.provider, Calendar.is_primary.desc(), Calendar.id)
    )
)


def needing_attention(
    host: User, known: Standing | None = None, schedules: Iterable[Any] | None = None
) -> list[Attention]:
    """For which providers the host should do something, for the dashboard; mostly empty.

    A connection that needs him, schedules that take bookings for a provider that is not connected
    or cannot make meetings, a calendar that cannot be read. A query for each of what isn't given,
    and one for each provider that is missing.

    :param schedules: the host's living ones, by title.
    """
    known = known or standing(host)
    used = (
        usage.active_by_connection(host)
        if schedules is None
        else usage.by_connection(host, schedules)
    )
    return list(_needing_attention(host, known, used))


def _needing_attention(
    host: User, known: Standing, used: Mapping[str, list[Any]]
) -> Iterator[Attention]:
    connected = known.connected
    checked = [row for row in known.calendars if row.is_checked]
    for provider in providers.NAMES:
        connection, schedules = connected.get(provider), used.get(provider, [])
        rows = [row for row in checked if row.connection.provider == provider]
        if connection is not None and connection.is_active:
            yield from _working(connection, schedules, rows)
        elif connection is not None:
            closes_at = _closes_at(connection.problem_at) if rows else None
            yield Attention(provider, connection, connection.problem, schedules, closes_at)
        elif schedules:
            yield Attention(provider, None, _last_problem(host.id, provider), schedules)


def _working(
    connection: Connection, schedules: list[Any], rows: list[Calendar]
) -> Iterator[Attention]:
    if schedules and not identity.can_meet(connection):
        yield Attention(connection.provider, connection, schedules=schedules)
    failing = [row for row in rows if row.failing_since is not None]
    if failing:
        closes_at = _closes_at(min(row.failing_since for row in failing if row.failing_since))
        yield Attention(connection.provider, connection, closes_at=closes_at, calendars=failing)


def _closes_at(since: datetime | None) -> datetime | None:
    return since + waits.CLOSED_AFTER if since is not None else None


def _last_problem(host_id: int, provider: str) -> Problem | None:
    return db.session.scalar(
        sa.select(Connection.problem)
        .where(Connection.host_id == host_id, Connection.provider == provider)
        .order_by(Connection.id.desc())
        .limit(1)
    )
