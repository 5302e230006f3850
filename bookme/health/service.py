"""What works and what does not, for load balancers and for the operator."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from redis import Redis
from redis.exceptions import RedisError

from bookme import resealing, waits
from bookme.extensions import db
from bookme.models import Alarm, Booking, Email, EmailState, Heartbeat

#: A process that has not been heard of for so long counts as gone.
SILENCE = timedelta(seconds=60)
#: Hosts are told when work has waited so long: an outage, not a busy minute.
LATE = 5 * waits.QUEUED_FOR


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the whole.

    :param degraded: what does not work at the moment, in words for the operator; empty when all
        is well.
    :param overdue_seconds: how long the oldest due row has been waiting; 0 when none is.
    :param keys: how many rows each of TOKEN_KEYS still holds, by its place there, and those that
        need one that is ``missing``.
    """

    workers: int
    sweeps: int
    overdue_seconds: int
    keys: dict[str, int] = field(default_factory=dict)
    degraded: list[str] = field(default_factory=list)


def look(now: datetime) -> Health:
    """Ask the database and Redis how things are.

    :raises sqlalchemy.exc.DBAPIError: if the database is away.
    """
    beats = (
        sa.select(Heartbeat.kind, sa.func.count())
        .where(Heartbeat.at > now - SILENCE)
        .group_by(Heartbeat.kind)
    )
    alive = dict(db.session.execute(beats).all())
    overdue = _overdue(now)
    degraded = [f"{kind}: none is running" for kind in ("worker", "sweep") if not alive.get(kind)]
    if not _redis_answers():
        degraded.append("redis: does not answer")
    if overdue > waits.QUEUED_FOR:
        degraded.append("jobs: due rows are waiting")
    if not current_app.config["MAIL_CONFIGURED"]:
        degraded.append("mail: no server is set up, messages wait")
    keys = _keys()
    if keys["missing"]:
        degraded.append("token keys: one that sealed rows is missing from TOKEN_KEYS")
    degraded += [f"alarm: {kind}" for kind in db.session.scalars(sa.select(Alarm.kind))]
    return Health(
        workers=alive.get("worker", 0),
        sweeps=alive.get("sweep", 0),
        overdue_seconds=int(overdue.total_seconds()),
        keys=keys,
        degraded=degraded,
    )


def _keys() -> dict[str, int]:
    held = resealing.held()
    return {str(place): rows for place, rows in enumerate(held.known, 1)} | {
        "missing": held.missing
    }


def is_late(now: datetime) -> bool:
    """Whether meetings and messages take so much longer than usual that hosts should know."""
    return _overdue(now) > LATE


def _overdue(now: datetime) -> timedelta:
    oldest = [db.session.scalar(sa.select(sa.func.min(Booking.due_at)))]
    if current_app.config["MAIL_CONFIGURED"]:  # else they wait for a server, not for a worker
        waiting = sa.and_(Email.state == EmailState.WAITING, Email.booking_id.is_(None))
        oldest.append(
            db.session.scalar(sa.select(sa.func.min(Email.next_attempt_at)).where(waiting))
        )
    return max([now - due for due in oldest if due is not None and due < now], default=timedelta())


def _redis_answers() -> bool:
    try:
        return bool(Redis(connection_pool=current_app.extensions["redis_pool"]).ping())
    except RedisError:
        return False
