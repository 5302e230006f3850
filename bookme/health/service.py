"""What works and what does not, for load balancers and for the operator."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from redis import Redis
from redis.exceptions import RedisError

from bookme import moments, resealing, waits
from bookme.extensions import db
from bookme.health import waiting, writing
from bookme.health.waiting import Waiting
from bookme.models import Alarm, Booking, Calendar, Connection, Email, Heartbeat, User

#: A process that has not been heard of for so long counts as gone.
SILENCE = timedelta(seconds=60)
#: Hosts are told when work has waited so long: an outage, not a busy minute.
LATE = 5 * waits.QUEUED_FOR
#: Times by which a clock shows that it was wrong; each has an index, or few rows.
_DATED = (Booking.due_at, Email.next_attempt_at, Calendar.read_after, Connection.blocked_until)


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the whole.

    :param degraded: what does not work at the moment, in words for the operator; empty when all
        is well.
    :param overdue_seconds: how long the oldest work has been waiting; 0 when none is.
    :param late: what of it takes longer than it should, since when, and who refuses it; it is in
        ``degraded``, too.
    :param waiting: since when work of each kind has waited; kinds of which none waits are left out.
    :param keys: how many rows each of TOKEN_KEYS still holds, by its place there, and those that
        need one that is ``missing``.
    """

    workers: int
    sweeps: int
    overdue_seconds: int
    keys: dict[str, int] = field(default_factory=dict)
    degraded: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)


def look(now: datetime) -> Health:
    """Ask the database and Redis how things are.

    :raises sqlalchemy.exc.DBAPIError: if the database is away.
    """
    beats = (
        sa.select(Heartbeat.kind, sa.func.count())
        .where(Heartbeat.at.between(now - SILENCE, now + SILENCE))
        .group_by(Heartbeat.kind)
    )
    alive = dict(db.session.execute(beats).all())
    found, keys = waiting.everything(now), _keys()
    oldest = min((one.since for one in found), default=now)
    late = _late(found, now)
    degraded = [*_degraded(alive, now), *late, *clocks(now), *_alarms()]
    if keys["missing"]:
        degraded.append("token keys: one that sealed rows is missing from TOKEN_KEYS")
    return Health(
        workers=alive.get("worker", 0),
        sweeps=alive.get("sweep", 0),
        overdue_seconds=int((now - oldest).total_seconds()),
        keys=keys,
        degraded=degraded,
        late=late,
        waiting=_since(found),
    )


def _keys() -> dict[str, int]:
    held = resealing.held()
    return {str(place): rows for place, rows in enumerate(held.known, 1)} | {
        "missing": held.missing
    }


def saves_nothing(now: datetime) -> bool:
    """Whether the database takes no writes, as far as ``/readyz`` has found lately: a page that is
    only read writes nothing to find out.
    """
    return writing.was_refused_lately(now)


def late(host: User, now: datetime) -> list[Waiting]:
    """What of a host's own takes so much longer than usual that they should know; mostly empty."""
    return [one for one in waiting.of_host(host.id, now) if now - one.since > LATE]


def _since(found: list[Waiting]) -> dict[str, str]:
    first: dict[str, datetime] = {}
    for one in found:
        first[one.kind] = min(one.since, first.get(one.kind, one.since))
    return {kind: f"{since:%Y-%m-%dT%H:%M:%SZ}" for kind, since in first.items()}


def _degraded(alive: dict[str, int], now: datetime) -> Iterator[str]:
    refusal = writing.refusal(now)
    if refusal is not None:
        yield f"database: takes no writes ({refusal})"
    for kind in ("worker", "sweep"):
        if not alive.get(kind):
            yield f"{kind}: none is running"
    if not _redis_answers():
        yield "redis: does not answer"
    if not current_app.config["MAIL_CONFIGURED"]:
        yield "mail: no server is set up, messages wait"


def _alarms() -> Iterator[str]:
    for kind in db.session.scalars(sa.select(Alarm.kind)):
        yield f"alarm: {kind}"


def _late(found: list[Waiting], now: datetime) -> list[str]:
    return [_words(one) for one in found if now - one.since > waits.QUEUED_FOR]


def _words(one: Waiting) -> str:
    since = f"{one.since:%Y-%m-%d %H:%M:%S} UTC"
    if one.refused_by is None:
        return f"jobs: {one.kind} have been due since {since}"
    why = f" ({one.why})" if one.why else ""
    return f"{one.refused_by}: {one.kind} have been waiting for it since {since}{why}"


def clocks(now: datetime) -> Iterator[str]:
    """Signs that the clock of a machine was or is wrong."""
    for column in _DATED:
        found = db.session.scalar(sa.select(column).where(moments.is_absurd(column, now)).limit(1))
        if found is not None:
            (of,) = column.property.columns
            yield f"clock: {of} says {found:%Y-%m-%d %H:%M} UTC, further ahead than anything waits"
    ahead = sa.select(sa.func.max(Heartbeat.at))
    latest = db.session.scalar(ahead)
    if latest is not None and latest > now + SILENCE:
        yield f"clock: a process was last heard of at {latest:%Y-%m-%d %H:%M} UTC, which is to come"


def _redis_answers() -> bool:
    try:
        return bool(Redis(connection_pool=current_app.extensions["redis_pool"]).ping())
    except RedisError:
        return False
