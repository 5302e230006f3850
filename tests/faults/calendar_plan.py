"""What hosts do about their calendars in a fault run, and what is done to them there."""

import random
from collections.abc import Iterator

from tests.faults.acts import CALENDARS, DISCONNECTED, LEAVING, REMOVED, Act, Size


def owners(chance: random.Random, size: Size) -> Iterator[Act]:
    """Each calendar loses its way in once; one of them changes and is left for good."""
    [google], [microsoft] = CALENDARS[REMOVED], CALENDARS[DISCONNECTED]
    left, last = CALENDARS[LEAVING]

    def act(part: float, do: str, host: int, provider: str) -> Act:
        at = (part + chance.uniform(-0.03, 0.03)) * size.seconds
        return Act(at, do, host, chance.random(), {"provider": provider})

    yield act(0.22, "disconnect", DISCONNECTED, microsoft)
    yield act(0.33, "add_bookings_to", LEAVING, last)
    yield act(0.43, "connect", DISCONNECTED, microsoft)
    yield act(0.50, "end_permission", REMOVED, google)
    yield act(0.55, "end_permission", LEAVING, last)
    yield act(0.62, "connect", REMOVED, google)
    yield act(0.68, "connect", LEAVING, last)
    yield act(0.90, "disconnect", LEAVING, left)
    for part in (0.15, 0.30, 0.48, 0.75, 0.83):
        host = chance.choice(list(CALENDARS))
        yield act(part, "look_after", host, chance.choice(CALENDARS[host]))
