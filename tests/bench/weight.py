"""A booker's first visit and next page, as a browser loads them: the page, its files, each once."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from tests.bench import wire
from tests.bench.running import running
from tests.bench.table import Row

_KILOBYTES, _REQUESTS, _NEXT_REQUESTS = 14, 5, 1


class Browser:
    """Loads pages and, once each, their files that may be kept."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._kept: set[str] = set()

    def visit(self, path: str) -> list[int]:
        """The sizes of all answers to a visit, heads included."""
        page = self._load(path)
        sizes = [_size(page)]
        for address in _files(self._plain(path)):
            if address not in self._kept:
                found = self._load(address)
                sizes.append(_size(found))
                if "immutable" in found.header("cache-control"):
                    self._kept.add(address)
        return sizes

    def _load(self, path: str) -> wire.Answer:
        return wire.asked(self._line, wire.get(path, Accept_Encoding="br"))

    def _plain(self, path: str) -> bytes:
        return wire.asked(self._line, wire.get(path)).body


def figures() -> Iterator[Row]:
    """Bytes and requests of a first visit, a swap to another zone with it, and the next page."""
    with running(hosts=2, bookings=20) as bench, wire.connected(bench.bookme.port) as line:
        browser = Browser(line)
        first = browser.visit(bench.pages[0])
        yield Row("first visit", sum(first) / 1000, "kB", _KILOBYTES, note="heads included")
        yield Row("first visit: requests", len(first), "", _REQUESTS)
        again = browser.visit(bench.pages[1])
        yield Row("next page", sum(again) / 1000, "kB")
        yield Row("next page: requests", len(again), "", _NEXT_REQUESTS)


def _size(answer: wire.Answer) -> int:
    return len(answer.head) + 4 + len(answer.body)


def _files(page: bytes) -> list[str]:
    """What a browser loads with a page without being asked, as test_weight.py has it."""
    parsed = BeautifulSoup(page, "html.parser")
    links = [tag["href"] for tag in parsed.select("link[rel=stylesheet], link[rel~=icon]")]
    files = [tag["src"] for tag in parsed.select("script[src], img[src]:not([loading=lazy])")]
    sprites = [str(tag["href"]).partition("#")[0] for tag in parsed.select("use[href]")]
    found = {str(one) for one in [*links, *files, *sprites] if one}
    return sorted({urlsplit(one).path for one in found if not one.startswith("data:")})
