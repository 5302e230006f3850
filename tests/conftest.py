"""What every test may ask for: an application on an empty database, visitors, and the outside
world.
"""

import fcntl
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import responses
import sqlalchemy as sa
import time_machine
from argon2 import PasswordHasher
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import settings as hypothesis_settings
from jinja2 import FileSystemBytecodeCache

from bookme import database
from bookme.accounts import sessions
from bookme.crypto import new_key
from bookme.extensions import db
from bookme.models import User
from tests import counters, databases, factories, remembered, reused, selection
from tests.fake_zoom import FakeZoom, at_the_wire
from tests.mails import KeptMail
from tests.remembered import RememberedRule

#: A Monday.
NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)

KEY = new_key()

Flask.url_rule_class = RememberedRule

#: The same in every run, and however slow the machine is. For `make check`: a tenth of the examples
#: (tests/examples.py).
_always = hypothesis_settings(deadline=None, derandomize=True, database=None)
hypothesis_settings.register_profile("whole", _always)
hypothesis_settings.register_profile("quick", _always, max_examples=10)
hypothesis_settings.load_profile("whole")

# An application is garbage in circles. Looked for as often as usual, it takes a sixth of the time.
gc.set_threshold(20_000, 20, 20)


class FakeHints:
    """Remembers the hints instead of telling Redis."""

    def __init__(self) -> None:
        self.jobs: list[tuple[str, tuple[int, ...]]] = []

    def enqueue_call(self, func: str, **kwargs: Any) -> None:
        self.jobs.append((func.removeprefix("bookme.jobs."), tuple(kwargs["args"])))


