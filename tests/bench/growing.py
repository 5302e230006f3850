"""A host with 50,000 bookings beside one with 1,000, who both have two hundred ahead."""

from collections.abc import Iterator
from datetime import timedelta

from bookme.models import Schedule
from tests.bench import beside, wire, world
from tests.bench.beside import Requests
from tests.bench.running import running
from tests.bench.table import Row

_AHEAD, _SMALL, _LARGE = 200, 1_000, 50_000
_WANTED = 1.2
_PAGES = {
    "dashboard": "/dashboard",
    "upcoming list": "/dashboard/bookings",
    "past list": "/dashboard/bookings?show=past",
    "search that finds a few": "/dashboard/bookings?show=all&q=ana{}@",
    "search that finds nothing": "/dashboard/bookings?show=all&q=nobody",
}


def figures() -> Iterator[Row]:
    """What the larger host pays of the smaller one's cost."""
    with running(hosts=2, bookings=0, fill=_fill) as bench:
        small, large = ([_asked(p, cookie) for p in _PAGES.values()] for cookie in bench.cookies)
        pairs = {name: (large[n], small[n]) for n, name in enumerate(_PAGES)}
        for name, (ratio, cost) in beside.quotients(bench.bookme, pairs).items():
            note = f"{cost:.1f} ms of processor time"
            yield Row(f"{name}: 50,000 beside 1,000", ratio, "x", _WANTED, note=note)


def _asked(path: str, cookie: str) -> Requests:
    return world.endless(wire.get(path.format(999), Cookie=cookie)), 200


def _fill(schedules: list[Schedule]) -> None:
    for schedule, number in zip(schedules, (_SMALL, _LARGE), strict=True):
        end = world.midnight() + timedelta(minutes=30 * _AHEAD)
        world.book(schedule, [end - timedelta(minutes=30 * n) for n in range(number)])
