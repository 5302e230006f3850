"""The whole of BookMe as real processes: web, workers, sweep, Redis, and the sandbox as the outside
world.

    with System(folder, waits_divided_by=20) as system:
        system.create_host("mara@example.com", "mara")
        mara = Visitor(system.url)               # tests/visitor.py
        system.workers[0].kill()                 # a part can start, stop, kill, freeze and thaw
        system.redis.freeze()
        wait_until(system.sandbox.meetings, "a meeting")             # tests/patience.py

Everything a part says goes into ``<folder>/log/<part>.log``; of a failed test's systems the ends of
these are shown (tests/system_logs.py). Leaving the block ends everything, also after a failure.
Started again on the same folder, a system has the addresses and the data it had.
"""

import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests

from bookme import create_app, database
from bookme.config import load
from bookme.crypto import new_key
from bookme.extensions import db
from tests import databases
from tests.patience import wait_until
from tests.processes import Part, ReservedPort, clean_environment
from tests.sandbox_process import SandboxProcess
from tests.servers import RedisServer

#: The password of every host made by :meth:`System.create_host`.
PASSWORD = "correct horse battery staple"

_ONE_AT_A_TIME = threading.Lock()


class System:
    """BookMe and its outside, on free ports, in one folder.

    :param folder: for data and logs; its path short enough for a socket (100 characters).
    :param database_url: a migrated PostgreSQL database; SQLite in the folder when empty.
    :param waits_divided_by: what ``WAITS_DIVIDED_BY`` says to every part.
    :param web: how many web processes run, as one part.
    :param workers: how many RQ workers run, each a part of its own.
    :param environ: further settings of BookMe, such as ``RATE_LIMITS``, and others than usual.
    """

    def __init__(
        self,
        folder: Path,
        *,
        database_url: str = "",
        waits_divided_by: float = 20,
        web: int = 2,
        workers: int = 2,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self._given = dict(environ or {})
        self._port = ReservedPort()
        self.url = f"http://localhost:{self._port.number}"
        for name in ("log", "state", "sandbox", "redis"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        self.redis = RedisServer(folder / "redis")
        self.sandbox = SandboxProcess(
            folder / "sandbox",
            redirects=[f"{self.url}/connections/zoom/callback"],
            webhook_url=f"{self.url}/webhooks/zoom",
        )
        #: BookMe's environment; changes count for parts that are started later.
        self.environ = (
            clean_environment()
            | {
                "STATE_DIR": str(folder / "state"),
                "PORT": str(self._port.number),
                "WEB_WORKERS": str(web),
                "PUBLIC_URL": self.url,
                "SECRET_KEY": new_key(),
                "TOKEN_KEYS": new_key(),
                "DATABASE_URL": database_url or f"sqlite:///{folder / 'state' / 'bookme.sqlite'}",
                "REDIS_URL": self.redis.url,
                "MAIL_FROM": "BookMe <bookings@bookme.test>",
                "WAITS_DIVIDED_BY": str(waits_divided_by),
            }
            | self._given
        )
        python = sys.executable
        self.web = self._part("web", [python, "-m", "bookme.running.web"])
        self.workers = [
            self._part(f"worker-{number}", [python, "-m", "bookme.jobs.processes.worker"])
            for number in range(workers)
        ]
        self.sweep = self._part("sweep", [python, "-m", "bookme.jobs.processes.sweep"])
        self._doors: list[tuple[Part, ReservedPort]] = []

    def _part(self, name: str, command: list[str]) -> Part:
        return Part(name, command, self.environ, self.folder / "log" / f"{name}.log")

    @property
    def parts(self) -> list[Part]:
        """BookMe's own processes."""
        return [self.web, *self.workers, self.sweep]

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> Self:
        """Start what does not run, and wait until all of it answers."""
        self.redis.start()
        self.sandbox.start()
        self.sandbox.control("settings", {"install_url": f"{self.url}/connections/zoom/install"})
        self.environ |= self.sandbox.bookme_environment() | self._given
        databases.migrate(self.environ["DATABASE_URL"])
        for part in self.parts:
            part.environ = dict(self.environ)
            part.start()
        wait_until(self.is_ready, "BookMe is ready, workers and sweep included", 60)
        return self

    def is_ready(self) -> bool:
        """Whether all of it works, by its own word."""
        for part in self.parts:
            if not part.is_running:
                raise RuntimeError(f"{part.name} has ended:\n{part.said()}")
        return self.health().get("status") == "ok"

    def health(self) -> dict[str, Any]:
        """What ``/readyz`` says; empty when nobody answers."""
        try:
            answer = requests.get(f"{self.url}/readyz", timeout=10)
        except requests.RequestException:
            return {}
        return dict(answer.json())

    def stop(self) -> None:
        """End everything in order. The data stays, and :meth:`start` goes on with it."""
        for part in reversed(self.parts):
            part.stop()
        self.sandbox.stop()
        self.redis.stop()

    def close(self) -> None:
        """End everything, whatever state it is in."""
        try:
            for part in (*self.parts, *(door for door, _port in self._doors)):
                part.kill()
            with suppress(subprocess.TimeoutExpired):
                self.redis.stop()
        finally:
            self.sandbox.stop()
            for port in (self._port, *(port for _door, port in self._doors)):
                port.close()

    def another_door(self, **environ: str) -> str:
        """Let the same BookMe be at a second address, with other settings; return that address."""
        port = ReservedPort()
        url = f"http://localhost:{port.number}"
        door = self._part(f"web-{port.number}", self.web.command)
        door.environ = self.environ | {"PORT": str(port.number), "PUBLIC_URL": url} | environ
        self._doors.append((door, port))
        door.start()
        wait_until(lambda: _answers(url), f"BookMe at {url}")
        return url

    def create_host(
        self, email: str, handle: str, name: str = "Mara Lindqvist", zone: str = "Europe/Berlin"
    ) -> None:
        """Make a confirmed host, whose password is PASSWORD."""
        given = ["--email", email, "--name", name, "--handle", handle, "--zone", zone]
        self.command("create-host", *given, BOOKME_PASSWORD=PASSWORD)

    def command(self, *words: str, **environ: str) -> str:
        """Give a command as the operator does; what it says.

        In this process: another one takes a second to start.
        """
        app = create_app(load(self.environ))
        # The command's output is caught for the whole process.
        with _ONE_AT_A_TIME, app.app_context():
            database.only_read(False)  # what the last request of another test said
            done = app.test_cli_runner().invoke(args=words, env=environ)
            db.session.remove()
            db.engine.dispose()
        assert done.exit_code == 0, f"{done.exception!r}: {done.output}"
        return str(done.output)

    def logs(self) -> dict[str, str]:
        """The end of what each part has said."""
        found = {part.name: part.said() for part in self.parts}
        sandbox = self.folder / "sandbox" / "sandbox.log"
        return found | {"sandbox": sandbox.read_text()[-4000:] if sandbox.exists() else ""}


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=10).ok
    except requests.RequestException:
        return False
