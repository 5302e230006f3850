"""What happens in a fault run, and when, decided by its seed before anything begins."""

import random
from collections.abc import Iterable, Iterator

from tests.faults import booking_plan, calendar_plan
from tests.faults.acts import (
    DISCONNECTED,
    HOSTS,
    LEAVING,
    REMOVED,
    ZOOM,
    Act,
    Plan,
    Size,
)

#: Seconds of trouble that are enough for several outages of Redis.
_LONG = 60


def make(seed: int, size: Size) -> Plan:
    """The plan of a run. The same seed and size make the same plan."""
    chance = random.Random(seed)
    people, owners = booking_plan.bookings(chance, size), [*_hosts(chance, size)]
    trouble = [*_kills(chance, size), *_redis(chance, size), *_mail(chance, size)]
    owners += calendar_plan.owners(chance, size)
    return Plan(_in_order(people), _in_order(owners), _in_order([*trouble, *_zoom(chance, size)]))


def _in_order(acts: Iterable[Act]) -> list[Act]:
    """By time; what happens at the same moment stays as it was decided."""
    return sorted(acts, key=lambda act: act.at)


def _hosts(chance: random.Random, size: Size) -> Iterator[Act]:
    def act(part: float, do: str, host: int) -> Act:
        at = (part + chance.uniform(-0.03, 0.03)) * size.seconds
        return Act(at, do, host, chance.random(), {"provider": ZOOM})

    yield act(0.25, "disconnect", DISCONNECTED)
    yield act(0.40, "connect", DISCONNECTED)
    yield act(0.50, "remove_at_zoom", REMOVED)
    yield act(0.60, "connect", REMOVED)
    yield act(0.90, "disconnect", LEAVING)
    for part in (0.2, 0.35, 0.55, 0.70, 0.80):
        yield act(part, "look_after", chance.choice(HOSTS))


def _kills(chance: random.Random, size: Size) -> Iterator[Act]:
    parts = ["worker"] * 6 + ["job"] * 3 + ["sweep"] * 2 + ["web"]
    for _ in range(max(5, round(size.seconds / 6))):
        at = chance.uniform(0, 0.97) * size.seconds
        which, number = chance.choice(parts), chance.randrange(size.workers)
        yield Act(at, f"kill_{which}", number)
        if which != "job":
            at = min(at + chance.uniform(0, 0.01) * size.seconds, size.seconds)
            yield Act(at, f"start_{which}", number)


def _redis(chance: random.Random, size: Size) -> Iterator[Act]:
    """Stopped, stopped and come back with nothing, frozen; and emptied now and then.

    Whoever meets a Redis that is gone leaves it alone for ten seconds, whatever waits are divided
    by: so a short run has one outage, and late, or nothing else would happen in it.
    """
    outages = [
        ("stop_redis", "start_redis"),
        ("stop_redis", "start_empty_redis"),
        ("freeze_redis", "thaw_redis"),
    ]
    chance.shuffle(outages)
    last = len(outages) - 1
    for number, (broken, mended) in enumerate(outages):
        at = ((0.15, 0.4, 0.7)[number] + chance.uniform(0, 0.1)) * size.seconds
        lasts = chance.uniform(0.03, 0.1) * size.seconds
        if size.seconds > _LONG or number == last:
            yield Act(at, broken)
            yield Act(at + lasts, mended)
    for _ in range(2):
        yield Act(chance.uniform(0, 1) * size.seconds, "empty_redis")


def _mail(chance: random.Random, size: Size) -> Iterator[Act]:
    """The mail server refuses connections, puts off, or hangs up after taking; then it works."""
    modes = ["refuse", "defer", "cut", "cut"]
    chance.shuffle(modes)
    for number, mode in enumerate(modes):
        begins = (number + chance.uniform(0.1, 0.5)) / len(modes) * size.seconds
        ends = begins + chance.uniform(0.05, 0.12) * size.seconds
        yield Act(begins, "set_outside", given={"mail": mode})
        yield Act(ends, "set_outside", given={"mail": "up"})


def _zoom(chance: random.Random, size: Size) -> Iterator[Act]:
    """Two storms in which three calls of four fail, and less between them; calendars' are the
    same.
    """
    for begins, probability in ((0.09, 0.75), (0.42, 0.2), (0.5, 0.75), (0.95, 0.2)):
        at = (begins + chance.uniform(0, 0.04)) * size.seconds
        given = {"probability": probability, "seed": chance.randrange(10**6)}
        yield Act(at, "storm", given=given)
    for begins, ends, wait in ((0.1, 0.3, 20), (0.55, 0.75, 60)):
        # A new meeting stands in lists before the outcome is settled, and only long after.
        delay = {"list_delay_seconds": wait / size.divided_by}
        yield Act(begins * size.seconds, "set_outside", given=delay)
        yield Act(ends * size.seconds, "set_outside", given={"list_delay_seconds": 0})
    for part in (0.15, 0.45, 0.65, 0.85):
        at = (part + chance.uniform(-0.05, 0.05)) * size.seconds
        yield Act(at, "expire_tokens")
