"""BookMe on a machine that has bad days; days are made short by a clock that jumps."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bookme import create_app, database
from bookme.config import load
from bookme.extensions import db
from tests.baddays.certificates import Authority, Door
from tests.baddays.clock import Clock
from tests.people import Host, Offer, new_host
from tests.system import System
from tests.system_logs import pytest_runtest_makereport

__all__ = ["pytest_runtest_makereport"]

#: Little enough for a day to be shorter than the patience with a mail server.
_DIVIDED_BY = 2.5
#: Whoever books has an appointment after all that happens to the clock.
_NOTICE_DAYS = 10


@dataclass
class Machine:
    """The system with its clock, and Zoom behind a door with TLS."""

    system: System
    clock: Clock
    door: Door
    authority: Authority

    def doctor(self) -> list[str]:
        """What ``bookme doctor`` says is wrong, now by the machine's clock."""
        app = create_app(load(self.system.environ))
        with self.clock.here(), app.app_context():
            database.only_read(False)
            done = app.test_cli_runner().invoke(args=["doctor"])
            db.session.remove()
            db.engine.dispose()
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return [line[5:] for line in done.output.splitlines() if line.startswith("BAD")]

    def late(self) -> list[str]:
        """What ``/readyz`` says is late."""
        found: list[str] = self.system.health().get("late", [])
        return found


@pytest.fixture(scope="package")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Shared: each test leaves everything running and at rest."""
    folder = tmp_path_factory.mktemp("baddays")
    authority = Authority(folder)
    trust = {"REQUESTS_CA_BUNDLE": str(authority.file)}
    ports: list[System] = []
    with (
        pytest.MonkeyPatch.context() as patch,
        Door(authority.context(timedelta(days=1)), lambda: ports[0].sandbox.web_port) as door,
    ):
        for name, value in trust.items():
            patch.setitem(os.environ, name, value)  # for the browsers of tests, and the doctor
        zoom = f"https://localhost:{door.number}/zoom"
        at_zoom = {"ZOOM_OAUTH_URL": f"{zoom}/oauth", "ZOOM_API_URL": f"{zoom}/v2"}
        system = System(
            folder, waits_divided_by=_DIVIDED_BY, web=1, workers=1, environ={**trust, **at_zoom}
        )
        ports.append(system)
        clock = Clock(folder, system.parts)
        system.environ |= clock.environ
        with system:
            yield Machine(system, clock, door, authority)


@pytest.fixture(scope="package")
def host(machine: Machine) -> Host:
    with machine.clock.here():
        made = new_host(machine.system)
    made.connect_zoom()
    return made


@pytest.fixture
def offer(host: Host) -> Offer:
    return host.publish(video_provider="zoom", notice=str(_NOTICE_DAYS), notice_unit="days")
