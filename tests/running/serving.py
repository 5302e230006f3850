"""A server of ours in this process, and clients that speak to it byte by byte."""

import io
import logging
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bookme.running.lanes import Lanes
from bookme.running.limits import Limits
from bookme.running.server import Server, serve

Start = Callable[..., Any]

#: Bytes of an answer that no socket's buffers hold.
LARGE = 32 * 1024 * 1024


class App:
    """Answers with what came. ``/wait`` waits until it may go on, ``/large`` is long."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()
        self.began = threading.Event()

    def __call__(self, environ: dict[str, Any], start: Start) -> list[bytes]:
        path = environ["PATH_INFO"]
        if path == "/wait":
            self.began.set()
            self.may_go_on.wait(20)
        if path == "/fails":
            raise ValueError("a secret")
        body = environ["wsgi.input"].read()
        if path == "/large":
            body = b"x" * LARGE
        if path == "/forwarded":
            body = environ.get("HTTP_X_FORWARDED_FOR", "").encode()
        start("200 OK", [("Content-Length", str(len(body))), ("X-Length", str(len(body)))])
        return [body] if environ["REQUEST_METHOD"] != "HEAD" else []


class Served:
    """A running server: ``url`` parts, and how to end it."""

    def __init__(self, app: App, limits: Limits, lanes: Lanes) -> None:
        self.app = app
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(100)
        self.port: int = listener.getsockname()[1]
        self.server = Server(app, listener, lanes, limits)
        self._stopped = threading.Event()
        self._thread = threading.Thread(
            target=serve, args=(self.server, self._stopped, 10.0), daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Tell it to end, as a signal does."""
        self._stopped.set()
        self.server.pull_trigger()

    def has_ended(self) -> bool:
        return not self._thread.is_alive()

    def close(self) -> None:
        self.app.may_go_on.set()
        self.stop()
        self._thread.join(20)
        self.server.task_dispatcher.shutdown()
        self.server.trigger.close()


class Line:
    """A client's connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=20)

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, text: str | bytes) -> "Line":
        self._socket.sendall(text.encode("latin-1") if isinstance(text, str) else text)
        return self

    def dribble(self, byte: bytes = b"a") -> str:
        """Send a byte now and then until the server has had enough; what it said."""
        self._socket.settimeout(0.02)
        try:
            while True:
                try:
                    return self.rest()
                except TimeoutError:
                    self._socket.sendall(byte)
        except OSError:
            return ""

    def answer(self, *, body: bool = True) -> str:
        """One answer, which has a Content-Length."""
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self._some(1)
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        rest = b""
        while body and len(rest) < length:
            rest += self._some(length - len(rest))
        return (head + rest).decode("latin-1")

    def rest(self) -> str:
        """Everything until the server closes; empty when it says nothing more."""
        seen = io.BytesIO()
        while piece := self._socket.recv(65536):
            seen.write(piece)
        return seen.getvalue().decode("latin-1")

    def is_closed(self) -> bool:
        """Whether the server has closed it."""
        self._socket.setblocking(False)
        try:
            return self._socket.recv(65536) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _some(self, most: int) -> bytes:
        piece = self._socket.recv(most)
        assert piece, "the server has closed the connection"
        return piece


@contextmanager
def served(
    threads: int = 1, apart: Mapping[str, int] | None = None, **limits: Any
) -> Iterator[Served]:
    """A server with one thread and these limits."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    one = Served(App(), Limits(**limits), Lanes(threads, apart or {}))
    try:
        yield one
    finally:
        one.close()
