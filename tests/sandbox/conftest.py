"""The sandbox without a process, its clock stopped; and one process for what needs a wire."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from sandbox.app import create_app
from sandbox.config import Config
from tests.sandbox.app_side import REDIRECT, AppSide
from tests.sandbox.google_side import GoogleSide
from tests.sandbox.microsoft_side import MicrosoftSide
from tests.sandbox_process import (
    CLIENT_ID,
    CLIENT_SECRET,
    GOOGLE,
    MICROSOFT,
    OPENID,
    WEBHOOK_SECRET,
    SandboxProcess,
)

#: A Monday.
NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
WEBHOOK = "http://bookme.test/webhooks/zoom"


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return Config(
        state=tmp_path_factory.mktemp("in-process"),
        client_id=CLIENT_ID,
        client_secret=CLIENT_SECRET,
        webhook_secret=WEBHOOK_SECRET,
        redirects=(REDIRECT, "http://bookme.test/other?here=1"),
        webhook_url=WEBHOOK,
        install_url="http://bookme.test/connections/zoom/install",
        public_url="http://sandbox.test",
        google=GOOGLE,
        microsoft=MICROSOFT,
        openid=OPENID,
    )


@pytest.fixture(scope="session")
def sandbox_app(config: Config) -> Iterator[Flask]:
    app = create_app(config)
    yield app
    app.extensions["sandbox"].store.close()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stands still at NOW until it is moved."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def zoom(sandbox_app: Flask, clock: time_machine.Traveller) -> AppSide:
    """BookMe's side of a sandbox that remembers nothing."""
    zoom = AppSide(sandbox_app.test_client())
    zoom.control("reset")
    return zoom


@pytest.fixture
def google(zoom: AppSide) -> GoogleSide:
    """BookMe's side of Google, with a grant of Mara's."""
    google = GoogleSide(zoom)
    google.connect()
    return google


@pytest.fixture
def microsoft(zoom: AppSide) -> MicrosoftSide:
    """BookMe's side of Microsoft, with a grant of Mara's, who has a work account."""
    microsoft = MicrosoftSide(zoom)
    microsoft.connect()
    return microsoft


@pytest.fixture
def token(zoom: AppSide) -> str:
    """An access token of Mara's."""
    return str(zoom.pair()["access_token"])


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    """A sandbox process of this test run."""
    directory = tmp_path_factory.mktemp("sandbox")
    with SandboxProcess(directory, redirects=[REDIRECT]) as process:
        yield process
    log = (directory / "sandbox.log").read_text()
    assert "Traceback" not in log, log  # what it breaks on purpose is no mistake of its own


@pytest.fixture
def process(running: SandboxProcess) -> SandboxProcess:
    """The same, forgetful."""
    running.control("reset")
    running.control("settings", {"event_on_revoke_seconds": None})
    return running
