"""One HTTP request that is over, one way or another, when its time is.

``requests`` has a session of its own in each thread of :mod:`bookme.deadline`.
"""

import time
from http.client import HTTPException
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from bookme.deadline import Exchange, current, what_failed
from bookme.errors import ProviderUnavailable, Rejected
from bookme.meters import count
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
    exchange = Exchange(f"call to {provider}", lambda _: _answer(asked, most))
    began = time.perf_counter()
    outcome = exchange.within(deadline)
    status = outcome.status if isinstance(outcome, Answer) else None
    count.call(provider, status, time.perf_counter() - began)
    # Raised here, outside any except block: a chained exception of requests would show the address
    # and with it calendar or meeting ids to whoever prints the traceback.
    if outcome is None:
        detail = f"no answer in {deadline:g} s"
        raise ProviderUnavailable(provider, detail, sent=exchange.sent)
    if (
        isinstance(outcome, ValueError) and not exchange.connected
    ):  # an impossible address or header
        raise Rejected(provider, f"request not sent: {type(outcome).__name__}")
    if isinstance(outcome, (OSError, HTTPError, HTTPException, ValueError)):
        sent = exchange.sent and not isinstance(outcome, requests.ConnectTimeout)
        raise ProviderUnavailable(provider, f"no answer: {what_failed(outcome)}", sent=sent)
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


class OverlongBody(OSError):
    """The answer has more bytes than anybody asked for."""


def _answer(asked: dict[str, Any], most: int) -> Answer:
    # An auth that does nothing keeps requests from looking for one in a .netrc.
    request = {"auth": _unchanged, **asked, "allow_redirects": False, "stream": True}
    with requests.Session() as session:
        for scheme in ("https://", "http://"):
            session.mount(scheme, _Adapter(pool_connections=1, pool_maxsize=1))
        with session.request(**request) as response:
            content = bytearray()
            for piece in response.iter_content(64 * 1024):
                content += piece
                if len(content) > most:
                    raise OverlongBody
            return Answer(response.status_code, response.headers, bytes(content))


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


class _Connection(HTTPConnection):
    def connect(self) -> None:
        exchange = current()
        exchange.step(sent=False)
        super().connect()
        exchange.step(sent=True, connection=self.sock)


class _SecureConnection(HTTPSConnection):
    def connect(self) -> None:
        exchange = current()
        exchange.step(sent=False)
        super().connect()
        exchange.step(sent=True, connection=self.sock)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    """Connections that tell the exchange when they open, through a proxy too."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs)
        if not proxy.lower().startswith("socks"):  # has connections of its own
            manager.pool_classes_by_scheme = self.poolmanager.pool_classes_by_scheme
        return manager
