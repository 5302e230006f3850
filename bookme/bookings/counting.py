"""Which bookings count for the limits of a schedule and its host, and for the cap of one booker.

Each is a part of the one query in :mod:`bookme.bookings.busy`: rows of what it is, from and to.
"""

from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

import sqlalchemy as sa

from bookme.availability import Rules
from bookme.models import HOLDING, Attendee, Booking, Role, Schedule

#: The limits' weeks begin on Monday in some zone, so up to a day earlier or later than in UTC.
_WEEK = timedelta(days=8)


class What(IntEnum):
    """What a row of that query tells."""

    TAKEN = 0  # the host's time, from and to
    BLIND = 1  # a calendar that stands in the way of all
    BOOKED = 2  # a booking of the schedule
    BOOKED_ELSEWHERE = 3  # a booking of the host's other schedules
    HELD = 4  # an appointment that the booker still has


def row(what: What, begin: Any, end: Any) -> sa.Select[Any]:
    """Rows that tell one thing."""
    return sa.select(sa.literal_column(str(int(what)), sa.Integer).label("what"), begin, end)


def counted(
    schedule: Schedule, rules: Rules, begin: datetime, end: datetime
) -> list[sa.Select[Any]]:
    """The bookings that count for limits of the range; nothing where there are no limits."""
    if not rules.limit and not rules.host_limit:
        return []
    of_schedule = Booking.schedule_id == schedule.id
    within = Booking.starts_at >= begin - _WEEK, Booking.starts_at < end + _WEEK
    what = sa.case((of_schedule, int(What.BOOKED)), else_=int(What.BOOKED_ELSEWHERE))
    query = sa.select(what, Booking.starts_at, Booking.ends_at)
    whose = Booking.host_id == schedule.host_id if rules.host_limit else of_schedule
    return [query.where(whose, *within, Booking.status.in_(HOLDING))]


def held(schedule: Schedule, rules: Rules, email: str, now: datetime) -> list[sa.Select[Any]]:
    """The appointments still to come of one e-mail address; nothing where there is no cap."""
    if rules.max_per_booker is None or not email:
        return []
    query = row(What.HELD, Booking.starts_at, Booking.ends_at).join(Booking.attendees)
    return [
        query.where(
            Attendee.email == email.lower(),
            Attendee.role == Role.BOOKER,
            Booking.schedule_id == schedule.id,
            Booking.starts_at > now,
            Booking.status.in_(HOLDING),
        )
    ]
