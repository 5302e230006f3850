"""Connecting through the sandbox's own consent pages, on a real wire and by the real clock."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

import config
from bookme import create_app
from bookme.accounts import sessions
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import User
from tests import factories
from tests.conftest import settings
from tests.connections.clouds import calendars, live
from tests.sandbox_process import BEN, MARA, SandboxProcess

CALLBACKS = [f"http://localhost/connections/{one}/callback" for one in ("google", "microsoft")]
EVENTS = "https://www.googleapis.com/auth/calendar.events"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    with SandboxProcess(tmp_path_factory.mktemp("sandbox"), redirects=CALLBACKS) as process:
        yield process


@pytest.fixture
def real_app(database_url: str, tmp_path: Path, sandbox: SandboxProcess) -> Iterator[Flask]:
    """BookMe on the sandbox; nothing is faked and no clock stopped."""
    environ = {"STATE_DIR": str(tmp_path), **sandbox.bookme_environment()}
    outside = {
        name: value
        for name, value in config.load(environ).items()
        if name.startswith(("GOOGLE_", "MICROSOFT_", "ICLOUD_"))
    }
    app = create_app(settings(database_url, tmp_path) | outside)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def browser(real_app: Flask) -> FlaskClient:
    """Mara is signed in."""
    _, token = sessions.begin(factories.host(), "Firefox on Linux", now=utcnow())
    db.session.commit()
    client = real_app.test_client()
    with client.session_transaction() as cookie:
        cookie["sid"] = token
    return client


def consented(
    browser: FlaskClient,
    sandbox: SandboxProcess,
    provider: str,
    person: str = MARA,
    untick: tuple[str, ...] = (),
) -> str:
    """Press Connect, allow, come back; the path and query of the callback."""
    asked = browser.post(f"/connections/{provider}/connect").headers["Location"]
    back = urlsplit(sandbox.consent(asked, person=person, untick=untick))
    return f"{back.path}?{back.query}"


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_a_host_connects_reads_the_list_again_and_disconnects(
    browser: FlaskClient, sandbox: SandboxProcess, provider: str
) -> None:
    answer = browser.get(consented(browser, sandbox, provider))
    assert answer.headers["Location"] == f"/connections?open={provider}"
    host = db.session.query(User).one()
    made, found = live(host), calendars(host)
    assert (made.provider, made.is_active) == (provider, True)
    assert sum(row.is_primary for row in found.values()) == 1
    listed = browser.post(f"/connections/{provider}/calendars/list")
    assert "lists just now" in browser.get(listed.headers["Location"]).text
    assert set(calendars(host)) == set(found)
    gone = browser.post(f"/connections/{provider}/disconnect")
    page = browser.get(gone.headers["Location"]).text
    ended = {"google": "the permission is revoked", "microsoft": "https://myapps.microsoft.com"}
    assert f"{provider.title()} is disconnected" in page
    assert ended[provider] in page
    assert calendars(host) == {}


def test_an_unticked_box_keeps_nothing(browser: FlaskClient, sandbox: SandboxProcess) -> None:
    answer = browser.get(consented(browser, sandbox, "google", BEN, untick=(EVENTS,)))
    assert answer.status_code == 403
    assert "View and edit events on all your calendars" in answer.text


def test_an_app_specific_password_connects_icloud(
    browser: FlaskClient, sandbox: SandboxProcess
) -> None:
    password = sandbox.app_password(MARA)
    typed = {"apple_id": MARA, "password": password}
    answer = browser.post("/connections/icloud/password", data=typed)
    assert answer.headers["Location"] == "/connections?open=icloud"
    host = db.session.query(User).one()
    found = calendars(host)
    assert live(host).is_active
    assert [row.takes_bookings for row in found.values()].count(True) == 1
    assert not all(row.may_write for row in found.values())
    gone = browser.post("/connections/icloud/disconnect")
    assert "https://account.apple.com" in browser.get(gone.headers["Location"]).text
