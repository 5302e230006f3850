"""Hosts with calendars, as connecting and choosing leave them."""

from datetime import datetime, timedelta
from typing import Any

from bookme.connections.grants import seals
from bookme.extensions import db
from bookme.models import (
    BusyTime,
    Calendar,
    Connection,
    ConnectionStatus,
    User,
)
from bookme.providers.http.grant import Grant
from tests import factories
from tests.conftest import NOW

GRANT = Grant("access", "refresh", 90 * 86400, frozenset())
MINUTE = timedelta(minutes=1)


def connected(host: User, provider: str = "google", **columns: Any) -> Connection:
    """Connect a host to a provider of calendars, an hour before NOW, with a token good for long."""
    seal_id = f"seal.{provider}.{host.id}{columns.pop('again', '')}"
    defaults = {
        "host_id": host.id,
        "provider": provider,
        "status": ConnectionStatus.ACTIVE,
        "seal_id": seal_id,
        "connected_at": NOW - timedelta(hours=1),
        "refreshed_at": NOW - timedelta(hours=1),
        "checked_at": NOW,
        "generation": 1,
    }
    made = Connection(**(defaults | seals.pair(seal_id, GRANT, now=NOW) | columns))
    db.session.add(made)
    db.session.commit()
    return made


def calendar(connection: Connection, **columns: Any) -> Calendar:
    """The main calendar of a connection, ``primary``: checked, due, taking bookings."""
    defaults = {
        "host_id": connection.host_id,
        "connection_id": connection.id,
        "external_id": "primary",
        "name": "Mara",
        "is_primary": True,
        "may_write": True,
        "is_checked": True,
        "takes_bookings": True,
        "read_after": NOW,
    }
    made = Calendar(**defaults | columns)
    db.session.add(made)
    db.session.commit()
    return made


def busy(of: Calendar, starts_at: datetime, minutes: int = 30, entry_id: str = "e1") -> BusyTime:
    """A calendar says that the host has something on."""
    ends_at = starts_at + minutes * MINUTE
    made = BusyTime(calendar_id=of.id, starts_at=starts_at, ends_at=ends_at, entry_id=entry_id)
    db.session.add(made)
    db.session.commit()
    return made


def host_with_calendar(**columns: Any) -> Calendar:
    """Mara with her Google Calendar."""
    return calendar(connected(factories.host()), **columns)
