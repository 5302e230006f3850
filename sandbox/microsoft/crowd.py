"""Exchange answers four calls of an app at a time for each mailbox."""

import threading
from collections import Counter

MOST = 4


class Crowd:
    """Counts the calls that are under way, for as long as the process lives."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside: Counter[str] = Counter()

    def enter(self, mailbox: str) -> bool:
        """Count a call; whether it is one too many. It must leave all the same."""
        with self._lock:
            self._inside[mailbox] += 1
            return self._inside[mailbox] > MOST

    def leave(self, mailbox: str) -> None:
        """A call has ended."""
        with self._lock:
            self._inside[mailbox] -= 1
            self._inside += Counter()  # forgets those that are empty
