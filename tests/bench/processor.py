"""Processor time of processes, whatever else the machine does meanwhile."""

import os
import statistics
from collections.abc import Callable
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def of_tree(pid: int) -> float:
    """Seconds that a process, what it has started and what of that has ended have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = sum(int(field) for field in fields[11:15]) / _TICK
    return own + sum(of_tree(child) for child in children(pid))


def children(pid: int) -> list[int]:
    """The processes that it has started."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += map(int, (task / "children").read_text().split())
    return found


def memory(pid: int) -> float:
    """Megabytes of a process's own, and its share of what it has in common with others (PSS)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def beside(
    ours: Callable[[], float], yardstick: Callable[[], float], rounds: int
) -> tuple[float, float, float]:
    """Medians of two measures that are taken in turn, and that of their ratios."""
    pairs = [(ours(), yardstick()) for _ in range(rounds)]
    return (
        statistics.median(one for one, _ in pairs),
        statistics.median(other for _, other in pairs),
        statistics.median(one / other for one, other in pairs),
    )
