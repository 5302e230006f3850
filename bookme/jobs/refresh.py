"""Keeping grants alive, and hearing of dead ones before a booker does."""

import logging
from datetime import datetime

import sqlalchemy as sa

from bookme import moments, queue, waits
from bookme.clock import utcnow
from bookme.connections import providers, usage
from bookme.connections import service as connections
from bookme.connections.grants import identity, noted, tokens
from bookme.errors import ProviderError
from bookme.extensions import db
from bookme.jobs import claim
from bookme.models import Connection, ConnectionStatus, Schedule, User

log = logging.getLogger(__name__)


def check_connection(connection_id: int) -> None:
    """Ask the provider whose grant it is, and which calendars there are. A dead one is marked, and
    its host told.
    """
    try:
        account = tokens.using(connection_id, identity.ask, about_user=True)
        noted.note_account(connection_id, account, now=utcnow())
        to_read = connections.list_calendars(connection_id, now=utcnow())
    except ProviderError as error:
        log.info("checked a connection: %s", error)
        return
    for calendar_id in to_read:
        queue.hint(queue.Job.READ_BUSY, calendar_id)


def refresh_idle(connection_id: int) -> None:
    """Renew the pair of a grant that nobody has used for long, so that it does not expire."""
    now = utcnow()
    generation = db.session.scalar(
        sa.select(Connection.generation).where(
            Connection.id == connection_id,
            Connection.status == ConnectionStatus.ACTIVE,
            _is_idle(now),
        )
    )
    db.session.commit()
    if generation is None:
        return
    try:
        tokens.renew(connection_id, generation=generation, now=now)
    except ProviderError as error:
        log.info("renewed an idle grant: %s", error)


def due_checks(now: datetime, limit: int) -> list[int]:
    """Connections that active schedules rely on, for meetings or for what the calendars say, and
    that were not checked for a day, marked as queued. Commits.
    """
    relied_on = (
        sa.select(Schedule.id)
        .join(User, User.id == Schedule.host_id)
        .where(
            Schedule.host_id == Connection.host_id,
            Schedule.active,
            Schedule.deleted_at.is_(None),
            sa.or_(
                Connection.provider.in_(providers.WITH_CALENDARS),
                usage.by_provider(Connection.provider, User.default_video_provider),
            ),
        )
        .correlate(Connection)
    )
    unchecked = moments.is_old(Connection.checked_at, now, waits.CHECK_EVERY)
    return _queued(now, limit, unchecked, relied_on.exists())


def due_refreshes(now: datetime, limit: int) -> list[int]:
    """Connections whose pair is so old that it should be renewed, marked as queued. Commits."""
    return _queued(now, limit, _is_idle(now))


def _is_idle(now: datetime) -> sa.ColumnElement[bool]:
    known = Connection.refreshed_at.is_not(None)
    return sa.and_(known, moments.is_old(Connection.refreshed_at, now, waits.IDLE_GRANT))


def _queued(now: datetime, limit: int, *conditions: sa.ColumnElement[bool]) -> list[int]:
    found = (
        sa.select(Connection.id)
        .where(Connection.status == ConnectionStatus.ACTIVE, *conditions)
        .order_by(Connection.id)
    )
    # A check that failed leaves nothing else behind, so its mark is the time between two tries.
    return claim.due(Connection, found, now=now, limit=limit, again_after=waits.LAST_RETRY)
