"""What is known of a calendar's busy times: who is reading them, and what came of it.

A reading that failed leaves the rows of the one before, so that nothing becomes free by silence.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from bookme import moments, waits
from bookme.connections.calendars import letters, unclear
from bookme.connections.grants import disconnecting
from bookme.errors import (
    ClientRefused,
    ConnectionRevoked,
    NotAllowed,
    NotFound,
    ProviderError,
    ProviderUnavailable,
)
from bookme.extensions import db
from bookme.jobs import claim
from bookme.jobs.claim import Claim, LeaseLost
from bookme.models import BusyTime, Calendar, Connection, Schedule, Trouble
from bookme.providers.calendar import HOST_NOT_ALLOWED, STORAGE_FULL, Found

#: What has begun lately may still be under way.
_BEFORE = timedelta(days=1)
#: The last appointment that can be booked may last a day and have a day's buffer after it; the rest
#: is for what is booked until the next reading.
_BEYOND = timedelta(days=3)
#: No schedule can be booked further ahead; without any, as far as a new one could.
_FURTHEST, _USUAL = 730, 60
#: Rows deleted by one statement.
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Reading:
    """One holder's right to read one calendar, as plain values.

    :ivar begin: this and ``end`` are what is asked for.
    """

    claim: Claim[Calendar]
    connection_id: int
    external_id: str = field(repr=False)
    begin: datetime
    end: datetime

    @property
    def calendar_id(self) -> int:
        return self.claim.row_id

    @property
    def begun_at(self) -> datetime:
        return self.claim.taken_at


def take(calendar_id: int, *, now: datetime) -> Reading | None:
    """Take the lease on a calendar that is to be read; None if it is not, or another has it, or
    another calendar of the same connection is being read: Exchange answers four calls at once.

    A hint may come before the reading is due, but not more than once in a while. A lease that
    nobody gave back was a reading that was killed: that counts as failed. Commits.
    """
    of = sa.select(Calendar.connection_id).where(Calendar.id == calendar_id)
    connection = disconnecting.locked(
        db.session.scalar(of) or 0
    )  # of two takers, one sees the other
    before = db.session.scalar(sa.select(Calendar.lease_holder).where(Calendar.id == calendar_id))
    cut_off = sa.and_(Calendar.lease_holder.is_not(None), Calendar.failing_since.is_(None))
    claimed = claim.take(
        Calendar,
        calendar_id,
        *(Calendar.is_checked, _is_due(now), ~_sibling_is_read(now)),
        now=now,
        lasts=waits.CALENDAR_LEASE,
        failing_since=sa.case((cut_off, now), else_=Calendar.failing_since),
    )
    reading = None
    if claimed is not None:
        calendar = db.session.get_one(Calendar, calendar_id, populate_existing=True)
        reading = _reading(claimed, calendar, now)
        if before is not None and connection is not None:
            _was_cut_off(calendar, connection, now=now)
    db.session.commit()
    return reading


def _reading(claimed: Claim[Calendar], calendar: Calendar, now: datetime) -> Reading:
    end = now + timedelta(days=_horizon(calendar.host_id, now)) + _BEYOND
    return Reading(
        claimed, calendar.connection_id, calendar.external_id, begin=now - _BEFORE, end=end
    )


def _was_cut_off(calendar: Calendar, connection: Connection, *, now: datetime) -> None:
    """Count a reading that was killed, and owe the host word of it: the next may be killed too."""
    calendar.attempts += 1
    calendar.read_after = now + min(waits.backoff(calendar.attempts), waits.READ_EVERY)
    letters.owe(calendar, connection, now=now)


def store(reading: Reading, found: Found, *, now: datetime) -> bool:
    """Put what was found in the place of what was known, and all is well again. Commits.

    Entries that were not understood are noted for the host, and the next reading corrects that.

    :return: whether it counted: the calendar was not taken over or unchecked meanwhile.
    """
    busy = {(one.starts_at, one.ends_at, one.entry_id) for one in found.busy}
    try:
        with _held(reading) as calendar:
            _replace(reading.calendar_id, busy)
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
    with suppress(LeaseLost), _held(reading) as calendar:
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


def next_of(connection_id: int, *, now: datetime) -> int | None:
    """The calendar of a connection that has waited longest to be read, if one is due."""
    waiting = (
        sa.select(Calendar.id)
        .where(Calendar.connection_id == connection_id, Calendar.is_checked)
        .where(claim.is_due(Calendar, Calendar.read_after, now))
        .order_by(Calendar.read_after, Calendar.id)
    )
    found = db.session.scalar(waiting.limit(1))
    db.session.commit()
    return found


def trouble(error: ProviderError) -> Trouble:
    """Why a calendar cannot be read, as it is put into words."""
    if error.code == STORAGE_FULL:
        return Trouble.STORAGE_FULL
    if error.code == HOST_NOT_ALLOWED:
        return Trouble.LED_ELSEWHERE
    kinds: Sequence[tuple[type[ProviderError], Trouble]] = (
        (ClientRefused, Trouble.CLIENT_REFUSED),
        (ConnectionRevoked, Trouble.NEEDS_RECONNECT),
        (NotFound, Trouble.CALENDAR_GONE),
        (NotAllowed, Trouble.NOT_ALLOWED),
        (ProviderUnavailable, Trouble.UNAVAILABLE),
    )
    return next((said for kind, said in kinds if isinstance(error, kind)), Trouble.REJECTED)


def _sibling_is_read(now: datetime) -> sa.ColumnElement[bool]:
    other = aliased(Calendar)
    same = other.connection_id == Calendar.connection_id, other.id != Calendar.id
    return sa.exists().where(*same, ~moments.is_free(other, now))


def _is_due(now: datetime) -> sa.ColumnElement[bool]:
    old = moments.is_old(Calendar.read_at, now, waits.HURRY_EVERY)
    hinted = sa.and_(Calendar.failing_since.is_(None), old)
    has_come = moments.has_come(Calendar.read_after, now)
    return sa.or_(Calendar.read_after.is_(None), has_come, hinted)


def _horizon(host_id: int, now: datetime) -> int:
    """How many days ahead a host's schedules can be booked."""
    ahead = sa.case((Schedule.dates_until.is_(None), Schedule.horizon_days))
    query = sa.select(sa.func.max(ahead), sa.func.max(Schedule.dates_until)).where(
        Schedule.host_id == host_id, Schedule.deleted_at.is_(None)
    )
    days, until = db.session.execute(query).one()
    # A date may end a day later than it does in UTC, and one more for what has begun of today.
    left = (until - now.date()).days + 2 if until else 0
    return min(max(days or 0, left) or _USUAL, _FURTHEST)


