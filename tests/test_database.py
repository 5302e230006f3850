"""How transactions begin on SQLite, and that errors show no values."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError, OperationalError

from bookme import database
from bookme.extensions import db
from tests import factories
from tests.conftest import settings


@pytest.fixture
def other(app: Flask) -> sqlite3.Connection:
    """Another process's connection to the same SQLite file, which waits for nobody."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("SQLite's own rules")
    connection = sqlite3.connect(str(db.engine.url.database), timeout=0, isolation_level=None)
    yield connection
    connection.close()


def test_a_writing_transaction_locks_before_it_reads(app: Flask, other: sqlite3.Connection) -> None:
    db.session.execute(sa.text("SELECT 1 FROM user"))
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    db.session.rollback()
    other.execute("BEGIN IMMEDIATE").close()
    other.execute("ROLLBACK")


def test_a_reading_transaction_leaves_writers_alone(app: Flask, other: sqlite3.Connection) -> None:
    with database.reading():
        db.session.execute(sa.text("SELECT 1 FROM user"))
        other.execute("BEGIN IMMEDIATE").close()
        other.execute("ROLLBACK")
        db.session.rollback()


def test_a_get_reads_and_a_post_writes(app: Flask, other: sqlite3.Connection) -> None:
    client = app.test_client()
    other.execute("BEGIN IMMEDIATE").close()
    assert client.get("/readyz").status_code == 200
    other.execute("ROLLBACK")


def test_who_has_waited_long_for_the_lock_asks_more_often(
    app: Flask, other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if sum(pauses) > 1 and other.in_transaction:
            other.execute("ROLLBACK")

    monkeypatch.setattr(database, "sleep", sleep)
    other.execute("BEGIN IMMEDIATE").close()
    assert db.session.scalar(sa.text("SELECT 1")) == 1
    assert pauses == sorted(pauses, reverse=True)
    assert pauses[-1] < pauses[0] < 0.01


def test_nobody_waits_for_the_lock_for_ever(
    app: Flask, other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(database, "sleep", pauses.append)
    other.execute("BEGIN IMMEDIATE").close()
    with pytest.raises(OperationalError, match="locked"):
        db.session.execute(sa.text("SELECT 1"))
    assert 15 <= sum(pauses) < 15.1
    db.session.rollback()
    other.execute("ROLLBACK")
    assert db.session.scalar(sa.text("PRAGMA busy_timeout")) == 15_000


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("secure_delete", 1), ("busy_timeout", 15_000)],
)
def test_sqlite_is_told_how_to_behave(
    app: Flask, other: sqlite3.Connection, pragma: str, value: object
) -> None:
    assert db.session.scalar(sa.text(f"PRAGMA {pragma}")) == value


def test_errors_of_the_database_show_no_values(database_url: str, tmp_path: Path) -> None:
    from bookme import config

    options = config.load({"DATABASE_URL": database_url, "STATE_DIR": str(tmp_path)})
    engine = sa.create_engine(database_url, **options["SQLALCHEMY_ENGINE_OPTIONS"])
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError) as caught:
        connection.execute(sa.text("SELECT * FROM nothing WHERE x = :x"), {"x": "hunter2"})
    engine.dispose()
    assert "hunter2" not in str(caught.value)


def test_a_database_that_is_away_is_said_so(tmp_path: Path) -> None:
    from bookme import create_app

    app = create_app(settings(f"sqlite:///{tmp_path}/missing/bookme.sqlite", tmp_path))
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["status"] == "unavailable"
    with app.app_context():
        assert client.get("/somebody").status_code == 503
        with pytest.raises(OperationalError):
            factories.host()
        db.session.remove()
        db.engine.dispose()


def test_a_connection_that_takes_no_writes_is_not_kept(app: Flask, database_url: str) -> None:
    """It spoils a connection, so its SQLite file is its own."""
    words = {
        "sqlite": "PRAGMA query_only = ON",
        "postgresql": "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
    }
    factories.host()
    db.session.commit()
    renamed = sa.text("UPDATE \"user\" SET name = 'Mara'")
    with db.engine.connect() as connection:
        connection.exec_driver_sql(words[connection.dialect.name])
        connection.commit()
    with pytest.raises(DBAPIError) as caught:
        db.session.execute(renamed)
    assert caught.value.connection_invalidated
    db.session.rollback()
    db.session.execute(renamed)
    db.session.commit()
