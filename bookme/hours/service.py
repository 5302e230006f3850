"""The verbs of sets of opening hours, and of the limits over all of a host's schedules.

A schedule that uses a set has a copy of it. Whoever writes a copy holds the set's row, and whoever
changes a set changes the copies in the same transaction: so none is left behind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask_babel import gettext as _

from bookme.availability import longest_stretch
from bookme.errors import BookMeError
from bookme.extensions import db
from bookme.models import OpeningHours, Schedule, User

#: How many sets a host may have.
MOST = 50
#: How many schedules are named beside a set.
_NAMED = 8


class TooManySets(BookMeError):
    """The host has as many sets as there may be."""


class LastSet(BookMeError):
    """A host keeps one set, with which new schedules begin."""


class TooShort(BookMeError):
    """An appointment of a schedule that uses the hours is longer than they are.

    :param schedule: the one that takes longest.
    """

    def __init__(self, schedule: Schedule) -> None:
        super().__init__(schedule.id)
        self.schedule = schedule


@dataclass(frozen=True, slots=True)
class Use:
    """Which schedules use a set: the titles of some, and how many others."""

    titles: list[str]
    others: int


def of_host(host: User) -> list[OpeningHours]:
    """The host's sets, the oldest first: new schedules begin with that one."""
    query = sa.select(OpeningHours).where(OpeningHours.host_id == host.id)
    return list(db.session.scalars(query.order_by(OpeningHours.id)))


def find(host: User, set_id: int) -> OpeningHours | None:
    """One set of this host."""
    query = sa.select(OpeningHours).where(
        OpeningHours.host_id == host.id, OpeningHours.id == set_id
    )
    return db.session.scalar(query)


def uses(host: User) -> dict[int, Use]:
    """Which living schedules use which set, by its id; in one query."""
    of_set, order = Schedule.opening_hours_id, (Schedule.title, Schedule.id)
    ranked = (
        sa.select(
            Schedule.opening_hours_id.label("set_id"),
            Schedule.title,
            sa.func.row_number().over(partition_by=of_set, order_by=order).label("place"),
            sa.func.count().over(partition_by=of_set).label("all"),
        )
        .where(
            Schedule.host_id == host.id,
            Schedule.deleted_at.is_(None),
            Schedule.opening_hours_id.is_not(None),
        )
        .subquery()
    )
    query = sa.select(ranked).where(ranked.c.place <= _NAMED).order_by(ranked.c.place)
    found: dict[int, Use] = {}
    for row in db.session.execute(query):
        use = found.setdefault(row.set_id, Use([], max(0, row.all - _NAMED)))
        use.titles.append(row.title)
    return found


def create(host: User, values: Mapping[str, Any], *, now: datetime) -> OpeningHours:
    """Add a set.

    :raises TooManySets: if there are too many.
    """
    if len(of_host(host)) >= MOST:
        raise TooManySets(f"{MOST} sets")
    made = OpeningHours(host=host, created_at=now, **values)
    db.session.add(made)
    db.session.flush()
    return made


def change(hours: OpeningHours, values: Mapping[str, Any], *, now: datetime) -> None:
    """Change a set, and with it the hours of every schedule that uses it.

    :raises TooShort: if an appointment of one of them would not fit any more.
    """
    db.session.refresh(hours, with_for_update=True)
    for name, value in values.items():
        setattr(hours, name, value)
    db.session.flush()
    using = list(db.session.scalars(_using(hours)))
    for schedule in using:
        _copy(hours, schedule)
    db.session.flush()
    living = [schedule for schedule in using if schedule.deleted_at is None]
    longest = max(living, key=lambda schedule: max(schedule.durations), default=None)
    today = now.astimezone(ZoneInfo(hours.zone)).date()
    if longest and max(longest.durations) > longest_stretch(hours.hours, today):
        raise TooShort(longest)


def duplicate(hours: OpeningHours, *, now: datetime) -> OpeningHours:
    """A copy under another name, which no schedule uses yet.

    :raises TooManySets: if there are too many.
    """
    name = _("%(title)s (copy)", title=hours.name[:50])[:60]
    same = {"zone": hours.zone, "week": hours.week, "overrides": hours.overrides}
    return create(hours.host, {"name": name, **same}, now=now)


def delete(hours: OpeningHours) -> None:
    """Delete a set. Schedules that use it keep its hours as their own.

    :raises LastSet: if the host has no other.
    """
    db.session.refresh(hours, with_for_update=True)
    if len(of_host(hours.host)) == 1:
        raise LastSet(f"set {hours.id}")
    for schedule in db.session.scalars(_using(hours)):
        _copy(hours, schedule)
        schedule.opening_hours_id = None
    db.session.flush()
    db.session.delete(hours)
    db.session.flush()


def follow(schedule: Schedule) -> bool:
    """Give a schedule the hours of the set that it uses, as they are now; none change meanwhile.

    :return: whether there is such a set of its host; otherwise it keeps what hours it has.
    """
    if schedule.opening_hours_id is None:
        return True
    query = sa.select(OpeningHours).where(
        OpeningHours.id == schedule.opening_hours_id, OpeningHours.host_id == schedule.host.id
    )
    query = query.with_for_update(read=True).execution_options(populate_existing=True)
    hours = db.session.scalar(query)
    if hours is None:
        schedule.opening_hours_id = None
        return False
    _copy(hours, schedule)
    return True


def limit(host: User, *, per_day: int | None, per_week: int | None) -> None:
    """How many bookings the host takes in a day and a week, over all schedules."""
    host.max_per_day, host.max_per_week = per_day, per_week
    db.session.flush()


def _using(hours: OpeningHours) -> sa.Select[Schedule]:
    query = sa.select(Schedule).where(Schedule.opening_hours_id == hours.id)
    return query.order_by(Schedule.id).with_for_update()


def _copy(hours: OpeningHours, schedule: Schedule) -> None:
    schedule.zone, schedule.week = hours.zone, hours.week
    schedule.overrides = hours.overrides
