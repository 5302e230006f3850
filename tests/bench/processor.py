"""What processes have cost so far, from /proc: unlike time on the clock, it says the same on a busy
machine.
"""

import os
from collections.abc import Iterable
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def seconds(pids: Iterable[int]) -> float:
    """Processor time of these processes' living threads, to the nanosecond."""
    return sum(
        int((task / "schedstat").read_text().split()[0]) / 1e9
        for pid in pids
        for task in Path(f"/proc/{pid}/task").iterdir()
    )


def with_ended(pid: int) -> float:
    """Processor time of a process and all that it has started and that has ended, in ticks."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(fields[index]) for index in range(11, 15)) / _TICK


def megabytes(pids: Iterable[int]) -> float:
    """Memory of processes, what several share counted by shares (PSS)."""
    kilobytes = 0
    for pid in pids:
        for said in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if said.startswith("Pss:"):
                kilobytes += int(said.split()[1])
    return kilobytes / 1024
