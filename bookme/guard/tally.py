"""Counting what strangers do, in the database: what guards somebody must hold without Redis.

A window slides in steps: its time is cut into :data:`PARTS` stretches, each with a row, and what
counts is the sum of those that reach into the window. Keys are keyed hashes; no address is kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

import sqlalchemy as sa

from bookme.extensions import db
from bookme.models import Tally
from bookme.prepared import Prepared
from bookme.sealed import keys

#: Stretches of a window: it is up to one of them longer than it says.
PARTS = 12
#: In words that both databases know; a column's name alone is the row's that was written.
_COUNT = """
    INSERT INTO tally ("key", slot, count, until) VALUES {values}
    ON CONFLICT ("key", slot) DO UPDATE SET count = tally.count + 1
    RETURNING "key", count + coalesce((
        SELECT sum(other.count) FROM tally AS other
        WHERE other."key" = tally."key" AND other.slot <> tally.slot AND other.until > :now
    ), 0)
"""
_LENGTHS = {"minute": 60, "hour": 3600, "day": 86400}
#: No count is kept for longer: one of a day, and of a message that was put off to the next.
KEPT = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many in so many seconds."""

    most: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Counter:
    """What is counted, for whom, and how much of it is too much."""

    what: str
    whom: str
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A counter that is at its limit.

    :ivar again_at: when it counts less than now.
    """

    counter: Counter
    again_at: datetime


@dataclass(frozen=True, slots=True)
class _Row:
    counter: Counter
    limit: Limit
    key: str
    slot: int
    until: datetime


def limits(*rates: str) -> tuple[Limit, ...]:
    """Limits as they are written: ``limits("3/minute", "10/day")``."""
    parts = (rate.split("/") for rate in rates)
    return tuple(Limit(int(most), _LENGTHS[length]) for most, length in parts)


def share(of: Iterable[Limit]) -> tuple[Limit, ...]:
    """A quarter of each limit: what one of many may use up, so that the others have the rest."""
    return tuple(Limit(max(1, one.most // 4), one.seconds) for one in of)


def take(counters: Iterable[Counter], *, now: datetime) -> list[Refused]:
    """Count one more for each, and return those that are over their limit now.

    One statement, however many there are, and another where something is over. Whoever gets any
    back rolls back, and nothing was counted; else rows stay locked until the commit, so that of
    several at once none goes over.
    """
    rows = {row.key: row for row in _rows(counters, now)}
    if not rows:
        return []
    values: dict[str, Any] = {}
    for at, one in enumerate(rows.values()):
        values |= {f"key{at}": one.key, f"slot{at}": one.slot, f"until{at}": one.until}
    counted = _counting(len(rows)).rows(now=now, **values)
    over = [rows[key] for key, count in counted if count > rows[key].limit.most]
    return _over(over, now, allowed=0) if over else []


def full(counters: Iterable[Counter], *, now: datetime) -> list[Refused]:
    """Those that have no room for one more. Counts nothing."""
    return _over(_rows(counters, now), now, allowed=1)


def _rows(counters: Iterable[Counter], now: datetime) -> list[_Row]:
    """A row for each counter and limit, in one order, so that nobody waits in a circle."""
    rows = {}
    for counter in counters:
        for limit in counter.limits:
            width = max(1, limit.seconds // PARTS)
            slot = int(now.timestamp()) // width
            ends = datetime.fromtimestamp((slot + 1) * width, UTC)
            name = f"{counter.what}\0{limit.seconds}\0{counter.whom}"
            key = keys().digest(name, "tally")
            until = ends + timedelta(seconds=limit.seconds - width)
            rows[key] = _Row(counter, limit, key, slot, until)
    return [rows[key] for key in sorted(rows)]


@cache
def _counting(number: int) -> Prepared:
    return Prepared(partial(_count, number))


def _count(number: int) -> Any:
    """Adds one to so many rows, and says of each how often its window has seen it.

    No other stretch of a window is changed by it, so it doesn't matter in which order a database
    does all that.
    """
    values = ", ".join(f"(:key{at}, :slot{at}, 1, :until{at})" for at in range(number))
    kinds = {"key": Tally.key.type, "slot": Tally.slot.type, "until": Tally.until.type}
    binds = [
        sa.bindparam(f"{name}{at}", type_=kind)
        for at in range(number)
        for name, kind in kinds.items()
    ]
    count = sa.text(_COUNT.format(values=values))
    count = count.bindparams(sa.bindparam("now", type_=Tally.until.type), *binds)
    return count.columns(key=Tally.key.type, count=sa.Integer())


def _over(rows: Sequence[_Row], now: datetime, *, allowed: int) -> list[Refused]:
    by_key = {row.key: row for row in rows}
    counted = (
        sa.select(Tally.key, sa.func.sum(Tally.count), sa.func.min(Tally.until))
        .where(Tally.key.in_(by_key), Tally.until > now)
        .group_by(Tally.key)
    )
    over = []
    for key, count, until in db.session.execute(counted):
        row = by_key[key]
        if count + allowed > row.limit.most:
            over.append(Refused(row.counter, until))
    return over
