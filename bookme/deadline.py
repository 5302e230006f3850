"""One exchange with the outside that is over, one way or another, when its time is.

Libraries limit each read, not the whole, and name resolution not at all: a server that drips a byte
a second would hold a worker for hours. So every exchange runs in a daemon thread of its own; the
caller waits until the deadline, then shuts the socket and goes on. Nothing is taken back from the
thread afterwards, and none outlives a proper exchange, so processes may fork between them.
"""

import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")
#: What is wrong with a certificate, by OpenSSL's number of it.
_CERTIFICATES = {9: "its certificate isn't valid yet", 10: "its certificate has expired"}


class Abandoned(OSError):
    """The caller has left; nothing may leave after them."""


class Exchange(threading.Thread, Generic[T]):
    """The thread that makes one exchange.

    ``sent`` says whether it may have taken effect. It starts true, because work that does not
    report (a test's transport) must count as having sent.
    """

    def __init__(self, name: str, work: Callable[["Exchange[T]"], T]) -> None:
        super().__init__(name=name, daemon=True)
        self.sent = True
        self._work = work
        self._lock = threading.Lock()
        self._abandoned = False
        self._socket: socket.socket | None = None
        self._outcome: T | BaseException | None = None

    @property
    def connected(self) -> bool:
        return self._socket is not None

    def within(self, seconds: float) -> T | BaseException | None:
        """Make the exchange; return its answer or what went wrong, or None if its time is over, and
        then let there never be one.

        Nothing is raised here: an exception that is chained to a library's would show addresses.
        """
        self.start()
        try:
            self.join(seconds)
        finally:
            with self._lock:
                self._abandoned = True
                if self._outcome is None and self._socket is not None:
                    _shut(self._socket)
                outcome = self._outcome
        return outcome

    def step(self, *, sent: bool, connection: socket.socket | None = None) -> None:
        """For the work: say from here on whether it may have taken effect, and over which socket.

        :raises Abandoned: if nobody waits any more.
        """
        with self._lock:
            if self._abandoned:
                raise Abandoned
            self.sent = sent
            if connection is not None:
                self._socket = connection

    def settle(self, outcome: T | BaseException) -> None:
        """Say what came of it. The first word counts, and none that comes too late."""
        with self._lock:
            if self._outcome is None and not self._abandoned:
                self._outcome = outcome

    def run(self) -> None:
        try:
            self.settle(self._work(self))
        except BaseException as error:  # raised again, or translated, in the caller's thread
            self.settle(error)
        with self._lock:
            if self._socket is not None:
                _close(self._socket)


def current() -> Exchange[Any]:
    """The exchange whose thread this is."""
    exchange = threading.current_thread()
    assert isinstance(exchange, Exchange)
    return exchange


def what_failed(error: BaseException) -> str:
    """An error of a connection in a few words for the operator, without addresses; whose
    certificate is wrong is said, since nothing but waiting for its owner mends that.
    """
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, ssl.SSLCertVerificationError):
            return _CERTIFICATES.get(inner.verify_code, "its certificate isn't trusted")
        inner = inner.__context__
    return type(error).__name__


def _shut(connection: socket.socket) -> None:
    try:
        # Past the TLS layer, whose own shutdown may not run beside a read in another thread.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
    except OSError:
        pass  # closed meanwhile, or never fully open


def _close(connection: socket.socket) -> None:
    # Libraries forget the connection of an answer with an impossible head.
    descriptor = connection.detach()
    if descriptor != -1:
        socket.close(descriptor)
