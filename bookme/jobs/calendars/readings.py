"""What came of reading a calendar's busy times.

A reading that failed leaves the rows of the one before, so that nothing becomes free by silence.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from bookme import waits
from bookme.connections.calendars import letters, unclear
from bookme.connections.grants import disconnecting
from bookme.errors import ProviderError
from bookme.extensions import db
from bookme.jobs.calendars import difference, lease
from bookme.jobs.calendars.lease import Reading
from bookme.jobs.calendars.trouble import trouble
from bookme.jobs.claim import LeaseLost
from bookme.models import Calendar, Connection
from bookme.providers.calendar import Found


def store(reading: Reading, found: Found, *, now: datetime) -> bool:
    """Put what was found in the place of what was known, and all is well again. Commits.

    Entries that were not understood are noted for the host, and the next reading corrects that.

    :return: whether it counted: the calendar was not taken over or unchecked meanwhile.
    """
    busy = {(one.starts_at, one.ends_at, one.entry_id) for one in found.busy}
    try:
        with lease.held(reading) as calendar:
            difference.replace(reading.calendar_id, busy)
            unclear.note(calendar, found.unclear, now=now)
            calendar.read_at, calendar.read_until = reading.begun_at, reading.end
            calendar.failing_since = calendar.trouble = None
            calendar.told_failing_at = calendar.told_closed_at = None
            calendar.attempts = 0
            calendar.read_after = now + _pace(calendar, now)
            calendar.end_lease()
    except LeaseLost:
        return False
    return True


def _pace(calendar: Calendar, now: datetime) -> timedelta:
    lately = calendar.visited_at is not None and calendar.visited_at > now - waits.VISITED_FOR
    return waits.READ_OFTEN if lately else waits.READ_EVERY


def failed(reading: Reading, error: ProviderError, *, now: datetime) -> None:
    """Note that it could not be read and when to try again, and owe the host word of it. Commits.

    While the first failure is less than an hour old, the next try is not later than that hour's
    end: then the host is told that no times are offered any more.
    """
    connection = disconnecting.locked(reading.connection_id)  # as others do, before its calendars
    if connection is None:
        db.session.rollback()
        return
    with suppress(LeaseLost), lease.held(reading) as calendar:
        calendar.attempts += 1
        # An instant to come is of a clock that was wrong, and would keep the host's page open.
        calendar.failing_since = min(calendar.failing_since or _since(connection, now), now)
        calendar.trouble = trouble(error)
        letters.owe(calendar, connection, now=now)
        calendar.read_after = _again(calendar.attempts, calendar.failing_since, error, now)
        calendar.end_lease()


def _again(attempts: int, failing_since: datetime, error: ProviderError, now: datetime) -> datetime:
    again = now + min(waits.backoff(attempts), waits.READ_EVERY)
    closes_at = failing_since + waits.CLOSED_AFTER
    if now < closes_at < again:
        again = closes_at
    if error.retry_at is not None:
        again = max(again, min(error.retry_at, now + waits.READ_EVERY))
    return again


def _since(connection: Connection, now: datetime) -> datetime:
    """A connection that ended before the reading is what made it fail."""
    if connection.needs_reconnect and connection.problem_at is not None:
        return min(connection.problem_at, now)
    return now
