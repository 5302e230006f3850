"""Visits of a host's pages hurry the reading of the host's calendars."""

from datetime import datetime

import sqlalchemy as sa

from bookme import queue, waits
from bookme.extensions import db
from bookme.models import Calendar, Schedule


def hurry_calendars(schedule: Schedule, *, now: datetime) -> None:
    """Have the calendars of a schedule's host read soon, unless that was asked for just now.

    The page itself waits for nothing and goes by what is known.
    """
    asked = sa.or_(Calendar.visited_at.is_(None), Calendar.visited_at <= now - waits.HURRY_EVERY)
    unvisited = sa.exists().where(Calendar.host_id == schedule.host_id, Calendar.is_checked, asked)
    if db.session.scalar(sa.select(unvisited)):
        hurry(schedule.host_id)


def hurry(host_id: int) -> None:
    """Have a host's calendars read soon."""
    queue.hint(queue.Job.HURRY_READINGS, host_id)
