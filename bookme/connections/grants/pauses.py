"""Waits that a provider asks for: they hold for all that is asked of an account."""

from datetime import datetime

import sqlalchemy as sa

from bookme import database, moments
from bookme.connections import providers
from bookme.errors import ProviderUnavailable
from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus


def asks_to_wait(error: ProviderUnavailable, now: datetime) -> bool:
    if error.retry_at is None or error.retry_at <= now:
        return False
    return providers.facts(error.provider).waits_as_one


def keep_still(connection_id: int, *, now: datetime) -> None:
    """:raises ProviderUnavailable: if the provider has asked for no calls as yet."""
    found = waits_until(connection_id, now, now=now)
    if found is not None:
        provider, calls_after = found
        raise ProviderUnavailable(provider, "has asked to wait", retry_at=calls_after)


def waits_until(
    connection_id: int, moment: datetime, *, now: datetime
) -> tuple[str, datetime | None] | None:
    """A living connection's provider and wait, if that lasts beyond a moment."""
    wait = sa.select(Connection.provider, Connection.calls_after).where(
        Connection.id == connection_id,
        Connection.status == ConnectionStatus.ACTIVE,
        Connection.calls_after > moment,
        sa.not_(moments.has_come(Connection.calls_after, now)),
    )
    with database.reading():
        found = db.session.execute(wait).one_or_none()
        db.session.commit()
    return (found.provider, found.calls_after) if found is not None else None
