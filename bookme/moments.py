"""When the time of a row has come: the one rule for every column that makes work wait.

A clock may jump ahead and back, and what was written meanwhile bears times that no wait of ours
reaches. So a time counts only as far ahead as its column is ever set: what is further ahead is due
now, and a lease or mark from there is none. To look at something too early costs a look.

Two processes never mean the same instant by "now": one has waited for a lock since it read its
clock, or its machine's clock is behind. So a little further ahead (``waits.CLOCKS_DIFFER``) still
counts; without it, a lease taken a moment later than the onlooker's "now" would look like none.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bookme import waits

#: How far ahead each column is ever set.
LONGEST: Mapping[str, timedelta] = {
    "booking.due_at": waits.LAST_RETRY,
    "booking.lease_until": waits.BOOKING_LEASE,
    "calendar.lease_until": waits.CALENDAR_LEASE,
    "calendar.read_after": waits.READ_EVERY,
    "calendar_entry.link_after": waits.LAST_RETRY,
    "calendar_entry.next_attempt_at": waits.LAST_RETRY,
    "connection.blocked_until": waits.LONGEST_LIMIT,
    "connection.calls_after": waits.LONGEST_LIMIT,
    "connection.lease_until": waits.REFRESH_LEASE,
    "deauthorization.lease_until": waits.BOOKING_LEASE,
    "deauthorization.next_attempt_at": waits.CONFIRM_AGAIN,
    "email.lease_until": waits.EMAIL_LEASE,
    "email.next_attempt_at": waits.LAST_RETRY,
    "email.not_before": waits.LONGEST_HOLD,
    "meeting.look_again_at": waits.LAST_RETRY,
    "meeting.next_attempt_at": waits.LAST_RETRY,
}


def has_come(column: Any, now: datetime) -> sa.ColumnElement[bool]:
    """The condition that the time in a column has come, or is one that nobody ever meant."""
    return sa.or_(column <= now, is_absurd(column, now))


def is_free(model: Any, now: datetime) -> sa.ColumnElement[bool]:
    """The condition that nobody holds the lease on a row."""
    return sa.or_(model.lease_until.is_(None), has_come(model.lease_until, now))


def is_old(column: Any, now: datetime, age: timedelta) -> sa.ColumnElement[bool]:
    """The condition that something was never done, or so long ago; or in a future that was none."""
    return sa.or_(column.is_(None), column <= now - age, column > now + age)


def meant(column: Any, at: datetime | None, now: datetime) -> datetime | None:
    """A column's value, of a row in hand: the time as it is, or now if it is too far ahead."""
    return None if at is None else within(at, now, _longest(column) + waits.CLOCKS_DIFFER)


def within(at: datetime, now: datetime, longest: timedelta) -> datetime:
    """A time that may be so far ahead and no further; now, if it is."""
    return now if at > now + longest else at


def is_absurd(column: Any, now: datetime) -> sa.ColumnElement[bool]:
    """The condition that a time is further ahead than its column is ever set, by a clock that is
    clearly wrong: not by the difference between two machines.
    """
    return column > now + _longest(column) + waits.CLOCKS_DIFFER


def _longest(column: Any) -> timedelta:
    (of,) = column.property.columns
    return LONGEST[f"{of.table.name}.{of.name}"]
