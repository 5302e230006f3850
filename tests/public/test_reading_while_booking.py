"""No reader is ever shown a time that was taken before they asked, whichever process answers."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import requests
import time_machine
from bs4 import BeautifulSoup
from flask import Flask

from tests import factories
from tests.patience import wait_until
from tests.processes import Part, ReservedPort, clean_environment

BOOKINGS, READERS = 12, 3
ALWAYS = [[[0, 1440]]] * 7


@contextmanager
def web(url: str, folder: Path) -> Iterator[str]:
    """BookMe's web server, two processes, on a database."""
    port = ReservedPort()
    environ = clean_environment() | {
        "STATE_DIR": str(folder),
        "DATABASE_URL": url,
        "REDIS_URL": "redis://localhost:1/0",
        "RATE_LIMITS": "off",
        "PORT": str(port.number),
        "WEB_WORKERS": "2",
    }
    command = [sys.executable, "-m", "bookme.running.web"]
    server = Part("web", command, environ, folder / "web.log")
    server.start()
    try:
        address = f"http://127.0.0.1:{port.number}"
        wait_until(lambda: _answers(address), "the web", 60)
        yield address
    finally:
        server.stop()
        port.close()


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/healthz", timeout=5).ok
    except requests.ConnectionError:
        return False


class Taken:
    """Times that have been booked for good, and what was shown too late."""

    def __init__(self) -> None:
        self.times: set[str] = set()
        self.wrong: list[str] = []
        self.pages = 0
        self.is_over = False

    def read(self, address: str) -> None:
        """Read the page over and over, each time on a connection of its own."""
        while not self.is_over:
            before = set(self.times)
            page = requests.get(address, timeout=60)
            assert page.status_code == 200
            self.wrong += sorted(before & offered(page.text))
            self.pages += 1


def offered(page: str) -> set[str]:
    links = BeautifulSoup(page, "html.parser").select("a.time")
    return {parse_qs(urlsplit(str(link["href"])).query)["at"][0] for link in links}


def test_no_page_shows_a_time_that_was_taken_before_it_was_asked_for(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    factories.schedule(week=ALWAYS)
    taken = Taken()
    with web(database_url, tmp_path) as address:
        page = f"{address}/mara/intro?zone=UTC&day={tomorrow()}"
        free = sorted(offered(requests.get(page, timeout=60).text))
        assert len(free) >= BOOKINGS
        readers = [threading.Thread(target=taken.read, args=(page,)) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        for number, at in enumerate(free[:BOOKINGS]):
            book(address, at, number)
            taken.times.add(at)
            time.sleep(0.05)  # so that pages are kept between two bookings
        seen = taken.pages
        wait_until(lambda: taken.pages > seen + READERS, "pages after the last booking", 60)
        taken.is_over = True
        for reader in readers:
            reader.join(60)
        last = offered(requests.get(page, timeout=60).text)
    assert taken.wrong == []
    assert last == set(free) - taken.times


def book(address: str, at: str, number: int) -> None:
    form = {
        "starts_at": at,
        "form_key": f"{number:032x}",
        "zone": "UTC",
        "name": "Ana Costa",
        "email": f"ana{number}@example.com",
    }
    answer = requests.post(
        f"{address}/mara/intro/book", data=form, timeout=60, allow_redirects=False
    )
    assert answer.status_code == 303, answer.text


def tomorrow() -> str:
    """By the clock of the processes, which nothing stops."""
    now = time_machine.escape_hatch.datetime.datetime.now(UTC)
    return f"{now + timedelta(days=1):%Y-%m-%d}"
