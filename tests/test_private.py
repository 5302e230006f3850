"""What people told us is in files that nobody else on the machine may read."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_migrate import upgrade

from bookme import config, create_app, private
from bookme.extensions import db
from bookme.running import redis
from tests.conftest import settings


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    found = [folder, *folder.rglob("*")]
    return [str(path) for path in found if path.lstat().st_mode & 0o077]


def test_a_new_database_and_its_logs_are_ours_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    app = create_app(settings(f"sqlite:///{tmp_path / 'bookme.sqlite'}", tmp_path))
    with app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
            assert {"bookme.sqlite-wal", "bookme.sqlite-shm"} <= set(os.listdir(tmp_path))
            assert open_to_others(tmp_path) == []
        db.engine.dispose()


def test_a_database_of_an_earlier_version_is_taken_from_others_eyes(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    for name in ("bookme.sqlite", "bookme.sqlite-wal", "bookme.sqlite-shm"):
        (tmp_path / name).touch(0o644)
    app = create_app(settings(f"sqlite:///{tmp_path / 'bookme.sqlite'}", tmp_path))
    with app.app_context():
        with db.engine.connect():
            assert open_to_others(tmp_path) == []
        db.engine.dispose()


def test_hiding_a_database_leaves_the_locks_on_it_alone(tmp_path: Path) -> None:
    """Without them another process, which thinks it is alone, deletes the write-ahead log when it
    ends, and whoever had the database open goes on reading what is there no more.
    """
    path = tmp_path / "bookme.sqlite"
    ours = sqlite3.connect(path, isolation_level=None)
    ours.execute("PRAGMA journal_mode = WAL").close()
    ours.execute("CREATE TABLE mark (name)").close()
    ours.execute("INSERT INTO mark VALUES ('a')").close()
    private.make_file(path)
    write = (
        f"import sqlite3, sys; c = sqlite3.connect({str(path)!r}, isolation_level=None)\n"
        "c.execute('INSERT INTO mark VALUES (?)', sys.argv[1:]); c.close()"
    )
    for name, all_of_them in (("b", "a,b"), ("c", "a,b,c")):
        subprocess.run([sys.executable, "-c", write, name], check=True)
        read = ours.execute("SELECT group_concat(name) FROM mark").fetchone()
        assert read == (all_of_them,)
    ours.close()


def test_keys_and_their_folder_are_ours_alone(tmp_path: Path) -> None:
    state = tmp_path / "state"
    config.kept_key(state / "secret_key")
    assert open_to_others(state) == []
    (state / "secret_key").chmod(0o644)
    config.kept_key(state / "secret_key")
    assert open_to_others(state) == []


def test_all_of_an_earlier_state_folder_is_hidden_and_no_link_is_followed(tmp_path: Path) -> None:
    state, other = tmp_path / "state", tmp_path / "other"
    (state / "log").mkdir(parents=True)
    other.touch(0o644)
    (state / "log" / "web.log").touch(0o644)
    (state / "link").symlink_to(other)
    private.hide_all(state)
    assert open_to_others(state / "log") == []
    assert state.stat().st_mode & 0o777 == 0o700
    assert other.stat().st_mode & 0o777 == 0o644


@pytest.fixture
def long_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder whose path is too long for a socket; temporary files are in a short one."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path / ("x" * 100)


def test_a_socket_in_a_shared_folder_has_a_folder_of_ours(long_state: Path, tmp_path: Path) -> None:
    assert redis.own_server({}, long_state)
    folder = config.redis_socket(long_state).parent
    assert folder.parent == tmp_path
    assert open_to_others(folder) == []


@pytest.mark.parametrize("made", ["link", "folder"])
def test_a_folder_that_somebody_else_may_have_made_is_refused(
    long_state: Path, tmp_path: Path, made: str
) -> None:
    folder = config.redis_socket(long_state).parent
    if made == "link":
        (tmp_path / "theirs").mkdir()
        (tmp_path / "theirs" / "redis.sock").touch()
        folder.symlink_to(tmp_path / "theirs")
        with pytest.raises(redis.NoRedis, match="not yours alone"):
            redis.own_server({}, long_state)
    else:
        folder.mkdir(mode=0o777)
        folder.chmod(0o777)
        (folder / "redis.sock").touch()
    assert config.load({"STATE_DIR": str(long_state)})["REDIS_URL"].startswith("redis://localhost")
