"""Before anything runs: hosts, schedules, and the bookings that are over."""

import os
from datetime import datetime, timedelta

import flask_migrate
import sqlalchemy as sa
from flask import Flask

from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import Schedule, User
from bookme.running.furnishing import hosts, offers, story, telling
from bookme.running.furnishing.days import Days

_ACCOUNT_AGE = timedelta(weeks=6)


def furnish(*, now: datetime, links_to: str) -> None:
    """Make both hosts, and all of Mara's account that is over. Does nothing if she has schedules
    already, deleted ones included. Commits.

    :param links_to: where the links of meetings that are over lead, without the meeting's number.
    """
    mara = hosts.mara(now=now - _ACCOUNT_AGE)
    if not _has_schedules(mara):
        hosts.noor(now=now)
        days = Days(now, mara.zone)
        offered = offers.publish(mara, days)
        for visit in story.PAST:
            telling.earlier(visit, offered[visit.what], days, links_to=links_to)
    db.session.commit()


def begin(app: Flask) -> None:
    """Bring the tables up to date, and do the same from the environment and the clock."""
    with app.app_context():
        flask_migrate.upgrade()
        furnish(now=utcnow(), links_to=f"{os.environ['SANDBOX_PUBLIC_URL']}/zoom/j/")
        db.session.remove()


def _has_schedules(host: User) -> bool:
    query = sa.select(sa.exists().where(Schedule.host_id == host.id))
    return bool(db.session.scalar(query))
