"""Requests to BookMe beside requests to the yardstick, in turns."""

import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from tests.bench import processor, wire
from tests.bench.server import Served

#: Turns of each kind, requests in each, and those to the yardstick beside them.
TURNS, REQUESTS, BARE_REQUESTS = 9, 5, 40

#: Makes the next request of a kind, and names the status that its answer must have.
Requests = tuple[Iterator[bytes], int]


@dataclass(frozen=True, slots=True)
class Found:
    """What requests of a kind cost.

    :ivar ratio: median of its cost in the yardstick's.
    :ivar milliseconds: median of processor time.
    :ivar size: bytes of an answer.
    """

    ratio: float
    milliseconds: float
    size: int


def ratios(
    subject: Served,
    bare: Served,
    kinds: Mapping[str, Requests],
    yardstick: Callable[[str, int], bytes],
) -> dict[str, Found]:
    """What a request of each kind costs. A turn asks the yardstick, then a kind, so that both have
    the same weather.

    :param yardstick: makes the yardstick's request for a kind and the bytes of its answers.
    """
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in kinds}
    sizes: dict[str, int] = {}
    with wire.connected(subject.port) as line, wire.connected(bare.port) as other:
        for name, requests in kinds.items():
            sizes[name] = _bytes(line, requests)
        for _ in range(TURNS):
            for name, requests in kinds.items():
                request = yardstick(name, sizes[name])
                usual = _cost(bare, other, (_again(request), 0), BARE_REQUESTS)
                cost = _cost(subject, line, requests, REQUESTS)
                found[name].append((cost / usual, cost))
    return {
        name: Found(median(r for r, _ in turns), 1000 * median(c for _, c in turns), sizes[name])
        for name, turns in found.items()
    }


def quotients(
    subject: Served, pairs: Mapping[str, tuple[Requests, Requests]]
) -> dict[str, tuple[float, float]]:
    """Of each pair of kinds: the median of what the first costs in the second's, and its ms."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in pairs}
    with wire.connected(subject.port) as line:
        for turn in range(TURNS + 1):
            for name, (one, other) in pairs.items():
                cost, usual = (_cost(subject, line, kind, REQUESTS) for kind in (one, other))
                if turn:  # the first warms up
                    found[name].append((cost / usual, cost))
    return {
        name: (median(r for r, _ in turns), 1000 * median(c for _, c in turns))
        for name, turns in found.items()
    }


def _cost(served: Served, line: socket.socket, requests: Requests, number: int) -> float:
    """Seconds of processor time a request."""
    asks, status = requests
    pids = served.pids
    before = processor.seconds(pids)
    for _ in range(number):
        request = next(asks)
        found = wire.asked(line, request).status
        if status and found != status:
            raise AssertionError(f"{found} instead of {status}: {request[:200]!r}")
    return (processor.seconds(pids) - before) / number


def _bytes(line: socket.socket, requests: Requests) -> int:
    """Of an answer, uncompressed; the first few also warm up what is made once a process."""
    asks, status = requests
    for _ in range(3):
        found = wire.asked(line, next(asks))
        assert found.status == status, found
    return len(found.body)


def _again(request: bytes) -> Iterator[bytes]:
    while True:
        yield request