@pytest.fixture(scope="session")
def postgres() -> Iterator[databases.Postgres]:
    """A real PostgreSQL server of this test run (one for each worker process)."""
    server = databases.Postgres()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all processes of this test run."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def sqlite_template(shared_folder: Path) -> Path:
    """A migrated, empty SQLite database, to be copied; made by whichever process is first."""
    path, begun = shared_folder / "template.sqlite", shared_folder / "begun.sqlite"
    with (shared_folder / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            begun.unlink(missing_ok=True)  # somebody who was killed has left it
            databases.migrate(f"sqlite:///{begun}")
            begun.rename(path)
    return path


@pytest.fixture(scope="session")
def sqlite_file(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[databases.Sqlite]:
    """The SQLite database of all tests of this process that don't look for its file."""
    file = databases.Sqlite(sqlite_template, tmp_path_factory.mktemp("sqlite"))
    yield file
    file.close()


@pytest.fixture(scope="session")
def compiled_templates(shared_folder: Path) -> FileSystemBytecodeCache:
    """Templates as compiled in this test run, by whichever of its processes needed them first."""
    (shared_folder / "templates").mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(shared_folder / "templates"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Choose the databases of each test that uses one and does not choose by itself."""
    chosen = [one.args[0] for one in metafunc.definition.iter_markers("parametrize")]
    if "database_url" in metafunc.fixturenames and "database_url" not in chosen:
        marks = {mark.name for mark in metafunc.definition.iter_markers()}
        names = selection.databases(metafunc.definition.path, marks=marks)
        metafunc.parametrize("database_url", names, indirect=True)


def pytest_itemcollected(item: pytest.Item) -> None:
    selection.mark(item)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 1))
    if workers > 1:
        items[:] = selection.in_turn(items, workers)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is there now stays: nobody has to look through it for garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty, migrated database: SQLite's, and where ``selection.py`` says so PostgreSQL's."""
    if request.param != "sqlite":
        return str(request.getfixturevalue("postgres").emptied())
    if not _looks_for_its_file(request.node):
        return str(request.getfixturevalue("sqlite_file").emptied())
    path = tmp_path / "bookme.sqlite"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


def _looks_for_its_file(item: Any) -> bool:
    """Whether a test, or a fixture that isn't of this module, asks for where the database is."""
    fixtures = [made[-1] for made in item._fixtureinfo.name2fixturedefs.values()]
    asked = [set(item._fixtureinfo.argnames)]
    asked += [set(one.argnames) for one in fixtures if one.func.__module__ != __name__]
    return any({"tmp_path", "database_url"} & names for names in asked)


def settings(url: str, state: Path) -> dict[str, Any]:
    """The settings of a test application on the database ``url``."""
    return {
        "TESTING": True,
        # Whatever catalogues are compiled here; tests that want a language name it.
        "BABEL_TRANSLATION_DIRECTORIES": "nowhere;nowhere",
        "LANGUAGES": ("en",),
        "HOST_LANGUAGES": ("en",),
        "STATE_DIR": state,
        "SECRET_KEY": "a secret for tests only",
        "TOKEN_KEYS": [b"k" * 32],
        "SQLALCHEMY_DATABASE_URI": url,
        "PUBLIC_URL": "http://localhost",
        "HINTS": FakeHints(),
        "RATELIMIT_STORAGE_URI": counters.ADDRESS,
        "RATELIMIT_STORAGE_OPTIONS": {},
        "WTF_CSRF_ENABLED": False,
        "FORM_SECONDS": 0,  # tests fill in forms as programs do
        "PASSWORD_HASHER": PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
        "MAIL_CONFIGURED": True,
        "MAIL_DELIVERY": KeptMail(),
        "ZOOM_CLIENT_ID": "zoom-client",
        "ZOOM_CLIENT_SECRET": "zoom-secret",
        "ZOOM_WEBHOOK_SECRET": "BOOKME_TEST_SECRET_TOKEN",
        "ZOOM_OAUTH_URL": "https://zoom.us/oauth",
        "ZOOM_API_URL": "https://api.zoom.us/v2",
        "ZOOM_COMPLIANCE_URL": "https://api.zoom.us/oauth/data/compliance",
        "GOOGLE_CLIENT_ID": "google-client",
        "GOOGLE_CLIENT_SECRET": "google-secret",
        "MICROSOFT_CLIENT_ID": "microsoft-client",
        "MICROSOFT_CLIENT_SECRET": "microsoft-secret",
    }


@pytest.fixture
def app(
    database_url: str, tmp_path: Path, compiled_templates: FileSystemBytecodeCache
) -> Iterator[Flask]:
    """An application on an empty database, with its context pushed and the clock stopped at NOW."""
    app = reused.application(settings(database_url, tmp_path))
    app.jinja_env.bytecode_cache = compiled_templates
    app.teardown_request(_forget)
    database.only_read(False)  # what the last request of another test said
    with time_machine.travel(NOW, tick=False), app.app_context():
        if db.engine.dialect.name == "sqlite":
            sa.event.listen(db.engine, "connect", _careless)
        remembered.statements(db.engine)
        remembered.connections(db.engine)
        yield app
        db.session.remove()
        remembered.let_go(db.engine)


def _careless(connection: Any, _record: Any) -> None:
    # No test survives the machine's crash, so none waits for the disk.
    connection.execute("PRAGMA synchronous = OFF").close()


def _forget(_error: BaseException | None) -> None:
    """Empty ``g`` after each request. Elsewhere it goes with the request's own context; here the
    requests share the test's, and with it the first one's signed-in host and CSRF field.
    """
    for name in list(g):
        g.pop(name)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def hints(app: Flask) -> list[tuple[str, tuple[int, ...]]]:
    """The hints given so far, as (job, ids)."""
    return app.extensions["hints"].jobs


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def htmx(app: Flask) -> FlaskClient:
    """The same browser with htmx: every request carries its header."""
    client = app.test_client()
    client.environ_base["HTTP_HX_REQUEST"] = "true"
    return client


@pytest.fixture
def api() -> Iterator[responses.RequestsMock]:
    """The outside world. An expected call that is not made fails the test."""
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def host(app: Flask) -> User:
    """Mara."""
    made: User = factories.host()
    return made


@pytest.fixture
def zoom(app: Flask) -> Iterator[FakeZoom]:
    """Zoom instead of the network; at the end, no call may have been made in a transaction."""
    with at_the_wire() as fake:
        yield fake


@pytest.fixture
def as_host(app: Flask) -> Callable[..., FlaskClient]:
    """Makes browsers in which a host is signed in; ``htmx=True`` for one with htmx."""

    def make(user: User, *, htmx: bool = False) -> FlaskClient:
        _, token = sessions.begin(user, "Firefox on Linux", now=NOW)
        db.session.commit()
        client = app.test_client()
        if htmx:
            client.environ_base["HTTP_HX_REQUEST"] = "true"
        with client.session_transaction() as cookie:
            cookie["sid"] = token
        return client

    return make
