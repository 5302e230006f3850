"""An upgrade of a database with something in every table loses nothing, on both databases."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade

from bookme.extensions import db

#: What was released, or ran somewhere, before the meeting options became one column.
BEFORE = "0003"
AT = datetime(2027, 3, 9, 9, 0, tzinfo=UTC)
#: Where any value will not do.
VALUES: dict[str, dict[str, Any]] = {
    "user": {"email": "mara@example.com", "clock_hours": 24, "locale": "en_GB", "zone": "UTC"},
    "hold": {"ends_at": AT + timedelta(minutes=30)},
    "booking": {"ends_at": AT + timedelta(minutes=30), "waiting_room": True, "passcode": None},
    "schedule": {
        "duration_minutes": 30,
        "step_minutes": 30,
        "waiting_room": False,
        "join_before_host": True,
        "passcode": None,
    },
    "meeting": {
        "sent": {
            "reference": "r1",
            "topic": "Intro",
            "agenda": "",
            "zone": "UTC",
            "starts_at": AT.isoformat(),
            "duration_minutes": 30,
            "waiting_room": True,
            "join_before_host": None,
            "passcode": None,
        }
    },
    "email": {"facts": {"to": "00ff"}},
}
#: What an upgrade writes anew.
CHANGED = {("meeting", "sent"), ("email", "facts")}
#: Where it makes rows of what was elsewhere.
MADE = {"opening_hours", "search_word", "host_version"}


def value(column: sa.Column[Any]) -> Any:
    """Something that a column takes; every id is 1, so that all rows belong together."""
    kind = column.type
    if isinstance(kind, sa.JSON):
        return {}
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.Integer):
        return 1
    if isinstance(kind, sa.DateTime):
        return AT
    if isinstance(kind, sa.LargeBinary):
        return b"sealed"
    return "x"


def tables(connection: sa.Connection) -> sa.MetaData:
    """The tables as the database has them."""
    found = sa.MetaData()
    found.reflect(connection)
    found.remove(found.tables["alembic_version"])
    return found


@pytest.fixture
def filled(app: Flask) -> Iterator[dict[str, dict[str, Any]]]:
    """A database as it was before, with a row in every table; what was put there."""
    downgrade(revision=BEFORE)
    yield _fill()
    db.session.remove()
    upgrade()  # other tests use the same PostgreSQL


def _fill() -> dict[str, dict[str, Any]]:
    put: dict[str, dict[str, Any]] = {}
    with db.engine.begin() as connection:
        for table in tables(connection).sorted_tables:
            row = {column.name: value(column) for column in table.columns}
            row |= VALUES.get(table.name, {})
            connection.execute(sa.insert(table).values(row))
            put[table.name] = row
    return put


def test_an_upgrade_loses_no_row_and_no_value(filled: dict[str, dict[str, Any]]) -> None:
    assert len(filled) > 15
    upgrade()
    with db.engine.begin() as connection:
        for table in tables(connection).sorted_tables:
            rows = connection.execute(sa.select(table)).mappings().all()
            assert len(rows) == (1 if table.name in {*filled, *MADE} else 0), table.name
            for name, now in rows[0].items() if table.name in filled else ():
                is_new = name not in filled[table.name] or (table.name, name) in CHANGED
                if not is_new and not isinstance(now, datetime):  # read without a zone from SQLite
                    assert now == filled[table.name][name], (table.name, name)


def test_an_upgrade_carries_the_options_of_meetings_over(
    filled: dict[str, dict[str, Any]],
) -> None:
    upgrade()
    with db.engine.begin() as connection:
        ask = sa.text("SELECT meeting_options FROM schedule UNION ALL SELECT sent FROM meeting")
        found = [_json(one) for one in connection.scalars(ask)]
        booked = _json(connection.scalar(sa.text("SELECT meeting_options FROM booking")))
    schedule, sent = found
    assert schedule == {"waiting_room": False, "join_before_host": True}
    assert booked["waiting_room"] is True
    assert sent["options"] == {"waiting_room": True}
    assert "waiting_room" not in sent


def test_equal_hours_of_one_host_become_one_set_and_other_hours_another(
    filled: dict[str, dict[str, Any]],
) -> None:
    monday, tuesday = [[[540, 600]], *[[]] * 6], [[], [[540, 600]], *[[]] * 5]
    weeks = {2: monday, 3: tuesday, 4: tuesday, 5: monday, 6: monday}
    with db.engine.begin() as connection:
        table = tables(connection).tables["schedule"]
        user = tables(connection).tables["user"]
        other = filled["user"] | {"id": 2, "email": "noor@example.com", "handle": "noor"}
        connection.execute(sa.insert(user).values(other))
        connection.execute(sa.update(table).values(week=tuesday, overrides={}, deleted_at=AT))
        for row_id, week in weeks.items():
            same = {"id": row_id, "slug": f"s{row_id}", "week": week, "overrides": {}}
            whose = {"host_id": 2 if row_id > 4 else 1, "deleted_at": None}
            connection.execute(sa.insert(table).values(filled["schedule"] | same | whose))
    upgrade()
    with db.engine.begin() as connection:
        found = {
            row.id: row
            for row in connection.execute(
                sa.text(
                    "SELECT schedule.id, host_id, opening_hours_id, durations, duration_minutes"
                    " FROM schedule ORDER BY id"
                )
            )
        }
        ask = sa.text("SELECT id, host_id, name, week FROM opening_hours ORDER BY id")
        sets = {row.id: row for row in connection.execute(ask)}
    assert found[1].opening_hours_id is None, "a deleted schedule uses no set"
    used = {row_id: found[row_id].opening_hours_id for row_id in weeks}
    assert used[3] == used[4] != used[2]
    assert used[5] == used[6] != used[2]
    assert [row.name for row in sets.values() if row.host_id == 1] == [
        "Working hours",
        "Working hours 2",
    ]
    for row_id, week in weeks.items():
        assert _json(sets[used[row_id]].week) == week
        assert sets[used[row_id]].host_id == found[row_id].host_id
        assert _json(found[row_id].durations) == [found[row_id].duration_minutes]


def test_an_upgrade_can_be_taken_back(filled: dict[str, dict[str, Any]]) -> None:
    upgrade()
    downgrade(revision=BEFORE)
    with db.engine.begin() as connection:
        row = connection.execute(
            sa.text("SELECT waiting_room, join_before_host, passcode FROM schedule")
        ).one()
    assert [None if one is None else bool(one) for one in row] == [False, True, None]


def _json(found: Any) -> Any:
    return json.loads(found) if isinstance(found, str) else found
