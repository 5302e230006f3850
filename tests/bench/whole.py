"""BookMe as `make run` has it, with the sandbox for its outside: what its processes take at rest,
and how long a booker waits for the link.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urljoin

import requests
from bs4 import BeautifulSoup

from tests.bench import processor
from tests.bench.table import Row
from tests.people import book, new_booker, new_host
from tests.processes import Part
from tests.system import System
from tests.visitor import Visitor

_BOOKINGS = 8
_MEGABYTES = 55
_HALF, _NEARLY_ALL = 0.8, 2.0
#: Seconds after which a link will not come.
_PATIENCE = 60


class AsRun(System):
    """Web, workers and sweep of one program, which forks them."""

    @cached_property
    def whole(self) -> Part:
        """The program."""
        return self._part("bookme", [sys.executable, "-m", "bookme.running.whole"])

    @property
    def parts(self) -> list[Part]:
        return [self.whole]


def figures() -> Iterator[Row]:
    """Memory first, before anybody has come."""
    settings = {"RATE_LIMITS": "off", "JOB_WORKERS": "2"}
    with (
        tempfile.TemporaryDirectory(prefix="bookme-bench-") as folder,
        AsRun(Path(folder), waits_divided_by=1, environ=settings) as system,
    ):
        yield from _memory(system.whole.pids)
        host = new_host(system)
        host.connect_zoom()
        offer = host.publish(video_provider="zoom")
        waits = [_wait_for_link(book(offer, new_booker())) for _ in range(_BOOKINGS)]
        late = quantiles(waits, n=20)[-1]
        yield Row("booked to link on the booker's page, median", median(waits), "s", _HALF)
        yield Row("booked to link on the booker's page, p95", late, "s", _NEARLY_ALL)


def _memory(pids: list[int]) -> Iterator[Row]:
    """Of each process, what is shared counted by shares."""
    names = {pid: Path(f"/proc/{pid}/comm").read_text().strip() for pid in pids}
    for kind in ("web", "worker", "sweep"):
        each = [processor.megabytes([pid]) for pid in pids if names[pid] == f"bookme-{kind}"]
        note = f"{len(each)} processes, {sum(each):.0f} MB" if len(each) > 1 else ""
        yield Row(f"{kind} at rest, PSS of a process", max(each), "MB", _MEGABYTES, note=note)
    yield Row("all of them", processor.megabytes(pids), "MB")


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
