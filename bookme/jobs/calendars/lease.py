"""The right to read one calendar, which one reader has at a time."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from bookme import moments, waits
from bookme.connections.calendars import letters
from bookme.connections.grants import disconnecting
from bookme.extensions import db
from bookme.jobs import claim
from bookme.jobs.claim import Claim
from bookme.models import Calendar, Connection, Schedule

#: What has begun lately may still be under way.
_BEFORE = timedelta(days=1)
#: The last appointment that can be booked may last a day and have a day's buffer after it; the rest
#: is for what is booked until the next reading.
_BEYOND = timedelta(days=3)
#: No schedule can be booked further ahead; without any, as far as a new one could.
_FURTHEST, _USUAL = 730, 60


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


def held(reading: Reading) -> AbstractContextManager[Calendar]:
    """The row, if the lease is still this holder's and the calendar still checked."""
    is_theirs = Calendar.connection_id == reading.connection_id
    return claim.held(reading.claim, Calendar.is_checked, is_theirs)
