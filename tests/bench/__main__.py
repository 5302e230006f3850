"""``make bench``: the figures of slots and of the whole, each beside its yardstick, in one run."""

import sys
from collections.abc import Callable, Iterable

from tests.bench import burst, jobs, memory, slots, slow, whole, writes

PARTS: list[tuple[str, Callable[[], Iterable[tuple[str, float, str]]]]] = [
    ("Slots: 60 days, Mondays to Fridays 9 to 17 in Berlin, every 30 minutes", slots.figures),
    ("The whole: 2 web processes of 4 threads, SQLite, 8 connections", whole.figures),
    (f"The public page beside {slow.CLIENTS} slow clients, no proxy between", slow.figures),
    (f"{burst.EVENTS} signed events at once", burst.figures),
    ("A booking's POST: processor time a request", writes.figures),
    ("A booking's sync: processor time a job", jobs.figures),
    ("Memory at rest", memory.figures),
]


def main() -> None:
    for title, figures in PARTS:
        sys.stdout.write(f"\n{title}\n")
        for name, value, unit in figures():
            sys.stdout.write(f"  {name:<58} {value:>10,.2f} {unit}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
