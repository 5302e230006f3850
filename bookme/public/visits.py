"""Visits of a host's pages hurry the reading of the host's calendars."""

from datetime import datetime

import sqlalchemy as sa

from bookme import queue, waits
from bookme.models import Calendar, Schedule
from bookme.prepared import Prepared


def hurry_calendars(schedule: Schedule, *, now: datetime) -> None:
    """Have the calendars of a schedule's host read soon, unless that was asked for just now.

    The page itself waits for nothing and goes by what is known.
    """
    if _UNVISITED.rows(host=schedule.host_id, since=now - waits.HURRY_EVERY):
        hurry(schedule.host_id)


def _unvisited() -> sa.Select[int]:
    since = sa.bindparam("since", type_=Calendar.visited_at.type)
    asked = sa.or_(Calendar.visited_at.is_(None), Calendar.visited_at <= since)
    mine = Calendar.host_id == sa.bindparam("host", type_=sa.Integer)
    return sa.select(Calendar.id).where(mine, Calendar.is_checked, asked).limit(1)


_UNVISITED = Prepared(_unvisited)


def hurry(host_id: int) -> None:
    """Have a host's calendars read soon."""
    queue.hint(queue.Job.HURRY_READINGS, host_id)
