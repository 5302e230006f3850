"""Processes for tests, each with all that it starts in a session of its own, so that nothing is
left behind.
"""

import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from bookme.running import tied
from tests import forks
from tests.forks import Forked
from tests.patience import wait_until

ROOT = Path(__file__).resolve().parent.parent
#: Seconds that a process has for its end before it is killed.
FAREWELL = 20

#: What a program needs of the environment that has nothing to do with BookMe.
_NEEDED = ("PATH", "HOME", "LANG", "TMPDIR", "XDG_RUNTIME_DIR")


#: The system ties a process to the thread that started it; this one ends with the tests.
_STARTER = ThreadPoolExecutor(1)


def started(
    command: Sequence[str], environ: Mapping[str, str], **options: Any
) -> "subprocess.Popen[bytes] | Forked":
    """A process that ends with this one, also when the tests are killed without a word."""
    if forks.can_be(command):
        return forks.started(command, environ, **options)
    words, env = tied.command(list(command)), tied.environ(environ)
    made = _STARTER.submit(lambda: subprocess.Popen(words, env=env, **options))
    process: subprocess.Popen[bytes] = made.result()
    return process


def clean_environment() -> dict[str, str]:
    """An environment without any setting of BookMe that whoever runs the tests may have, in which
    forms may be sent as quickly as tests fill them in.
    """
    return {name: os.environ[name] for name in _NEEDED if name in os.environ} | {
        "FORM_SECONDS": "0"
    }


class ReservedPort:
    """A port on which nobody else will listen until :meth:`close`.

    The socket is bound and never listens, so that servers which reuse addresses (ours do) may
    listen there, stop, and listen again, while the system gives the number to nobody else.
    """

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("0.0.0.0", 0))
        self.number: int = self._socket.getsockname()[1]

    def close(self) -> None:
        self._socket.close()


class Part:
    """One program that can be started, ended, killed, frozen, and started again.

    :param log: what it says is added to this file.
    :param code: the folder whose packages it runs.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        environ: Mapping[str, str],
        log: Path,
        code: Path = ROOT,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.environ = dict(environ)
        self.log = log
        self._code = code
        self._process: subprocess.Popen[bytes] | Forked | None = None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pids(self) -> list[int]:
        """Itself and all that it has started, jobs' forks included."""
        return session_members(self._process.pid) if self._process is not None else []

    @property
    def children(self) -> list[int]:
        """What it has started: a server's workers, a worker's job."""
        return [pid for pid in self.pids if self._process and pid != self._process.pid]

    def start(self) -> None:
        """Start it; whether it is ready is for the caller to see."""
        assert not self.is_running, f"{self.name} runs already"
        with self.log.open("ab") as log:
            self._process = started(
                self.command,
                self.environ,
                cwd=self._code,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def stop(self, how: int = signal.SIGTERM) -> int | None:
        """Ask it to end, as an operator does, and wait; what is left after FAREWELL is killed.

        :return: its exit status; None if it was not running.
        """
        if self._process is None:
            return None
        self.thaw()
        with suppress(ProcessLookupError):
            self._process.send_signal(how)
        try:
            return self._process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            return None
        finally:
            self.kill()

    def kill(self) -> None:
        """End it and all that it has started at once, without a word, as a power cut does."""
        if self._process is None:
            return
        leader = self._process.pid
        self._signal(signal.SIGKILL)
        self._process.wait()
        wait_until(lambda: not session_members(leader), f"the end of {self.name}")
        self._process = None

    def tell(self, how: int) -> None:
        """Send a signal to the program itself, not to what it has started."""
        assert self._process is not None
        self._process.send_signal(how)

    def freeze(self) -> None:
        """Let it hang, with all that it has started, until :meth:`thaw`. Whoever holds SQLite's
        write lock in that moment keeps it.
        """
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def said(self, characters: int = 4000) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-characters:] if self.log.exists() else ""

    def _signal(self, number: int) -> None:
        for pid in self.pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)


def session_members(leader: int) -> list[int]:
    """The living processes of a session. Unlike a process group, no worker's job leaves it."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # After the name, which may hold anything but ends with the last bracket:
            # state, parent, group, session.
            state, _, _, session = path.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue  # it has ended meanwhile
        if int(session) == leader and state not in "ZX":
            found.append(int(path.parent.name))
    return found


def started_with(part: Part) -> list[int]:
    """Everything that was started with the part's state folder, in whatever session. Redis, which
    writes over its own environment, works in it.
    """
    state = part.environ["STATE_DIR"]
    mark = f"STATE_DIR={state}\0".encode()
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if mark in (path / "environ").read_bytes() or (path / "cwd").readlink().is_relative_to(
                state
            ):
                found.append(int(path.name))
    return found


def running(words: str, of: list[int]) -> list[int]:
    """Those processes among ``of`` whose command line has these words."""
    found = []
    for pid in of:
        with suppress(OSError):
            line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            if words in line and "tied.py" not in line:
                found.append(pid)
    return found
