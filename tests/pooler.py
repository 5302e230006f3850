"""A pooler in transaction mode before PostgreSQL, as PgBouncer is: each transaction gets whichever
connection to the server is free, so nothing that a session keeps is there for the next.

    with Pooler(url) as pooler:
        create_app(... pooler.url ...)

The connections take turns, so that what PgBouncer does under load happens here always.
"""

import queue
import socket
import socketserver
import struct
import threading
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa

#: What a client asks before it begins: for TLS, for GSSAPI, to cancel something.
_SSL, _GSS, _CANCEL = 80877103, 80877104, 80877102
_PROTOCOL = 196608
#: What a client is told of the server.
_SAID = {
    "server_version": "16.0",
    "client_encoding": "UTF8",
    "standard_conforming_strings": "on",
    "integer_datetimes": "on",
}
#: After these the server answers until it is ready for the next.
_ASKS = b"QSF"


class Pooler:
    """Listens on a port of this machine.

    :param url: a database of a server that lets this machine's user in without a password.
    :param connections: as many to the server; more transactions than that wait.
    :ivar url: the same database through the pooler.
    """

    def __init__(self, url: str, connections: int = 5) -> None:
        target = sa.make_url(url)
        self._free: queue.Queue[_Wire] = queue.Queue()
        self._wires = [_opened(target) for _ in range(connections)]
        for wire in self._wires:
            self._free.put(wire)
        self._server = _Server(("127.0.0.1", 0), _Client)
        self._server.free = self._free
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        host, port = "127.0.0.1", self._server.server_address[1]
        through = sa.URL.create(target.drivername, target.username, None, host, port)
        self.url = through.set(database=target.database).render_as_string(hide_password=False)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        for wire in self._wires:
            wire.line.close()


class _Wire:
    """One connection that messages of PostgreSQL's protocol come over, at either end."""

    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self._file = line.makefile("rb")

    def begun(self) -> tuple[int, bytes]:
        """The first message, which has no kind: its code and the rest."""
        length, code = struct.unpack("!ii", self._exactly(8))
        return code, self._exactly(length - 8)

    def message(self) -> tuple[bytes, bytes]:
        """The next message: its kind, and the whole of it."""
        head = self._exactly(5)
        return head[:1], head + self._exactly(struct.unpack("!i", head[1:])[0] - 4)

    def send(self, message: bytes) -> None:
        self.line.sendall(message)

    def _exactly(self, length: int) -> bytes:
        found = self._file.read(length)
        if len(found) < length:
            raise ConnectionError("closed")
        return found


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    free: "queue.Queue[_Wire]"


class _Client(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client = _Wire(self.request)
        try:
            if self._is_let_in(client):
                while True:
                    self._transaction(client)
        except OSError:
            pass  # it has gone

    def _is_let_in(self, client: _Wire) -> bool:
        code, _ = client.begun()
        while code in (_SSL, _GSS):
            client.send(b"N")
            code, _ = client.begun()
        if code == _CANCEL:
            return False
        client.send(_made(b"R", struct.pack("!i", 0)))
        for name, value in _SAID.items():
            client.send(_made(b"S", f"{name}\0{value}\0".encode()))
        client.send(_made(b"K", struct.pack("!ii", 1, 1)) + _made(b"Z", b"I"))
        return True

    def _transaction(self, client: _Wire) -> None:
        """All messages of one, over one connection to the server."""
        kind, message = client.message()
        if kind == b"X":
            raise ConnectionError("it says goodbye")
        wire, state = self.server.free.get(), b"T"
        try:
            while state != b"I":
                wire.send(message)
                if kind in _ASKS:
                    state = _answered(wire, client)
                if state != b"I":
                    kind, message = client.message()
                    if kind == b"X":
                        raise ConnectionError("it goes in the middle")
        finally:
            if state != b"I":
                wire.send(_made(b"Q", b"ROLLBACK\0"))
                _answered(wire, None)
            self.server.free.put(wire)


def _answered(wire: _Wire, client: _Wire | None) -> bytes:
    """Pass on what the server says until it is ready; the state of the transaction then."""
    while True:
        kind, message = wire.message()
        if client is not None:
            client.send(message)
        if kind == b"Z":
            return message[-1:]


def _opened(target: sa.URL) -> _Wire:
    query: dict[str, Any] = dict(target.query)
    folder, port = query.get("host"), target.port or query.get("port") or 5432
    if folder:
        line = socket.socket(socket.AF_UNIX)
        line.connect(f"{folder}/.s.PGSQL.{port}")
    else:
        line = socket.create_connection((target.host or "127.0.0.1", int(port)))
    wire = _Wire(line)
    named = f"user\0{target.username}\0database\0{target.database}\0\0".encode()
    wire.send(struct.pack("!ii", len(named) + 8, _PROTOCOL) + named)
    _answered(wire, None)
    return wire


def _made(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body
