"""A stopped or a frozen Redis costs one request a moment and the others nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError, TimeoutError

from bookme import breaker
from bookme.breaker import BreakerPool, breaker_pool
from tests.servers import RedisServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path).start()
    yield server
    server.stop()


@pytest.fixture
def pool(server: RedisServer) -> Iterator[BreakerPool]:
    pool = breaker_pool(server.url)
    yield pool
    pool.disconnect()


def test_a_working_redis_is_used(pool: BreakerPool) -> None:
    assert Redis(connection_pool=pool).ping()
    assert not pool.is_off


def test_a_frozen_redis_is_left_alone_after_one_time_out(
    server: RedisServer, pool: BreakerPool
) -> None:
    client = Redis(connection_pool=pool)
    client.ping()
    server.freeze()
    with pytest.raises(TimeoutError):
        client.ping()
    assert pool.is_off
    with pytest.raises(ConnectionError, match="left alone"):
        client.ping()
    server.thaw()


def test_a_stopped_redis_is_left_alone_after_one_refusal(
    server: RedisServer, pool: BreakerPool
) -> None:
    client = Redis(connection_pool=pool)
    client.ping()
    server.stop()
    with pytest.raises(ConnectionError):
        client.ping()
    assert pool.is_off


def test_it_is_tried_again_after_a_while(
    server: RedisServer, pool: BreakerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Redis(connection_pool=pool)
    pool.trip()
    with pytest.raises(ConnectionError):
        client.ping()
    later = breaker.time.monotonic() + breaker.OFF_FOR
    monkeypatch.setattr(breaker.time, "monotonic", lambda: later)
    assert client.ping()
