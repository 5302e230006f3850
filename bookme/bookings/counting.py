"""Which bookings count for the limits of a schedule and its host, and for the cap of one booker.

Each is a part of the one query in :mod:`bookme.bookings.busy`: rows of what it is, from and to.
"""

from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

import sqlalchemy as sa

from bookme.bookings.minute_columns import MinuteAfter, MinuteOf
from bookme.models import HOLDING, Attendee, Booking, Role
from bookme.prepared import among

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
    """Rows that tell one thing, from one instant to another, in minutes."""
    return sa.select(_kind(what), MinuteOf(begin), MinuteAfter(end))


def _kind(what: What) -> Any:
    return sa.literal_column(str(int(what)), sa.Integer).label("what")


def counted(*, of_host: bool) -> sa.Select[Any]:
    """The bookings that count for limits of a range, which :func:`around` tells: of all the host's
    schedules, or of one.
    """
    of_schedule = Booking.schedule_id == sa.bindparam("schedule_id")
    at = Booking.starts_at.type
    first, stop = sa.bindparam("week_before", type_=at), sa.bindparam("week_after", type_=at)
    within = Booking.starts_at >= first, Booking.starts_at < stop
    what = sa.case((of_schedule, _kind(What.BOOKED)), else_=_kind(What.BOOKED_ELSEWHERE))
    query = sa.select(what, MinuteOf(Booking.starts_at), MinuteAfter(Booking.ends_at))
    whose = Booking.host_id == sa.bindparam("host_id") if of_host else of_schedule
    return query.where(whose, *within, among(Booking.status, HOLDING))


def around(begin: datetime, end: datetime) -> dict[str, datetime]:
    """Where the bookings that count for limits of a range may start."""
    return {"week_before": begin - _WEEK, "week_after": end + _WEEK}


def held() -> sa.Select[Any]:
    """The appointments still to come of one e-mail address."""
    query = row(What.HELD, Booking.starts_at, Booking.ends_at).join(Booking.attendees)
    return query.where(
        Attendee.email == sa.bindparam("email"),
        Attendee.role == Role.BOOKER,
        Booking.schedule_id == sa.bindparam("schedule_id"),
        Booking.starts_at > sa.bindparam("now"),
        among(Booking.status, HOLDING),
    )
