"""The pages that bookers and hosts wait for, beside a bare Flask route that returns as many bytes
through the same server: processor time a request.
"""

from collections.abc import Iterator

from bs4 import BeautifulSoup
from flask import Flask

from tests.bench import beside, wire, world
from tests.bench.beside import Found, Requests
from tests.bench.running import Bench, running
from tests.bench.table import Row

#: A first rendering is one for each of them.
HOSTS = 50
_BOOKER = {"Cookie": "zone=Europe/Lisbon", "Accept_Language": "en-GB"}
_SWAP = {**_BOOKER, "HX_Request": "true"}
_AGAIN = "the same page again"
#: How many bare routes a page may cost.
_WANTED = {
    "schedule's page, first rendering": 6.0,
    _AGAIN: 2.0,
    "swap of a day or month, first rendering": 5.0,
    "details form": 5.0,
    "booking's page": 5.0,
    "dashboard": 10.0,
    "list of bookings": 10.0,
}
_STATEMENTS = 6
_SWAP_KILOBYTES = 4


def bookers() -> Iterator[Row]:
    """Pages of bookers, each of a host with twenty bookings ahead."""
    with running(hosts=HOSTS, bookings=20) as bench:
        swaps, details = _links(bench.app, bench.pages)
        kinds = _kinds(bench, swaps, details)
        yield from _rows(beside.ratios(bench.bookme, bench.bare, kinds, _of_size))
        with wire.connected(bench.bookme.port) as line:
            asked = [wire.get(one, **_SWAP, Accept_Encoding="br") for one in swaps[:2]]
            sizes = [len(wire.asked(line, one).body) / 1000 for one in asked]
        yield Row("swap of a day or month, compressed", max(sizes), "kB", _SWAP_KILOBYTES)
        for name, path in {"schedule's page": bench.pages[1], "landing page": "/"}.items():
            yield Row(f"{name}: SQL statements", bench.statements(path), "")


def hosts() -> Iterator[Row]:
    """Pages of a host with a hundred bookings ahead."""
    paths = {"dashboard": "/dashboard", "list of bookings": "/dashboard/bookings"}
    with running(hosts=1, bookings=100) as bench:
        kinds: dict[str, Requests] = {
            name: (world.endless(wire.get(path, Cookie=bench.cookie)), 200)
            for name, path in paths.items()
        }
        yield from _rows(beside.ratios(bench.bookme, bench.bare, kinds, _of_size))
        for name, path in paths.items():
            yield Row(f"{name}: SQL statements", bench.statements(path), "", _STATEMENTS)


def _kinds(bench: Bench, swaps: list[str], details: list[str]) -> dict[str, Requests]:
    again = wire.get(bench.pages[0], **_BOOKER)
    booked = [f"/booking/{token}" for token in bench.tokens[::20]]
    asked = {
        "schedule's page, first rendering": (wire.get(one, **_BOOKER) for one in bench.pages),
        _AGAIN: world.endless(again),
        f"{_AGAIN}, compressed": world.endless(wire.get(bench.pages[0], **_BOOKER, **_SQUEEZED)),
        "swap of a day or month, first rendering": (wire.get(one, **_SWAP) for one in swaps),
        "details form": (wire.get(one, **_BOOKER) for one in details),
        "booking's page": (wire.get(one, **_BOOKER) for one in booked),
    }
    return {name: (requests, 200) for name, requests in asked.items()}


_SQUEEZED = {"Accept_Encoding": "br"}


def _links(app: Flask, pages: list[str]) -> tuple[list[str], list[str]]:
    """Of each page a day or a month to swap in, in turns, and the form behind its first time. Read
    by another process than the one that is measured, which has seen none of them.
    """
    swaps, details = [], []
    client = app.test_client()
    client.set_cookie("zone", "Europe/Lisbon")
    for number, path in enumerate(pages):
        page = BeautifulSoup(client.get(path).data, "html.parser")
        kind = "a.day[hx-get]" if number % 2 else "#later[hx-get], a[hx-get*='month=']"
        swaps.append(str(page.select(kind)[-1]["hx-get"]))
        details.append(str(page.select("a.time")[0]["href"]))
    return swaps, details


def _of_size(_name: str, size: int) -> bytes:
    return wire.get(f"/?size={size}")


def _rows(found: dict[str, Found]) -> Iterator[Row]:
    for name, one in found.items():
        note = f"{one.milliseconds:.2f} ms of processor time, {one.size / 1000:.1f} kB"
        yield Row(name, one.ratio, "x bare", _WANTED.get(name), note=note)
