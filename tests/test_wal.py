"""What a disconnect leaves behind: nothing, in any byte."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bookme import wal
from bookme.connections import service
from bookme.connections.grants import disconnecting, seals
from bookme.extensions import db
from bookme.jobs.processes.chores import truncate_log
from bookme.models import Chore, Connection, Problem, User
from tests import factories
from tests.conftest import NOW
from tests.connections.making import connect, connection, replace
from tests.fake_zoom import JACK, JILL, FakeZoom, at_the_wire, user_id

AsHost = Callable[..., FlaskClient]
SEALED = [name for name in seals.NOTHING if name.endswith(("_sealed", "_digest"))]


def kept_bytes(state: Path) -> bytes:
    """Every byte of the state folder, SQLite's log included, and every value PostgreSQL has."""
    db.session.rollback()
    everything = b"".join(path.read_bytes() for path in sorted(state.rglob("*")) if path.is_file())
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as reader:
            for table in db.metadata.sorted_tables:
                for row in reader.execute(sa.select(table)):
                    everything += b" ".join(_bytes(value) for value in row)
    return everything


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def secrets(host: User) -> dict[str, bytes]:
    """What must be gone: as it is sealed, as its keyed hash, and as it is said."""
    made = service.live(host.id, "zoom")
    assert made is not None
    sealed = {name: _bytes(getattr(made, name)) for name in SEALED}
    plain = {"label": JILL, "user": user_id(JILL), "account": f"account-of-{JILL}"}
    db.session.commit()
    return sealed | {name: text.encode() for name, text in plain.items()}


@pytest.fixture
def host(app: Flask) -> User:
    made: User = factories.host()
    return made


@pytest.fixture
def zoom(app: Flask) -> Iterator[FakeZoom]:
    with at_the_wire() as fake:
        yield fake


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


@pytest.fixture
def reader(host: User, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Another process in the middle of reading SQLite, so that its log cannot be emptied."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("SQLite's own log")
    connection = sqlite3.connect(tmp_path / "bookme.sqlite", isolation_level=None)
    yield connection
    connection.close()


def begin_reading(reader: sqlite3.Connection) -> None:
    reader.execute("BEGIN").close()
    reader.execute("SELECT count(*) FROM connection").fetchone()


def test_after_a_disconnect_no_byte_is_left(
    host: User,
    as_host: AsHost,
    zoom: FakeZoom,
    tmp_path: Path,
    hints: list[tuple[str, tuple[int, ...]]],
    logs: pytest.LogCaptureFixture,
) -> None:
    browser = as_host(host)
    connect(browser, zoom)
    gone = secrets(host) | {
        "access": zoom.grants[0].access.encode(),
        "refresh": zoom.grants[0].refresh.encode(),
    }
    before = kept_bytes(tmp_path)
    assert all(gone[name] in before for name in SEALED)  # the search would find them
    browser.post("/connections/zoom/disconnect")
    after = kept_bytes(tmp_path) + logs.text.encode() + repr(hints).encode()
    assert [name for name, value in gone.items() if value in after] == []


def test_tokens_and_names_are_never_kept_or_logged_in_clear(
    host: User,
    as_host: AsHost,
    zoom: FakeZoom,
    tmp_path: Path,
    logs: pytest.LogCaptureFixture,
) -> None:
    connect(as_host(host), zoom)
    texts = [JILL, user_id(JILL), f"account-of-{JILL}"]
    texts += [zoom.grants[0].access, zoom.grants[0].refresh, zoom.forms[0]["code_verifier"]]
    found = kept_bytes(tmp_path) + logs.text.encode()
    assert [text for text in texts if text.encode() in found] == []


def test_the_account_that_is_replaced_leaves_nothing_either(
    host: User, as_host: AsHost, zoom: FakeZoom, tmp_path: Path
) -> None:
    connection(host, zoom)
    gone = secrets(host)
    replace(as_host(host), zoom, JACK)
    after = kept_bytes(tmp_path)
    assert [name for name, value in gone.items() if value in after] == []


def test_dead_tokens_go_at_once_and_the_sweep_empties_the_log(
    host: User, zoom: FakeZoom, tmp_path: Path
) -> None:
    made = connection(host, zoom)
    gone = secrets(host)
    tokens = [gone["access_token_sealed"], gone["refresh_token_sealed"]]
    disconnecting.mark_dead(made.id, 1, Problem.GRANT_ENDED, now=NOW)
    db.session.commit()
    assert truncate_log()
    assert not any(token in kept_bytes(tmp_path) for token in tokens)


def test_a_log_that_somebody_reads_is_emptied_later(
    host: User, zoom: FakeZoom, tmp_path: Path, reader: sqlite3.Connection
) -> None:
    made = connection(host, zoom)
    gone = secrets(host)["access_token_sealed"]
    begin_reading(reader)
    service.disconnect(db.session.get_one(Connection, made.id), now=NOW)
    assert gone in kept_bytes(tmp_path)
    assert db.session.get(Chore, wal.CHORE) is not None
    db.session.commit()
    assert not truncate_log()
    reader.execute("ROLLBACK").close()
    assert truncate_log()
    assert gone not in kept_bytes(tmp_path)
    db.session.expire_all()
    assert db.session.get(Chore, wal.CHORE) is None


def test_what_is_deleted_while_the_log_is_emptied_stays_owed(
    host: User, reader: sqlite3.Connection
) -> None:
    wal.owe_truncation(now=NOW)
    db.session.commit()
    returned: list[object] = []

    def delete_something(connection: object, _record: object) -> None:
        returned.append(connection)
        if len(returned) == 2:  # first the look came back, now the emptying
            later = (NOW + timedelta(seconds=1)).replace(tzinfo=None)
            reader.execute(
                "UPDATE chore SET due_at = ?", (later.isoformat(" ", "microseconds"),)
            ).close()

    sa.event.listen(db.engine, "checkin", delete_something)
    assert truncate_log()
    sa.event.remove(db.engine, "checkin", delete_something)
    assert db.session.get(Chore, wal.CHORE) is not None
    db.session.commit()
    assert truncate_log()
    db.session.expire_all()
    assert db.session.get(Chore, wal.CHORE) is None
