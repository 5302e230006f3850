"""Reading what takes a host's time from the calendars that are checked for conflicts."""

import logging
from datetime import datetime

import sqlalchemy as sa

from bookme import moments, queue, waits
from bookme.clock import utcnow
from bookme.connections.grants import tokens
from bookme.errors import ProviderError
from bookme.extensions import db
from bookme.jobs import claim
from bookme.jobs.calendars import hand_changes, lease, readings
from bookme.jobs.calendars.lease import Reading
from bookme.models import Calendar, Connection, ConnectionStatus
from bookme.providers.calendar import CalendarProvider, Found

log = logging.getLogger(__name__)


def read_busy(calendar_id: int) -> None:
    """Read the busy times of one calendar, from a day ago to the furthest horizon of its host's
    schedules, and put them in the place of those that were known.

    May run any number of times and may be killed anywhere; no transaction is open during calls.
    The calendars of a connection are read one after another: each reading hints the next.
    """
    reading = lease.take(calendar_id, now=utcnow())
    if reading is None:
        return
    _read(reading)
    following = lease.next_of(reading.connection_id, now=utcnow())
    if following is not None:
        queue.hint(queue.Job.READ_BUSY, following)


def _read(reading: Reading) -> None:
    def ask(calendar: CalendarProvider) -> Found:
        return calendar.busy(reading.external_id, reading.begin, reading.end)

    try:
        found = tokens.using(reading.connection_id, ask)
    except ProviderError as error:
        log.warning("reading calendar %d: %s", reading.calendar_id, error)
        readings.failed(reading, error, now=utcnow())
        return
    if found.unclear:
        log.warning(
            "reading calendar %d: %d entries not understood",
            reading.calendar_id,
            len(found.unclear),
        )
    if readings.store(reading, found, now=utcnow()):
        hand_changes.note_changes(reading, found, now=utcnow())


def hurry(host_id: int) -> None:
    """Somebody visits a page of the host: read the calendars now and, for a while, more often.

    One that cannot be read is left to its own pace.
    """
    now = utcnow()
    works = Calendar.failing_since.is_(None)
    found = db.session.scalars(
        sa.update(Calendar)
        .where(Calendar.host_id == host_id, Calendar.is_checked, not_visited(now))
        .values(
            visited_at=now,
            read_after=sa.case((works, now), else_=Calendar.read_after),
            queued_at=sa.case((works, now), else_=Calendar.queued_at),
        )
        .returning(Calendar.id)
        .execution_options(synchronize_session=False)
    ).all()
    db.session.commit()
    for calendar_id in sorted(found):
        queue.hint(queue.Job.READ_BUSY, calendar_id)


def not_visited(now: datetime) -> sa.ColumnElement[bool]:
    """The condition that no visit was noted for a while."""
    return moments.is_old(Calendar.visited_at, now, waits.HURRY_EVERY)


def due_readings(now: datetime, limit: int) -> list[int]:
    """Calendars to be read, marked as queued, the longest waiting first. Commits.

    Those of a connection that needs its host are among them: nothing is called for them, but the
    host has to be told in time that no times are offered any more.
    """
    waiting = (
        sa.select(Calendar.id)
        .join(Connection, Connection.id == Calendar.connection_id)
        .where(Calendar.is_checked, claim.is_due(Calendar, Calendar.read_after, now))
        .where(Connection.status != ConnectionStatus.INACTIVE)
        .order_by(Calendar.read_after)
    )
    return claim.due(Calendar, waiting, now=now, limit=limit)
