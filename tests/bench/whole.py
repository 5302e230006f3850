"""BookMe as `make run` has it, with the sandbox for its outside: what its processes take at rest,
and how long a booker waits for the link.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup

from tests.bench import processor
from tests.bench.table import Row
from tests.people import book, new_booker, new_host
from tests.system import System
from tests.visitor import Visitor

_BOOKINGS = 8
_MEGABYTES = 55
_HALF, _NEARLY_ALL = 0.8, 2.0
#: Seconds after which a link will not come.
_PATIENCE = 60


def figures() -> Iterator[Row]:
    """Memory first, before anybody has come."""
    with (
        tempfile.TemporaryDirectory(prefix="bookme-bench-") as folder,
        System(Path(folder), waits_divided_by=1, environ={"RATE_LIMITS": "off"}) as system,
    ):
        yield from _memory(system)
        host = new_host(system)
        host.connect_zoom()
        offer = host.publish(video_provider="zoom")
        waits = [_wait_for_link(book(offer, new_booker())) for _ in range(_BOOKINGS)]
        late = quantiles(waits, n=20)[-1]
        yield Row("booked to link on the booker's page, median", median(waits), "s", _HALF)
        yield Row("booked to link on the booker's page, p95", late, "s", _NEARLY_ALL)


def _memory(system: System) -> Iterator[Row]:
    """Of each process, what is shared counted by shares."""
    parts = {"web": system.web, "worker": system.workers[0], "sweep": system.sweep}
    for name, part in parts.items():
        pids = part.pids
        each = [processor.megabytes([pid]) for pid in pids]
        note = f"{len(pids)} processes, {sum(each):.0f} MB" if len(pids) > 1 else ""
        yield Row(f"{name} at rest, PSS of a process", max(each), "MB", _MEGABYTES, note=note)
    everything = [pid for part in system.parts for pid in part.pids]
    yield Row("all of them", processor.megabytes(everything), "MB")


def _wait_for_link(booker: Visitor) -> float:
    """Seconds since the answer to the booking, asking as the page says to ask."""
    began = time.monotonic()
    page = booker.page
    while not page.select("#meeting a.main"):
        asks = page.select_one("#meeting[hx-get]")
        assert asks is not None, booker.text
        assert time.monotonic() - began < _PATIENCE, booker.text
        time.sleep(_delay(str(asks["hx-trigger"])))
        address = urljoin(booker.url, str(asks["hx-get"]))
        answer = requests.get(address, headers={"HX-Request": "true"}, timeout=_PATIENCE)
        page = BeautifulSoup(answer.text, "html.parser")
    return time.monotonic() - began


def _delay(trigger: str) -> float:
    """Seconds of htmx's ``load delay:3s``."""
    text = trigger.partition("delay:")[2].split()[0]
    return float(text[:-2]) / 1000 if text.endswith("ms") else float(text.removesuffix("s"))
