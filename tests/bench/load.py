"""A load on one server of this machine: bounded in time, over kept connections."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Rate:
    """What a load came to.

    :param a_second: answers with the expected status a second.
    :param others: answers with another status, which should be none.
    """

    a_second: float
    others: int


def measure(port: int, request: Callable[[], bytes], status: int, seconds: float) -> Rate:
    """Send requests for some seconds over :data:`CONNECTIONS` connections and count the answers."""
    good, others = [0] * CONNECTIONS, [0] * CONNECTIONS
    ends = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=_client, args=(port, request, status, ends, good, others, number))
        for number in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Rate(sum(good) / seconds, sum(others))


def get(path: str) -> bytes:
    """A GET as it stands on the wire."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def post(path: str, body: bytes) -> bytes:
    """A form's POST as it stands on the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _client(
    port: int,
    request: Callable[[], bytes],
    status: int,
    ends: float,
    good: list[int],
    others: list[int],
    number: int,
) -> None:
    expected = f"HTTP/1.1 {status} ".encode()
    with connected(port) as line:
        while time.perf_counter() < ends:
            line.sendall(request())
            if answer(line).startswith(expected):
                good[number] += 1
            else:
                others[number] += 1


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    line = socket.create_connection(("127.0.0.1", port), timeout=20)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        yield line
    finally:
        line.close()


def answer(line: socket.socket) -> bytes:
    """One whole answer; BookMe's and the yardstick's have a Content-Length."""
    seen = b""
    while b"\r\n\r\n" not in seen:
        seen += _some(line)
    head, _, body = seen.partition(b"\r\n\r\n")
    lower = head.lower()
    start = lower.find(b"content-length:")
    length = int(lower[start + 15 :].split(b"\r\n", 1)[0]) if start >= 0 else 0
    while len(body) < length:
        body += _some(line)
    return head


def _some(line: socket.socket) -> bytes:
    piece = line.recv(65536)
    if not piece:
        raise ConnectionError("the server closed the connection")
    return piece
