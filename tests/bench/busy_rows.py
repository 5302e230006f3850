"""Open times as pages ask for them, busy times being rows of the database."""

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median
from time import process_time

import sqlalchemy as sa

from bookme.bookings import slots
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import BusyTime, Calendar, Connection, ConnectionStatus, Schedule
from tests.bench import world
from tests.bench.table import Row

_DAYS = 60
_WANTED = {1_000: 2, 10_000: 10}
_LOOKS = 15


def figures() -> Iterator[Row]:
    """Medians of processor time, SQLite's part included."""
    with tempfile.TemporaryDirectory(prefix="bookme-bench-") as folder:
        app = world.application(world.environment(Path(folder)))
        with app.app_context():
            for count, wanted in _WANTED.items():
                schedule = world.hosts(1, bookings=0)[0]
                _make_busy(schedule, count)
                looks = [_look(schedule.id) for _ in range(_LOOKS)]
                name = f"{count:,} busy rows, database included"
                yield Row(name, 1000 * median(looks), "ms", wanted)
            world.let_go()


def _look(schedule_id: int) -> float:
    db.session.remove()
    schedule = db.session.get(Schedule, schedule_id)
    assert schedule is not None
    assert schedule.host.is_confirmed
    now = utcnow()
    before = process_time()
    found = slots.open_slots(schedule, now, now + timedelta(days=_DAYS), now=now)
    cost = process_time() - before
    assert found
    return cost


def _make_busy(schedule: Schedule, count: int) -> None:
    """Busy times of 15 minutes to an hour in one calendar, in no order; the same in every run. The
    last days are free, or there would be nothing to find.
    """
    now, random = utcnow(), Random(count)
    connection = Connection(
        host_id=schedule.host_id,
        provider="google",
        status=ConnectionStatus.ACTIVE,
        seal_id=f"bench{count}",
        connected_at=now,
        refreshed_at=now,
        checked_at=now,
        generation=1,
    )
    calendar = Calendar(
        host_id=schedule.host_id,
        connection=connection,
        external_id="main",
        name="Main",
        is_checked=True,
        read_at=now,
        read_until=now + timedelta(days=1000),
    )
    db.session.add(calendar)
    db.session.flush()
    rows = []
    for number in range(count):
        begin = now + timedelta(minutes=random.randrange((_DAYS - 4) * 1440))
        end = begin + timedelta(minutes=random.randrange(15, 61))
        span = {"starts_at": begin, "ends_at": end}
        rows.append({"calendar_id": calendar.id, "entry_id": f"e{number}", **span})
    db.session.execute(sa.insert(BusyTime.__table__), rows)
    db.session.commit()
