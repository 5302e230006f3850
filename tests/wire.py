"""A server of bare sockets that misbehaves as told, and what an error shows to a log."""

import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: What a script gets: the connection, after the request's head was read, and the test's end.
Script = Callable[[socket.socket, threading.Event], None]

TLS_HELLO = b"\x16\x03"
#: Nothing here takes longer, unless a test is about to fail.
PATIENCE = 20.0


class Server:
    """Answers each connection by a script. ``requests`` holds what it was sent."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._over = threading.Event()
        self.requests: list[bytes] = []
        #: Set when a connection is over, and when the client ended one before the script did.
        self.finished = threading.Event()
        self.dropped = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(PATIENCE)
        self._listener.close()

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(PATIENCE)
                try:
                    self.requests.append(_head(connection))
                    self._script(connection, self._over)
                except OSError:
                    self.dropped.set()
            self.finished.set()


@contextmanager
def serve(script: Script) -> Iterator[Server]:
    server = Server(script)
    try:
        yield server
    finally:
        server.close()


def says(answer: bytes) -> Script:
    """Answer with these bytes, and close."""
    return lambda connection, over: connection.sendall(answer)


def drips(start: bytes, drop: bytes, end: bytes) -> Script:
    """Answer, but put a drop in again and again for as long as anybody listens."""

    def script(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(start)
        # A client that waits to the end gets a perfect answer, and its test fails.
        for _ in range(int(PATIENCE / 2 / 0.02)):
            if over.wait(0.02):
                return
            connection.sendall(drop)
        connection.sendall(end)

    return script


def is_silent(connection: socket.socket, over: threading.Event) -> None:
    """Never answer; notice when the client goes."""
    if connection.recv(1) == b"":
        raise ConnectionAbortedError


def resets(connection: socket.socket, over: threading.Event) -> None:
    """Cut the connection hard."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def shown(error: BaseException) -> str:
    """All that a log, a traceback or a column could show of an error and of what it came from."""
    lines = [*traceback.format_exception_only(error), str(error), repr(error), repr(vars(error))]
    hidden = error.__context__ is None or error.__suppress_context__
    before = error.__cause__ if hidden else error.__context__
    return "\n".join([*lines, shown(before) if before is not None else ""])


def _head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(4096)
        head += piece
        if not piece or head.startswith(TLS_HELLO):
            break
    return head
