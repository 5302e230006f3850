"""The clock of a run: acts happen at their seconds after its beginning."""

import threading
import time


class Pace:
    """Shared by those who act; when one of them fails, the others stop waiting."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._over = threading.Event()

    @property
    def now(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._began

    def until(self, at: float) -> bool:
        """Wait for a second of the run; return whether it still goes on."""
        return not self._over.wait(max(at - self.now, 0))

    def end(self) -> None:
        self._over.set()