def _held(reading: Reading) -> AbstractContextManager[Calendar]:
    """The row, if the lease is still this holder's and the calendar still checked."""
    is_theirs = Calendar.connection_id == reading.connection_id
    return claim.held(reading.claim, Calendar.is_checked, is_theirs)


def _replace(calendar_id: int, wanted: set[tuple[datetime, datetime, str]]) -> None:
    """All rows of a calendar by others; those that stay are not written, so a reading that finds
    nothing new keeps nobody waiting.
    """
    known: set[tuple[datetime, datetime, str]] = set()
    surplus = []
    of = (BusyTime.id, BusyTime.starts_at, BusyTime.ends_at, BusyTime.entry_id)
    for row in db.session.execute(sa.select(*of).where(BusyTime.calendar_id == calendar_id)):
        row_id, key = row.id, (row.starts_at, row.ends_at, row.entry_id)
        if key in known or key not in wanted:
            surplus.append(row_id)
        known.add(key)
    for first in range(0, len(surplus), _CHUNK):
        chunk = surplus[first : first + _CHUNK]
        db.session.execute(
            sa.delete(BusyTime)
            .where(BusyTime.id.in_(chunk))
            .execution_options(synchronize_session=False)
        )
    added = [
        {"calendar_id": calendar_id, "starts_at": begins, "ends_at": ends, "entry_id": entry_id}
        for begins, ends, entry_id in sorted(wanted - known)
    ]
    if added:
        db.session.execute(sa.insert(BusyTime), added)


def _since(connection: Connection, now: datetime) -> datetime:
    """A connection that ended before the reading is what made it fail."""
    if connection.needs_reconnect and connection.problem_at is not None:
        return min(connection.problem_at, now)
    return now
