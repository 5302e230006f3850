"""Making a backup and going back to one."""

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import flask_migrate
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from flask import current_app

from bookme.backup import archive, databases, marking
from bookme.backup.archive import BadBackup, Manifest
from bookme.extensions import db
from bookme.health.service import SILENCE
from bookme.models import Heartbeat, User
from bookme.version import VERSION


def make(path: Path, now: datetime) -> Manifest:
    """Copy all that BookMe keeps into a file, open the copy and count.

    :raises BadBackup: if that can't be done; then there is no file.
    """
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        copy = Path(folder) / archive.DATABASE
        databases.dump(db.engine, copy)
        databases.check(_kind(), copy)
        counted = databases.rows_of_file(copy) if _kind() == "sqlite" else databases.rows(db.engine)
        manifest = Manifest(
            made_at=now,
            version=VERSION,
            kind=_kind(),
            revision=_revision(),
            keys=[key.hex() for key in current_app.extensions["keys"].ids],
            rows=counted,
            digest=archive.digest(copy),
        )
        archive.write(path, manifest, copy)
    return manifest


def look(path: Path) -> Manifest:
    """What a backup is of, after all of it was read.

    :raises BadBackup: if it isn't whole.
    """
    with tempfile.TemporaryDirectory(dir=current_app.config["STATE_DIR"]) as folder:
        manifest, copy = archive.read(path, Path(folder) / "unpacked")
        databases.check(manifest.kind, copy)
        return manifest


def restore(path: Path, *, now: datetime, say: Callable[[str], None]) -> Manifest:
    """Put a backup in the place of the database, bring its tables up to date, and mark what the
    outside may have seen since.

    :raises BadBackup: if it can't be used here; then nothing has changed.
    """
    with tempfile.TemporaryDirectory(dir=current_app.config["STATE_DIR"]) as folder:
        manifest, copy = archive.read(path, Path(folder) / "unpacked")
        databases.check(manifest.kind, copy)
        _fits(manifest)
        databases.bring_back(db.engine, copy)
    db.session.remove()
    flask_migrate.upgrade()
    marked = marking.mark(manifest.made_at, now=now)
    say(f"Connections to be made again: {marked.connections}. Sessions ended: {marked.sessions}.")
    return manifest


def _fits(manifest: Manifest) -> None:
    """:raises BadBackup: if this BookMe can't hold the backup."""
    if manifest.kind != _kind():
        raise BadBackup(f"This is a backup of {manifest.kind}; the database here is {_kind()}.")
    try:
        _script().get_revision(manifest.revision)
    except CommandError as error:
        raise BadBackup(
            f"The backup was made by a newer BookMe ({manifest.version}). Install that first."
        ) from error
    missing = set(manifest.keys) - {key.hex() for key in current_app.extensions["keys"].ids}
    if missing:
        raise BadBackup(
            f"TOKEN_KEYS lacks {len(missing)} of the keys that sealed the backup: "
            f"{', '.join(sorted(missing))}."
        )


def is_running(now: datetime) -> bool:
    """Whether a worker or the sweep of this database has been heard of just now."""
    if not sa.inspect(db.engine).has_table(Heartbeat.__tablename__):
        return False
    heard = sa.select(Heartbeat.name).where(Heartbeat.at > now - SILENCE).limit(1)
    return db.session.scalar(heard) is not None


def has_hosts() -> bool:
    """Whether a restored backup would take somebody's place."""
    if not sa.inspect(db.engine).has_table(User.__tablename__):
        return False
    return db.session.scalar(sa.select(User.id).limit(1)) is not None


def _kind() -> str:
    return str(db.engine.dialect.name)


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())


def _revision() -> str:
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""
