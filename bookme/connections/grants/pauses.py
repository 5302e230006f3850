"""Waits that a provider asks for: they hold for all that is asked of an account."""

from datetime import datetime

import sqlalchemy as sa

from bookme import database, moments
from bookme.connections import providers
from bookme.errors import ProviderUnavailable
from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus, User


def asks_to_wait(error: ProviderUnavailable, now: datetime) -> bool:
    if error.retry_at is None or error.retry_at <= now:
        return False
    return providers.facts(error.provider).waits_as_one


def keep_still(connection_id: int, *, now: datetime) -> str:
    """The host's own zone, for whole days in a calendar that names none.

    :raises ProviderUnavailable: if the provider has asked for no calls as yet.
    """
    whose = sa.select(User.zone, Connection.provider, Connection.calls_after)
    whose = whose.join(Connection, Connection.host_id == User.id)
    waits = sa.and_(*_lasts_beyond(now, now)).label("waits")
    with database.reading():
        found = db.session.execute(
            whose.add_columns(waits).where(Connection.id == connection_id)
        ).one_or_none()
        db.session.commit()
    if found is None:
        return "UTC"
    if found.waits:
        raise ProviderUnavailable(found.provider, "has asked to wait", retry_at=found.calls_after)
    return str(found.zone)


def waits_until(
    connection_id: int, moment: datetime, *, now: datetime
) -> tuple[str, datetime | None] | None:
    """A living connection's provider and wait, if that lasts beyond a moment."""
    wait = sa.select(Connection.provider, Connection.calls_after).where(
        Connection.id == connection_id, *_lasts_beyond(moment, now)
    )
    with database.reading():
        found = db.session.execute(wait).one_or_none()
        db.session.commit()
    return (found.provider, found.calls_after) if found is not None else None


def _lasts_beyond(moment: datetime, now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Connection.status == ConnectionStatus.ACTIVE,
        Connection.calls_after > moment,
        sa.not_(moments.has_come(Connection.calls_after, now)),
    )
