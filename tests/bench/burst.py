"""500 signed events at once, each on a connection of its own, as Zoom may send them when an app is
removed from a whole account: half of them of hosts. Beside it 500 requests to a bare Flask route.

    python -m tests.bench.burst

Zoom takes an answer that comes after three seconds for none.
"""

import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from flask import Flask

from bookme import create_app
from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus
from bookme.sealed import user_digests
from bookme.webhooks.signature import digest
from tests import factories
from tests.bench import load, whole
from tests.servers import RedisServer

EVENTS = 500
SECRET, CLIENT = "a secret of the bench", "bench"


def figures() -> Iterator[tuple[str, float, str]]:
    """How long answers took, and how many came too late or were not 200; the yardstick's first."""
    with tempfile.TemporaryDirectory(prefix="bookme-bench-") as folder:
        redis = RedisServer(Path(folder)).start()
        environ = whole.environment(Path(folder)) | {
            "ZOOM_WEBHOOK_SECRET": SECRET,
            "ZOOM_CLIENT_ID": CLIENT,
            "ZOOM_CLIENT_SECRET": SECRET,
            "REDIS_URL": redis.url,
        }
        os.environ.update(environ)
        app = create_app()
        whole.fill(app)
        _connect_hosts(app)
        try:
            with whole.server("tests.bench.yardstick:app", environ) as port:
                yield from _figures("bare Flask route", _burst(port, lambda _: load.get("/")))
            with whole.server("wsgi:app", environ) as port:
                yield from _figures("events", _burst(port, _event))
        finally:
            redis.stop()


def _figures(name: str, taken: list[float]) -> Iterator[tuple[str, float, str]]:
    in_order = sorted(taken)
    yield f"{name}: median", statistics.median(taken) * 1000, "ms"
    yield f"{name}: 95th percentile", in_order[EVENTS * 95 // 100 - 1] * 1000, "ms"
    yield f"{name}: slowest", in_order[-1] * 1000, "ms"
    yield f"{name}: not answered with 200 in 3 s", float(sum(one > 3 for one in taken)), ""


def _connect_hosts(app: Flask) -> None:
    """Every second event is of a host's account."""
    with app.app_context():
        for number in range(0, EVENTS, 2):
            factories.host(another=True, connections=[_connection(f"user-{number}")])
        db.session.remove()
        db.engine.dispose()


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
        with load.connected(port) as line:
            line.sendall(request)
            if load.answer(line).startswith(b"HTTP/1.1 200 "):
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


if __name__ == "__main__":
    for name, value, unit in figures():
        sys.stdout.write(f"  {name:<58} {value:>10,.2f} {unit}\n")
