"""The Radicale process: started when somebody first asks for iCloud, and again if it has died."""

import logging
import secrets
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

import requests

log = logging.getLogger(__name__)

#: What every path has before it on the partition's host.
PREFIX = "/icloud-p42"
#: Run by its path: by its name all of BookMe would be loaded first.
_PROGRAM = Path(__file__).with_name("__main__.py")
_ADMIN = "sandbox"
_PATIENCE_SECONDS = 60
_DEADLINE_SECONDS = 20
_RIGHTS = """
[sandbox]
user: sandbox
collection: .*
permissions: RrWw
[root]
user: .+
collection:
permissions: R
[home]
user: .+
collection: {user}
permissions: R
[read only]
user: .+
collection: {user}/read-only
permissions: r
[calendars]
user: .+
collection: {user}/[^/]+
permissions: rw
"""


class Radicale:
    """One server over one folder.

    :param folder: where it keeps the calendars; made when it starts.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._secret = secrets.token_urlsafe(24)
        self._passwords: dict[str, str] = {}

    def use(self, passwords: Mapping[str, str]) -> bool:
        """Make sure that it runs, and lets in exactly these users.

        :return: whether there are no calendars in it yet.
        """
        with self._lock:
            self._folder.mkdir(parents=True, exist_ok=True)
            if self._process is None or passwords != self._passwords:
                self._write_users(passwords)
            if self._process is None or self._process.poll() is not None:
                self._start()
            return not self._seeded.exists()

    def seeded(self) -> None:
        """Note that there are calendars in it."""
        self._seeded.touch()

    def call(
        self,
        method: str,
        path: str,
        body: bytes | str = b"",
        headers: Mapping[str, str] | None = None,
        login: tuple[str, str] | None = None,
    ) -> requests.Response:
        """Ask the server, as the sandbox itself unless a login is given."""
        return requests.request(
            method,
            f"http://127.0.0.1:{self._port}{path}",
            data=body.encode() if isinstance(body, str) else body,
            headers={"X-Script-Name": PREFIX, **(headers or {})},
            auth=login or (_ADMIN, self._secret),
            timeout=_DEADLINE_SECONDS,
            allow_redirects=False,
        )

    def has(self, user: str, name: str, besides: str) -> bool:
        """Whether a user has a file of that name in another calendar than ``besides``."""
        home = self._folder / "collection-root" / user
        calendars: Iterable[Path] = home.iterdir() if home.is_dir() else ()
        return any((one / name).exists() for one in calendars if one.name != besides)

    def forget(self) -> None:
        """Stop, and remove everything."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def stop(self) -> None:
        """End the process."""
        with self._lock:
            if self._process is None:
                return
            self._process.communicate(timeout=_PATIENCE_SECONDS)
            self._process = None

    @property
    def _seeded(self) -> Path:
        return self._folder / "seeded"

    def _write_users(self, passwords: Mapping[str, str]) -> None:
        self._passwords = dict(passwords)
        lines = [f"{user}:{password}" for user, password in passwords.items()]
        users, unfinished = self._folder / "users", self._folder / "users.new"
        unfinished.touch(mode=0o600)
        unfinished.write_text("\n".join([*lines, f"{_ADMIN}:{self._secret}", ""]))
        unfinished.replace(users)

    def _start(self) -> None:
        (self._folder / "rights").write_text(_RIGHTS)
        until = time.monotonic() + _PATIENCE_SECONDS
        while not self._has_started(until):
            log.warning("Radicale did not start; once more")

    def _has_started(self, until: float) -> bool:
        names = ("storage", "users", "rights")
        paths = [str(self._folder if name == "storage" else self._folder / name) for name in names]
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(_PROGRAM), *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self._port = int(self._process.stdout.readline() or 0)
        while self._process.poll() is None:
            if time.monotonic() > until:
                raise TimeoutError("Radicale does not answer")
            try:
                socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
            except OSError:
                threading.Event().wait(0.05)
            else:
                return True
        return False
