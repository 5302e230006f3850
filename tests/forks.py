"""``python -m ...`` without the wait: programs of ours that are forked from a process which has
imported them all, as :mod:`bookme.running.whole` does it, too.

To import BookMe takes two seconds of processor time, and a run of the tests starts it a hundred
times. What is imported once is what a setting decides on import, so there is such a process for
each value of that (WAITS_DIVIDED_BY).
"""

import atexit
import ctypes
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import IO, Any

from bookme.running import tied

#: What may be asked for.
PROGRAMS = (
    "bookme.running.web",
    "bookme.jobs.processes.worker",
    "bookme.jobs.processes.sweep",
    "sandbox",
    "tests.baddays.clock",
)
_DECIDES = "WAITS_DIVIDED_BY"
_LONGEST = 1 << 17
_PR_SET_PDEATHSIG = 1


class Forked:
    """A program that runs; as much of ``subprocess.Popen`` as tests need."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self.pid = int(line.recv(_LONGEST))
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit status, as soon as it has one."""
        if self.returncode is None and select.select([self._line], [], [], 0)[0]:
            said = self._line.recv(_LONGEST)  # nothing, if whoever waits for it was killed
            self.returncode = int(said or -signal.SIGKILL)
            self._line.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.poll() is None:
            select.select([self._line], [], [], timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired("a forked program", timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class _Server:
    """The process that has imported everything, seen from the tests."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._turn = threading.Lock()
        words = [sys.executable, "-m", "tests.forks", str(theirs.fileno())]
        # It ends with the line.
        self._process = subprocess.Popen(words, env=environ, pass_fds=[theirs.fileno()])
        theirs.close()

    def start(self, order: dict[str, Any], files: Sequence[int]) -> Forked:
        mine, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with self._turn, theirs:
            socket.send_fds(self._line, [json.dumps(order).encode()], [theirs.fileno(), *files])
        return Forked(mine)

    def end(self) -> None:
        self._line.close()
        self._process.wait()


_servers: dict[str, _Server] = {}
_one_at_a_time = threading.Lock()


def can_be(command: Sequence[str]) -> bool:
    """Whether a command is one of those programs."""
    return list(command[:2]) == [sys.executable, "-m"] and command[2] in PROGRAMS


def started(
    command: Sequence[str],
    environ: Mapping[str, str],
    *,
    cwd: os.PathLike[str],
    stdout: IO[bytes],
    stderr: IO[bytes],
    stdin: int | None = None,
    start_new_session: bool = False,
) -> Forked:
    """Start one of PROGRAMS; it ends with this process."""
    decides = environ.get(_DECIDES, "")
    with _one_at_a_time:
        if not _servers:
            atexit.register(_end)
        if decides not in _servers:
            needed = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
            _servers[decides] = _Server(needed | ({_DECIDES: decides} if decides else {}))
        server = _servers[decides]
    order = {
        "argv": list(command[2:]),
        "environ": dict(environ),
        "folder": os.fspath(cwd),
        "session": start_new_session,
    }
    with open(os.devnull, "rb") as nothing:
        return server.start(order, [nothing.fileno(), stdout.fileno(), stderr.fileno()])


def _end() -> None:
    for server in _servers.values():
        server.end()


def _main() -> None:
    """Fork what is asked for until the tests end."""
    line = socket.socket(fileno=int(sys.argv[1]))
    for name in PROGRAMS:
        import_module(f"{name}.__main__" if name == "sandbox" else name)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever waits for them is another process
    while True:
        said, files, *_ = socket.recv_fds(line, _LONGEST, 4)
        if not said:
            return
        if not os.fork():
            line.close()
            break
        for number in files:
            os.close(number)
    _keep(json.loads(said), *files)


def _keep(order: dict[str, Any], line: int, *files: int) -> None:
    """Start the program, and tell its number and its exit status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _end_with_parent(signal.SIGKILL)
    if pid := os.fork():
        with socket.socket(fileno=line) as told:
            told.send(str(pid).encode())
            for number in files:
                os.close(number)
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            with suppress(OSError):
                told.send(str(code).encode())
        os._exit(0)
    os.close(line)
    _become(order, *files)


def _become(order: dict[str, Any], *files: int) -> None:
    _end_with_parent(signal.SIGTERM)
    if order["session"]:
        os.setsid()
    os.chdir(order["folder"])
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ |= order["environ"] | {tied.NAME: str(os.getpid())}
    time.tzset()
    name, *arguments = order["argv"]
    sys.argv[:] = [name, *arguments]
    warnings.filterwarnings("ignore", "'.*' found in sys.modules", RuntimeWarning)
    runpy.run_module(name, run_name="__main__", alter_sys=True)


def _end_with_parent(how: int) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, how)


if __name__ == "__main__":
    _main()
