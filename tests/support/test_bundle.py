"""A support bundle says much about the server and nothing about people."""

import json
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from bookme import config
from bookme.extensions import db
from bookme.models import OperatorAct, Trouble
from bookme.models.types import Choice
from bookme.support import jobs
from tests import factories
from tests.factories import NOW

MARK = "zqx"
#: Where a value of its own would be refused.
VALUES: dict[str, dict[str, Any]] = {
    "user": {"email": f"{MARK}@example.com", "clock_hours": 24, "set_up_step": 1},
    "operator_act": {"id": 999},  # where the database counts on from 1
    "schedule": {"answer_minutes": 1440, "duration_minutes": 30, "step_minutes": 30},
}


def value(column: sa.Column[Any], number: int) -> Any:
    """A value that shows where it came from; ids are 1, so that all rows belong together."""
    kind, mark = column.type, f"{MARK}{number}"
    if isinstance(kind, Choice):
        return next(iter(kind.kind))  # a closed set names nobody
    if isinstance(kind, sa.JSON):
        return {mark: mark}
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.Integer):
        return 1
    if isinstance(kind, sa.LargeBinary):
        return mark.encode()
    if isinstance(kind, sa.String):
        return mark
    hour = {"starts_at": timedelta(0), "ends_at": timedelta(hours=1)}
    return NOW + hour.get(column.name, timedelta(days=-3))


@pytest.fixture
def filled(app: Flask) -> list[str]:
    """A row in every table, with a mark in every column that takes one; the names of the tables."""
    tables = db.metadata.sorted_tables
    made = {"search_word", "host_version"}  # by triggers
    numbers = iter(range(10_000))
    for table in tables:
        if table.name in made:
            continue
        row = {one.name: value(one, next(numbers)) for one in table.columns}
        db.session.execute(sa.insert(table).values(row | VALUES.get(table.name, {})))
    db.session.commit()
    return [table.name for table in tables]


def bundle(app: Flask, path: Path) -> dict[str, Any]:
    app.config.update(REDIS_URL="redis://localhost:1/0", MAIL_CONFIGURED=False)
    app.config.update(ZOOM_CLIENT_ID="", GOOGLE_CLIENT_ID="", MICROSOFT_CLIENT_ID="")
    result = app.test_cli_runner().invoke(args=("support-bundle", str(path)))
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def test_nothing_that_anybody_typed_is_in_it(app: Flask, filled: list[str], tmp_path: Path) -> None:
    secrets = {
        "OPERATOR_NAME": f"{MARK} & Sons",
        "SUPPORT_EMAIL": f"{MARK}@example.org",
        "PUBLIC_URL": f"https://{MARK}.example.com",
        "MAIL_SERVER": f"{MARK}.example.net",
        "SECRET_KEY": f"{MARK}-secret",
        "ZOOM_WEBHOOK_SECRET": f"{MARK}-webhook",
    }
    app.config.update(secrets)
    found = bundle(app, tmp_path / "bundle.json")
    assert set(found["rows"]) == set(filled)
    assert all(found["rows"].values()), found["rows"]
    assert MARK not in (tmp_path / "bundle.json").read_text()
    assert found["errors"]["alarms"] == {"other": 1}
    assert found["errors"]["connections"] == {"other active grant_ended": 1}


def test_it_says_what_somebody_who_helps_needs_to_know(app: Flask, tmp_path: Path) -> None:
    booking = factories.booking(video_provider="zoom", due_at=NOW - timedelta(hours=1))
    booking.meeting.trouble = Trouble.UNAVAILABLE
    db.session.commit()
    found = bundle(app, tmp_path / "bundle.json")
    assert found["rows"]["booking"] == 1
    assert found["database"]["kind"] == db.engine.dialect.name
    assert {"kind": "bookings", "seconds": 3600, "refused_by": None} in found["waiting"]
    assert found["errors"]["meetings"] == {"zoom unavailable": 1}
    assert found["packages"]["Flask"]
    said = {one["what"]: one for one in found["findings"]}
    assert said["database"]["good"]
    assert said["database"]["words"].startswith(f"{db.engine.dialect.name}, tables at 00")
    assert not said["late"]["good"]
    assert found["jobs"] == {"error": "ConnectionError"}
    assert db.session.scalars(sa.select(OperatorAct.command)).all() == ["support-bundle"]


def test_only_its_owner_reads_it(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    bundle(app, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    bundle(app, path)  # again writes it anew


def test_a_file_that_cannot_be_written_is_said(app: Flask, tmp_path: Path) -> None:
    app.config.update(REDIS_URL="redis://localhost:1/0", ZOOM_CLIENT_ID="", GOOGLE_CLIENT_ID="")
    app.config.update(MICROSOFT_CLIENT_ID="", MAIL_CONFIGURED=False)
    there = tmp_path / "missing" / "bundle.json"
    result = app.test_cli_runner().invoke(args=("support-bundle", str(there)))
    assert result.exit_code == 1
    assert "No such file" in result.output


def test_settings_are_named_and_never_told(tmp_path: Path) -> None:
    given = {"STATE_DIR": str(tmp_path), "OPERATOR_NAME": "Mara & Sons", "PORT": "8001"}
    settings = config.load(given)
    assert settings["SETTINGS_GIVEN"] == set(given)


@pytest.mark.parametrize(
    ("trace", "said"),
    [
        (
            "Traceback…\nx.JobFailed: KeyError at sync.py:12 work > plan.py:3 _move\n",
            "KeyError at sync.py:12 work > plan.py:3 _move",
        ),
        ("ValueError: mara@example.com\n", "other"),
        ("JobFailed: KeyError at mara@example.com", "other"),
        ("", "other"),
    ],
    ids=["ours", "another", "odd", "none"],
)
def test_of_a_failed_job_only_kind_and_place_are_told(trace: str, said: str) -> None:
    assert jobs.kind(trace) == said
