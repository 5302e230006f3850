"""The public page beside 200 clients that are slow or idle, with nothing between them and BookMe.

Each kind of slow client is as slow as it can be for as long as the page is measured; one that is
dropped comes back at once.
"""

import itertools
import selectors
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.bench import wire
from tests.bench.running import running
from tests.bench.table import Row

CLIENTS = 200
#: Requests of the page that each figure is made of.
LOOKS = 100
#: Seconds between two bytes of a slow client.
PACE = 1.0

_HEAD = "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded"
_BODY = f"{_HEAD}\r\nContent-Length: 1000\r\n\r\n"
_PATHS = itertools.cycle(("/booking/x/cancel", "/booking/x/reschedule", "{page}/book", "/sign-in"))


@dataclass
class Slow:
    """A kind of slow client.

    :param first: what it sends at once, for a path.
    :param then: what it sends a byte of now and then; nothing when empty.
    """

    name: str
    first: str
    then: bytes = b""


KINDS = (
    Slow("idle", ""),
    Slow("a head, a byte a second", "GET ", b"a"),
    Slow("a head that stops", "GET {path} HTTP/1.1\r\nHost: loc"),
    Slow("a body, a byte a second", _BODY, b"a"),
    Slow("a body that never comes", _BODY),
    Slow(
        "a chunked body without end",
        f"{_HEAD}\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"1\r\na\r\n",
    ),
    Slow("asks, and does not read", "GET {page} HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20),
)


def figures() -> Iterator[Row]:
    """Median and 95th percentile of the page, alone and beside each kind."""
    with running(hosts=1, bookings=20) as bench:
        port, page = bench.bookme.port, bench.pages[0]
        _look(port, page)  # warm
        alone = _look(port, page)
        yield _row("alone", alone, alone)
        for kind in KINDS:
            with _beside(kind, port, page):
                yield _row(f"beside {CLIENTS}: {kind.name}", _look(port, page), alone)


def _row(name: str, taken: list[float], alone: list[float]) -> Row:
    median, usual = statistics.median(taken), statistics.median(alone)
    late = statistics.quantiles(taken, n=20)[-1]
    note = f"p95 {late * 1000:.0f} ms, {median / usual:.2f} times alone"
    return Row(name, median * 1000, "ms", note=note)


def _look(port: int, page: str) -> list[float]:
    """Seconds that each look at the page took, a new connection each."""
    request = wire.get(page)
    taken = []
    for _ in range(LOOKS):
        began = time.perf_counter()
        with wire.connected(port) as line:
            assert wire.asked(line, request).status == 200
        taken.append(time.perf_counter() - began)
    return taken


@contextmanager
def _beside(kind: Slow, port: int, page: str) -> Iterator[None]:
    """Slow clients of one kind, in a thread, until the block ends."""
    stopped, ready = threading.Event(), threading.Event()
    crowd = threading.Thread(target=_crowd, args=(kind, port, page, stopped, ready))
    crowd.start()
    try:
        ready.wait(30)
        yield
    finally:
        stopped.set()
        crowd.join()


def _crowd(
    kind: Slow, port: int, page: str, stopped: threading.Event, ready: threading.Event
) -> None:
    with selectors.DefaultSelector() as lines:
        for _ in range(CLIENTS):
            _enter(kind, port, page, lines)
        ready.set()
        while not stopped.wait(PACE):
            for key in list(lines.get_map().values()):
                line = key.fileobj
                assert isinstance(line, socket.socket)
                if not _lives(kind, line):
                    lines.unregister(line)
                    line.close()
                    _enter(kind, port, page, lines)
        for key in list(lines.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]


def _enter(kind: Slow, port: int, page: str, lines: selectors.BaseSelector) -> None:
    line = socket.create_connection(("127.0.0.1", port), timeout=20)
    path = next(_PATHS).format(page=page)
    line.sendall(kind.first.format(path=path, page=page).encode())
    line.setblocking(False)
    lines.register(line, selectors.EVENT_READ)


def _lives(kind: Slow, line: socket.socket) -> bool:
    """Send a little more; return whether the server has kept the connection."""
    try:
        if kind.then:
            line.sendall(kind.then)
            return not line.recv(4096)
        if not kind.first:
            return bool(line.recv(1))
    except BlockingIOError:
        return True
    except OSError:
        return False
    return True
