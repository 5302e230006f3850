"""How a database is copied into a file while it is used, looked at there, and brought back."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from bookme.backup.archive import BadBackup
from bookme.extensions import db


def dump(engine: sa.Engine, into: Path) -> None:
    """Copy the whole database as it is at one moment; nobody waits for it.

    :raises BadBackup: if the program that does so is missing or fails.
    """
    if engine.dialect.name == "sqlite":
        ours = sqlite3.connect(f"file:{_file(engine)}?mode=ro", uri=True)
        with closing(ours), closing(sqlite3.connect(into)) as copy:
            ours.backup(copy)
    else:
        _run("pg_dump", engine, "--format=custom", f"--file={into}")


def check(kind: str, path: Path) -> None:
    """Open a copy and see that it is whole.

    :raises BadBackup: if it isn't.
    """
    if kind == "postgresql":
        _program_run(["pg_restore", "--list", str(path)], dict(os.environ))
        return
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
            (said,) = copy.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise BadBackup("The copy of the database can't be opened.") from error
    if said != "ok":
        raise BadBackup("The copy of the database is damaged.")


def rows(engine: sa.Engine) -> dict[str, int]:
    """How many rows each table has."""
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in db.metadata.sorted_tables
        }


def rows_of_file(path: Path) -> dict[str, int]:
    """The same of a copy of SQLite's, whichever tables it has."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
        there = {name for (name,) in copy.execute("SELECT name FROM sqlite_master")}
        return {
            name: copy.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for name in db.metadata.tables
            if name in there
        }


def bring_back(engine: sa.Engine, path: Path) -> None:
    """Put a copy in the place of the database, all of it or nothing.

    :raises BadBackup: if the program that does so is missing or fails.
    """
    db.session.remove()
    engine.dispose()
    if engine.dialect.name == "postgresql":
        _run("pg_restore", engine, *_RESTORING, str(path))
        return
    place = _file(engine)
    aside = place.with_name(f".{place.name}-restored")
    shutil.copyfile(path, aside)
    aside.chmod(0o600)
    for ending in ("-wal", "-shm"):
        place.with_name(place.name + ending).unlink(missing_ok=True)
    os.replace(aside, place)


_RESTORING = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")


def _file(engine: sa.Engine) -> Path:
    return Path(engine.url.database or "")


def _run(program: str, engine: sa.Engine, *words: str) -> None:
    """Run one of PostgreSQL's programs on the database; its password goes by the environment."""
    url = engine.url.set(drivername="postgresql", password=None)
    environ = {**os.environ, "PGPASSWORD": str(engine.url.password or "")}
    if not environ["PGPASSWORD"]:
        del environ["PGPASSWORD"]
    where = f"--dbname={url.render_as_string(hide_password=False)}"
    _program_run([program, where, *words], environ)


def _program_run(command: Sequence[str], environ: dict[str, str]) -> None:
    program = command[0]
    if shutil.which(program, path=environ.get("PATH")) is None:
        raise BadBackup(f"{program} is not installed here: it comes with PostgreSQL's client.")
    ran = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if ran.returncode:
        first = ran.stderr.strip().splitlines()[:1]
        raise BadBackup(f"{program} failed: {''.join(first)[:200]}")
