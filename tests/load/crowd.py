"""Many visitors at once, in one process."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.load.browser import Browser, Seen
from tests.load.visitor import PAGE, Pace, visit

#: Of its seconds, the part in which visitors come; the rest is for the last ones to go.
_COMING = 0.8
#: Visitors at once where it's about the number of requests.
_LINES = 8


@dataclass
class Crowd:
    """What visitors have seen.

    :ivar booked: where the bookings are that they made.
    :ivar seconds: from the first visitor to the last.
    :ivar cost: seconds of processor time that the visitors themselves took.
    """

    answers: list[Seen] = field(default_factory=list)
    booked: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cost: float = 0.0

    def note(self, seen: Seen) -> None:
        """Keep an answer, without its text."""
        self.answers.append(Seen(seen.kind, seen.status, seen.seconds, "", "", seen.was_cut))


async def come(
    port: int,
    pages: list[str],
    visitors: int,
    seconds: float,
    meanwhile: Callable[[], None],
    seed: int,
) -> Crowd:
    """Visitors who come one after another, and what they saw.

    :param meanwhile: is done once, when half of the time is over.
    """
    random, crowd, pace = Random(seed), Crowd(), Pace(10, 600 / seconds)
    began, before = time.perf_counter(), time.process_time()
    asyncio.get_running_loop().call_later(seconds / 2, meanwhile)
    tasks = []
    for number in range(visitors):
        own = Random(random.random())
        come_after = random.uniform(0, seconds * _COMING)
        page = pages[own.randrange(len(pages))]
        tasks.append(_visitor(port, crowd, page, number, own, pace, come_after))
    await asyncio.gather(*tasks)
    crowd.seconds = time.perf_counter() - began
    crowd.cost = time.process_time() - before
    return crowd


async def ask(port: int, pages: list[str], requests: int) -> Crowd:
    """So many looks at pages over a few connections, without a thought between."""
    crowd, left = Crowd(), iter(range(requests))

    async def look() -> None:
        browser = Browser(port, crowd.note)
        for number in left:
            await browser.get(PAGE, pages[number % len(pages)])
        browser.close()

    await asyncio.gather(*(look() for _ in range(_LINES)))
    return crowd


async def _visitor(
    port: int, crowd: Crowd, page: str, number: int, random: Random, pace: Pace, after: float
) -> None:
    await asyncio.sleep(after)
    booked = await visit(Browser(port, crowd.note), page, number, random, pace)
    if booked:
        crowd.booked.append(booked)
