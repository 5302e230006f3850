"""Limits' counters in memory, without the thread that the library's own start at almost every
request to throw away what is over. Here it stays until it is asked for, and counts no more.
"""

from collections import Counter, defaultdict
from threading import RLock

from limits.storage import MemoryStorage, Storage
from limits.storage.memory import Entry

#: For ``RATELIMIT_STORAGE_URI``.
ADDRESS = "counters://"


class Counters(MemoryStorage):
    STORAGE_SCHEME = [ADDRESS.removesuffix("://")]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_: str) -> None:
        Storage.__init__(self, uri, wrap_exceptions=wrap_exceptions)
        self.storage: Counter[str] = Counter()
        self.locks: defaultdict[str, RLock] = defaultdict(RLock)
        self.expirations: dict[str, float] = {}
        self.events: dict[str, list[Entry]] = {}

    def _MemoryStorage__schedule_expiry(self) -> None:  # noqa: N802 the library's name
        pass
