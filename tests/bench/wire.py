"""HTTP as it stands on the wire, over connections that are kept."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    :param head: as it came, the status line first.
    """

    head: bytes
    body: bytes

    @property
    def status(self) -> int:
        return int(self.head[9:12])

    def header(self, name: str) -> str:
        """A header's value; empty where there is none."""
        for line in self.head.split(b"\r\n")[1:]:
            said, _, value = line.partition(b":")
            if said.lower() == name.encode():
                return value.strip().decode()
        return ""


def get(path: str, **headers: str) -> bytes:
    """A GET. Underscores in headers' names stand for hyphens."""
    said = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{said}\r\n".encode()


def post(path: str, body: bytes) -> bytes:
    """A form's POST."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    line = socket.create_connection(("127.0.0.1", port), timeout=20)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        yield line
    finally:
        line.close()


def asked(line: socket.socket, request: bytes) -> Answer:
    """Send a request and read its answer."""
    line.sendall(request)
    return answer(line)


def answer(line: socket.socket) -> Answer:
    """One whole answer; BookMe's and the yardstick's have a Content-Length."""
    seen = b""
    while b"\r\n\r\n" not in seen:
        seen += _some(line)
    head, _, body = seen.partition(b"\r\n\r\n")
    length = int(Answer(head, b"").header("content-length") or 0)
    while len(body) < length:
        body += _some(line)
    return Answer(head, body)


def _some(line: socket.socket) -> bytes:
    piece = line.recv(65536)
    if not piece:
        raise ConnectionError("the server closed the connection")
    return piece
