"""A booking's POST beside a bare Flask route that inserts one row, through the same web server:
processor time a request, taken in turn.

    python -m tests.bench.writes
"""

import itertools
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from bookme import create_app
from tests.bench import load, processor, whole
from tests.processes import ReservedPort

REQUESTS, ROUNDS = 60, 7


def figures() -> Iterator[tuple[str, float, str]]:
    """Milliseconds of both, and their ratio."""
    with tempfile.TemporaryDirectory(prefix="bookme-bench-") as folder:
        bare_url = f"sqlite:///{Path(folder) / 'bare.sqlite'}"
        environ = whole.environment(Path(folder)) | {"BARE_DATABASE_URL": bare_url}
        os.environ.update(environ)
        schedules, numbers = whole.fill(create_app()), itertools.count()
        row = load.post("/", urlencode({"name": "Ana Costa", "email": "ana@example.com"}).encode())
        with (
            _served("wsgi:app", environ) as ours,
            _served("tests.bench.bare_insert:app", environ) as bare,
        ):
            booking = partial(_cost, *ours, lambda: whole._booking(schedules, next(numbers)))
            insert = partial(_cost, *bare, lambda: row)
            booking(), insert()  # what is loaded once is no request's
            mine, theirs, ratio = processor.beside(booking, insert, ROUNDS)
    yield "bare INSERT", theirs * 1000, "ms"
    yield "booking (POST, committed)", mine * 1000, "ms"
    yield "  times the bare INSERT (<= 3)", ratio, ""


@contextmanager
def _served(app: str, environ: dict[str, str]) -> Iterator[tuple[int, int]]:
    """A server's process id and port."""
    reserved = ReservedPort()
    words = [sys.executable, "-m", "tests.bench.server", app, str(reserved.number)]
    server = subprocess.Popen(words, env=environ, stderr=subprocess.DEVNULL)
    try:
        whole._wait_for(reserved.number)
        yield server.pid, reserved.number
    finally:
        server.terminate()
        server.wait(20)
        reserved.close()


def _cost(pid: int, port: int, request: Callable[[], bytes]) -> float:
    before = processor.of_tree(pid)
    with load.connected(port) as line:
        for _ in range(REQUESTS):
            line.sendall(request())
            head = load.answer(line)
            if not head.startswith(b"HTTP/1.1 303 "):
                raise AssertionError(head.split(b"\r\n", 1)[0])
    return (processor.of_tree(pid) - before) / REQUESTS


if __name__ == "__main__":
    for name, value, unit in figures():
        sys.stdout.write(f"  {name:<58} {value:>10,.2f} {unit}\n")
