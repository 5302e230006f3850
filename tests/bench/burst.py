"""500 signed events at once, each on a connection of its own, as Zoom may send them when an app is
removed from a whole account: half of them of hosts. Beside it 500 requests to a bare Flask route.

Zoom takes an answer that comes after three seconds for none.
"""

import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from flask import Flask

from bookme.clock import utcnow
from bookme.models import Connection, ConnectionStatus
from bookme.sealed import user_digests
from bookme.webhooks.signature import digest
from tests import factories
from tests.bench import wire, world
from tests.bench.server import BARE, BOOKME, serving
from tests.bench.table import Row
from tests.servers import RedisServer

EVENTS = 500
SECRET, CLIENT = "a secret of the bench", "bench"


def figures() -> Iterator[Row]:
    """How long answers took, and how many came too late or were not 200; the yardstick's first."""
    with tempfile.TemporaryDirectory(prefix="bookme-bench-") as folder:
        redis = RedisServer(Path(folder)).start()
        environ = world.environment(Path(folder)) | {
            "ZOOM_WEBHOOK_SECRET": SECRET,
            "ZOOM_CLIENT_ID": CLIENT,
            "ZOOM_CLIENT_SECRET": SECRET,
            "REDIS_URL": redis.url,
        }
        _connect_hosts(world.application(environ))
        try:
            with serving(BARE, environ, processes=2) as bare:
                yield from _figures("bare route", _burst(bare.port, lambda _: wire.get("/")))
            with serving(BOOKME, environ, processes=2) as bookme:
                yield from _figures("events", _burst(bookme.port, _event), late=0)
        finally:
            redis.stop()


def _figures(name: str, taken: list[float], late: float | None = None) -> Iterator[Row]:
    in_order = sorted(taken)
    yield Row(f"{name}: median", statistics.median(taken) * 1000, "ms")
    yield Row(f"{name}: 95th percentile", in_order[EVENTS * 95 // 100 - 1] * 1000, "ms")
    yield Row(f"{name}: slowest", in_order[-1] * 1000, "ms")
    yield Row(f"{name}: not answered with 200 in 3 s", sum(one > 3 for one in taken), "", late)


def _connect_hosts(app: Flask) -> None:
    """Every second event is of a host's account."""
    with app.app_context():
        for number in range(0, EVENTS, 2):
            factories.host(another=True, connections=[_connection(f"user-{number}")])
        world.let_go()


def _connection(user_id: str) -> Connection:
    yesterday = utcnow() - timedelta(days=1)
    return Connection(
        provider="zoom",
        status=ConnectionStatus.ACTIVE,
        seal_id=uuid4().hex,
        user_digest=user_digests("zoom", user_id)[0],
        connected_at=yesterday,
        refreshed_at=yesterday,
        checked_at=yesterday,
        generation=1,
    )


def _burst(port: int, request: Callable[[int], bytes]) -> list[float]:
    """Seconds that each answer took; endless for what was not 200."""
    taken = [float("inf")] * EVENTS
    together = threading.Barrier(EVENTS)
    threads = [
        threading.Thread(target=_send, args=(port, request(number), taken, number, together))
        for number in range(EVENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def _send(
    port: int, request: bytes, taken: list[float], number: int, together: threading.Barrier
) -> None:
    together.wait()
    began = time.perf_counter()
    try:
        with wire.connected(port) as line:
            if wire.asked(line, request).status == 200:
                taken[number] = time.perf_counter() - began
    except OSError:
        pass


def _event(number: int) -> bytes:
    payload = {
        "client_id": CLIENT,
        "user_id": f"user-{number}",
        "deauthorization_time": datetime.now(UTC).isoformat(),
    }
    body = json.dumps({"event": "app_deauthorized", "payload": payload}).encode()
    stamp = str(int(time.time()))
    signature = digest(SECRET, b"v0:" + stamp.encode() + b":" + body)
    head = (
        "POST /webhooks/zoom HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"x-zm-signature: v0={signature}\r\nx-zm-request-timestamp: {stamp}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
