"""500 signed events at once, each on a connection of its own, as Zoom may send them.

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
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bookme import create_app
from bookme.webhooks.signature import digest
from tests.bench import load, whole

EVENTS = 500
SECRET, CLIENT = "a secret of the bench", "bench"


def figures() -> Iterator[tuple[str, float, str]]:
    """How long answers took, and how many came too late or were not 200."""
    with tempfile.TemporaryDirectory(prefix="bookme-bench-") as folder:
        environ = whole.environment(Path(folder)) | {
            "ZOOM_WEBHOOK_SECRET": SECRET,
            "ZOOM_CLIENT_ID": CLIENT,
            "ZOOM_CLIENT_SECRET": SECRET,
        }
        os.environ.update(environ)
        whole.fill(create_app())
        with whole.server("wsgi:app", environ) as port:
            taken = sorted(_burst(port))
    yield "events: median", statistics.median(taken) * 1000, "ms"
    yield "events: 95th percentile", taken[EVENTS * 95 // 100 - 1] * 1000, "ms"
    yield "events: slowest", taken[-1] * 1000, "ms"
    yield "events not answered with 200 in 3 s", float(sum(one > 3 for one in taken)), ""


def _burst(port: int) -> list[float]:
    """Seconds that each answer took; endless for what was not 200."""
    taken = [float("inf")] * EVENTS
    together = threading.Barrier(EVENTS)
    threads = [
        threading.Thread(target=_send, args=(port, _event(number), taken, number, together))
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
