"""A Redis connection pool for the web: gives up fast, and after a failure stays off for a while."""

import time
from typing import Any

from redis import Connection, ConnectionPool, SSLConnection, UnixDomainSocketConnection
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, TimeoutError
from redis.retry import Retry

from bookme.meters import count

PATIENCE = 0.2
OFF_FOR = 10.0


class BreakerPool(ConnectionPool):
    """Hands out connections unless Redis failed in the last :data:`OFF_FOR` seconds.

    Every failure of a connection of this pool, stopped or frozen server alike, costs one caller
    :data:`PATIENCE` seconds and the others nothing.

    :raises redis.exceptions.ConnectionError: at once while off.
    """

    off_until = 0.0

    def get_connection(self, *args: Any, **kwargs: Any) -> Any:
        if self.is_off:
            raise ConnectionError("Redis is left alone for a while after a failure")
        try:
            return super().get_connection(*args, **kwargs)
        except (ConnectionError, TimeoutError):
            self.trip()
            raise

    @property
    def is_off(self) -> bool:
        return time.monotonic() < self.off_until

    def trip(self) -> None:
        """Leave Redis alone for a while."""
        self.off_until = time.monotonic() + OFF_FOR
        count.breaker_open("redis", OFF_FOR)


def breaker_pool(url: str) -> BreakerPool:
    """A pool for ``url`` whose connections report their failures to it."""
    pool = BreakerPool.from_url(
        url,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=0,
    )
    pool.connection_class = _reporting(pool.connection_class, pool)
    return pool


def _reporting(kind: Any, pool: BreakerPool) -> Any:
    """A subclass of a Redis connection that trips ``pool`` when sending or reading fails."""

    class Reporting(kind):
        def send_packed_command(self, *args: Any, **kwargs: Any) -> Any:
            try:
                return super().send_packed_command(*args, **kwargs)
            except (ConnectionError, TimeoutError):
                pool.trip()
                raise

        def read_response(self, *args: Any, **kwargs: Any) -> Any:
            try:
                return super().read_response(*args, **kwargs)
            except (ConnectionError, TimeoutError):
                pool.trip()
                raise

    assert issubclass(kind, Connection | SSLConnection | UnixDomainSocketConnection)
    return Reporting
