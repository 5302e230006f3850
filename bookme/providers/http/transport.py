"""One HTTP request that is over, one way or another, when its time is.

``requests`` limits each read, not the whole, and name resolution not at all: a server that drips a
byte a second would hold a worker for hours. So every request runs in a daemon thread of its own
with a session of its own; the caller waits until the deadline, then shuts the socket and goes on.
Nothing outlives a call, so processes may fork between calls as they like.
"""

import socket
import threading
from http.client import HTTPException
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from bookme.errors import ProviderUnavailable, Rejected
from bookme.providers.http.answers import Answer

#: Seconds for the whole of a call: name resolution, connecting, headers and body.
DEADLINE = 10.0
#: The largest body that is read, in bytes, unless its caller expects more.
MOST = 1024 * 1024


def fetch(
    provider: str,
    method: str,
    url: str,
    *,
    deadline: float = DEADLINE,
    most: int = MOST,
    **request: Any,
) -> Answer:
    """Make one request and return the answer, whatever its status. Redirects are not followed.

    :param provider: the short name for errors.
    :param request: as for :func:`requests.request`. Only ``auth`` and ``headers`` authenticate;
        a ``.netrc`` is not looked at.
    :raises ProviderUnavailable: if there is no whole answer of at most ``most`` bytes within
        ``deadline`` seconds; ``error.sent`` is false only if the request certainly never left.
    :raises Rejected: if the request could not even be put together.
    """
    asked = {"method": method, "url": url, "timeout": deadline, **request}
    attempt = _Attempt(provider, asked, most)
    attempt.start()
    try:
        attempt.join(deadline)
    finally:
        outcome = attempt.abandon()
    # Raised here, outside any except block: a chained exception of requests would show the address
    # and with it calendar or meeting ids to whoever prints the traceback.
    if outcome is None:
        detail = f"no answer in {deadline:g} s"
        raise ProviderUnavailable(provider, detail, sent=attempt.sent)
    if isinstance(outcome, ValueError) and not attempt.connected:  # an impossible address or header
        raise Rejected(provider, f"request not sent: {type(outcome).__name__}")
    if isinstance(outcome, (OSError, HTTPError, HTTPException, ValueError)):
        sent = attempt.sent and not isinstance(outcome, requests.ConnectTimeout)
        raise ProviderUnavailable(provider, f"no answer: {type(outcome).__name__}", sent=sent)
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


class OverlongBody(OSError):
    """The answer has more bytes than anybody asked for."""


class _Abandoned(OSError):
    """The caller has left; the request must not leave after him."""


class _Attempt(threading.Thread):
    """The thread that makes one request.

    ``sent`` starts true, because a transport that does not report (a test's) must count as having
    sent; it is false exactly while a connection is being opened, and when opening one failed.
    """

    def __init__(self, provider: str, request: dict[str, Any], most: int) -> None:
        super().__init__(name=f"call to {provider}", daemon=True)
        self.sent = True
        self._request = request
        self._most = most
        self._lock = threading.Lock()
        self._abandoned = False
        self._socket: socket.socket | None = None
        self._outcome: Answer | BaseException | None = None

    @property
    def connected(self) -> bool:
        return self._socket is not None

    def run(self) -> None:
        outcome: Answer | BaseException
        try:
            outcome = self._exchange()
        except BaseException as error:  # raised again, or translated, in the caller's thread
            outcome = error
        with self._lock:
            self._outcome = None if self._abandoned else outcome
            if self._socket is not None:
                _close(self._socket)

    def abandon(self) -> Answer | BaseException | None:
        """Return the outcome, or None if there is none yet, and then let there never be one."""
        with self._lock:
            self._abandoned = True
            if self._outcome is None and self._socket is not None:
                _shut(self._socket)
            return self._outcome

    def opening(self) -> None:
        with self._lock:
            self._leave_if_abandoned()
            self.sent = False

    def opened(self, connection: Any) -> None:
        with self._lock:
            self._leave_if_abandoned()
            self.sent = True
            self._socket = connection

    def _leave_if_abandoned(self) -> None:
        if self._abandoned:
            raise _Abandoned

    def _exchange(self) -> Answer:
        # An auth that does nothing keeps requests from looking for one in a .netrc.
        request = {"auth": _unchanged, **self._request, "allow_redirects": False, "stream": True}
        with requests.Session() as session:
            for scheme in ("https://", "http://"):
                session.mount(scheme, _Adapter(pool_connections=1, pool_maxsize=1))
            with session.request(**request) as response:
                content = bytearray()
                for piece in response.iter_content(64 * 1024):
                    content += piece
                    if len(content) > self._most:
                        raise OverlongBody
                return Answer(response.status_code, response.headers, bytes(content))


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _shut(connection: socket.socket) -> None:
    try:
        # Past the TLS layer, whose own shutdown may not run beside a read in another thread.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
    except OSError:
        pass  # closed meanwhile, or never fully open


def _close(connection: socket.socket) -> None:
    # urllib3 forgets the connection of an answer with an impossible head.
    descriptor = connection.detach()
    if descriptor != -1:
        socket.close(descriptor)


class _Connection(HTTPConnection):
    def connect(self) -> None:
        attempt = threading.current_thread()
        assert isinstance(attempt, _Attempt)
        attempt.opening()
        super().connect()
        attempt.opened(self.sock)


class _SecureConnection(HTTPSConnection):
    def connect(self) -> None:
        attempt = threading.current_thread()
        assert isinstance(attempt, _Attempt)
        attempt.opening()
        super().connect()
        attempt.opened(self.sock)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    """Connections that tell the attempt when they open, through a proxy too."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):  # has connections of its own
            manager.pool_classes_by_scheme = self.poolmanager.pool_classes_by_scheme
        return manager
