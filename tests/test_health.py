"""What works and what does not, as load balancers and operators see it."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme.accounts.owed import Letter, owe
from bookme.extensions import db
from bookme.health import writing
from bookme.models import Alarm, Heartbeat
from bookme.version import VERSION
from tests import factories
from tests.factories import NOW


def beats(**ages: int) -> None:
    for kind, age in ages.items():
        at = NOW - timedelta(seconds=age)
        db.session.add(Heartbeat(name=f"{kind}-1", kind=kind, at=at))
    db.session.commit()


def test_the_process_lives(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok", "version": VERSION}


def test_what_is_missing_is_degraded_and_not_down(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["status"] == "degraded"
    assert "worker: none is running" in answer.json["degraded"]
    assert "sweep: none is running" in answer.json["degraded"]
    assert "redis: does not answer" in answer.json["degraded"]


def test_only_fresh_heartbeats_count(app: Flask, client: FlaskClient) -> None:
    beats(worker=10, sweep=90)
    found = client.get("/readyz").json
    assert (found["workers"], found["sweeps"]) == (1, 0)
    assert "worker: none is running" not in found["degraded"]
    assert "sweep: none is running" in found["degraded"]


def test_overdue_work_is_told_with_its_age(app: Flask, client: FlaskClient) -> None:
    factories.booking(due_at=NOW - timedelta(minutes=3))
    found = client.get("/readyz").json
    assert found["overdue_seconds"] == 180
    since = f"{NOW - timedelta(minutes=3):%Y-%m-%d %H:%M:%S} UTC"
    assert found["late"] == [f"jobs: bookings have been due since {since}"]
    assert found["late"][0] in found["degraded"]


def test_work_of_the_future_is_not_overdue(app: Flask, client: FlaskClient) -> None:
    factories.booking(due_at=NOW + timedelta(minutes=3))
    assert client.get("/readyz").json["overdue_seconds"] == 0


def test_messages_without_a_mail_server_are_not_overdue(app: Flask, client: FlaskClient) -> None:
    owe(factories.host(), Letter.PASSWORD_CHANGED, now=NOW - timedelta(hours=1))
    db.session.commit()
    assert client.get("/readyz").json["overdue_seconds"] == 3600
    app.config["MAIL_CONFIGURED"] = False
    found = client.get("/readyz").json
    assert found["overdue_seconds"] == 0
    assert "mail: no server is set up, messages wait" in found["degraded"]


def test_an_alarm_is_told(app: Flask, client: FlaskClient) -> None:
    db.session.add(Alarm(kind="zoom client refused", first_at=NOW, last_at=NOW))
    db.session.commit()
    assert "alarm: zoom client refused" in client.get("/readyz").json["degraded"]


def test_readyz_writes_one_row_and_seldom(app: Flask, client: FlaskClient) -> None:
    def written() -> list[tuple[str, str]]:
        rows = db.session.scalars(sa.select(Heartbeat).execution_options(populate_existing=True))
        return [(row.name, f"{row.at:%H:%M:%S}") for row in rows]

    for seconds, said in ((0, "08:00:00"), (4, "08:00:00"), (5, "08:00:05"), (-3600, "07:00:00")):
        with time_machine.travel(NOW + timedelta(seconds=seconds), tick=False):
            for _ in range(3):
                client.get("/readyz")
        db.session.rollback()
        assert written() == [("readyz", said)]


def refuse_writes(app: Flask) -> Callable[[], None]:
    """Make the database refuse writes to everybody; returns what ends that."""
    if db.engine.dialect.name == "postgresql":
        name = db.engine.url.database
        setting = f'ALTER DATABASE "{name}" SET default_transaction_read_only'
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"{setting} = on")
        db.engine.dispose()

        def end() -> None:
            engine = sa.create_engine(db.engine.url, isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.exec_driver_sql("SET default_transaction_read_only = off")
                connection.exec_driver_sql(f"{setting} = off")
            engine.dispose()
            db.engine.dispose()

        return end
    writer = sqlite3.connect(str(db.engine.url.database), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    return writer.close


def test_a_database_that_takes_no_writes_is_named(app: Flask, client: FlaskClient) -> None:
    db.session.rollback()
    end = refuse_writes(app)
    try:
        answer = client.get("/readyz")
        (said,) = [one for one in answer.json["degraded"] if one.startswith("database")]
        assert said in (
            "database: takes no writes (it is read-only)",
            "database: takes no writes (another writer holds it)",
        )
        assert (answer.status_code, answer.json["status"]) == (200, "degraded")
    finally:
        db.session.rollback()
        end()
    with time_machine.travel(NOW + writing.EVERY, tick=False):
        assert not any("writes" in one for one in client.get("/readyz").json["degraded"])


def test_a_host_is_told_that_nothing_can_be_saved_while_that_is_known(
    app: Flask, client: FlaskClient, as_host: Callable[..., FlaskClient]
) -> None:
    host, said = as_host(factories.host()), "can’t save anything"
    db.session.rollback()
    end = refuse_writes(app)
    try:
        assert said not in host.get("/dashboard").text  # nobody has tried, and a page doesn't
        client.get("/readyz")
        answer = host.get("/dashboard")
        assert (answer.status_code, said in answer.text) == (200, True)
        with time_machine.travel(NOW + writing.KNOWN_FOR + timedelta(seconds=1), tick=False):
            assert said not in host.get("/dashboard").text
    finally:
        db.session.rollback()
        end()
    with time_machine.travel(NOW + writing.EVERY, tick=False):
        client.get("/readyz")
        assert said not in host.get("/dashboard").text


FULL = """
import resource, signal, sys
from pathlib import Path
import sqlalchemy as sa
from bookme import create_app
from bookme.extensions import db
from bookme.health import writing
from bookme.models import Heartbeat
from tests.conftest import NOW, settings
app = create_app(settings(sys.argv[1], Path(sys.argv[2])))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with app.app_context():
    db.session.execute(sa.select(Heartbeat)).all()  # or SQLite could not even begin to read
    db.session.rollback()
    # As on a full disk: no file of this process grows any further.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    print(writing.refusal(NOW), app.test_client().get("/readyz").status_code)
"""


def test_a_full_disk_is_named(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "full.sqlite"
    shutil.copyfile(sqlite_template, path)
    command = [sys.executable, "-c", FULL, f"sqlite:///{path}", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip() in ("the disk is full 200", "the disk fails 200"), done.stderr


def test_a_flood_of_questions_tries_one_write_at_a_time(app: Flask) -> None:
    if db.engine.dialect.name == "postgresql":
        pytest.skip("SQLite is the one that has a single writer")
    db.session.rollback()
    writer = sqlite3.connect(str(db.engine.url.database), isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")

    tries: list[str] = []

    def count(_c: object, _cursor: object, statement: str, *_: object) -> None:
        tries.extend([statement] if statement.startswith("UPDATE heartbeat") else [])

    sa.event.listen(db.engine, "before_cursor_execute", count)

    def ask(_number: int) -> int:
        with app.app_context():
            return app.test_client().get("/readyz").status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(100)))
    assert (answers, len(tries)) == ([200] * 100, 1)
    writer.close()


def test_a_dead_process_whose_clock_was_ahead_does_not_count(
    app: Flask, client: FlaskClient
) -> None:
    beats(worker=-7200)
    assert "worker: none is running" in client.get("/readyz").json["degraded"]
