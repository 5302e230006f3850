"""A clock that jumps, for all processes of a system at once.

``python -m tests.baddays.clock MODULE`` runs one of BookMe's programs by it: the clock of Python is
ahead by as many seconds as a file says, which it reads again when it is told (SIGUSR2). Waits and
time limits go by the monotonic clock and don't notice.
"""

import os
import runpy
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import time_machine

from tests.processes import Part

_FILE = "CLOCK_FILE"


class Clock:
    """The clock of some parts.

    :param parts: those that go by it, to be started afterwards.
    """

    def __init__(self, folder: Path, parts: Iterable[Part]) -> None:
        self._parts = list(parts)
        self._file = folder / "clock"
        self._ahead = timedelta()
        self._write()
        for part in self._parts:
            self.rule(part)

    @property
    def environ(self) -> dict[str, str]:
        """What those parts have to be told."""
        return {_FILE: str(self._file)}

    def rule(self, part: Part) -> None:
        """Have a part go by this clock when it is started."""
        python, *words, module = part.command
        assert words == ["-m"]
        part.command = [python, "-m", "tests.baddays.clock", module]
        if part not in self._parts:
            self._parts.append(part)

    def jump(self, **by: float) -> None:
        """Jump so far ahead, or back."""
        self._ahead += timedelta(**by)
        self._write()
        for pid in [pid for part in self._parts for pid in part.pids]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGUSR2)

    def here(self) -> AbstractContextManager[Any]:
        """The same time in this process, for a block."""
        return time_machine.travel(time.time() + self._ahead.total_seconds(), tick=True)

    def _write(self) -> None:
        aside = self._file.with_suffix(".new")
        aside.write_text(str(self._ahead.total_seconds()))
        aside.rename(self._file)


def main() -> None:
    module = sys.argv[1]
    file = Path(os.environ[_FILE])
    ahead = float(file.read_text())
    clock = time_machine.travel(time.time() + ahead, tick=True).start()
    # To begin takes a moment, on a busy machine a long one; all parts have the same clock.
    late = time_machine.escape_hatch.time.time() + ahead - time.time()
    clock.shift(timedelta(seconds=late))

    def jump(_signal: int, _frame: object) -> None:
        nonlocal ahead
        by, ahead = float(file.read_text()) - ahead, float(file.read_text())
        clock.shift(timedelta(seconds=by))

    signal.signal(signal.SIGUSR2, jump)
    sys.argv = [module]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
