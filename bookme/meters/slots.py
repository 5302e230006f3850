"""Where a process counts: files of a slot, which it has to itself, and the next one goes on with.

prometheus-client gives each process files named for its id, so that a worker, whose jobs are done
by one short-lived process after the other, would leave hundreds of them to be read at each scrape;
and in two containers two processes have the same id. A slot is a lock, which the system frees when
its holder ends, however it does. So there are as many as processes at once, and what they count
goes on where their predecessor has left it, as counters must.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: More processes than any machine runs.
MOST = 512
#: The kinds of files of prometheus-client, and how many bytes each begins with. Its own would be
#: holes that are filled when they are written to, and a full disk would then kill the process.
FILES = {"counter": 64 * 1024, "histogram": 512 * 1024, "gauge_max": 64 * 1024}


class NoSlot(OSError):
    """All slots are taken."""


class Slots:
    """A folder of slots, and the one that this process holds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: int | None = None
        #: What the files of the held slot are named by.
        self.name = ""

    def begin(self) -> bool:
        """Take a slot; return whether nobody else holds one. Then whatever was counted before is
        gone: by another version, maybe, whose buckets were others.

        :raises OSError: if the folder takes no files.
        """
        with _locked(self._folder / "lock"):
            is_first = not any(self._is_held(path) for path in self._folder.glob("*.slot"))
            if is_first:
                for path in self._folder.glob("*.db"):
                    path.unlink()
            self.take()
        return is_first

    def take(self) -> None:
        """Take a slot for this process, and let go of one that its parent handed down.

        :raises OSError: if there is none, or no room for its files.
        """
        inherited = self._held
        self._held, self.name = self._free()
        if inherited is not None:
            os.close(inherited)
        self.lay(self.name)

    def lay(self, name: str) -> None:
        """Make the files of a slot, if they are not there.

        :raises OSError: if there is no room for them.
        """
        for kind, size in FILES.items():
            _make(self._folder / f"{kind}_{name}.db", size)

    def _free(self) -> tuple[int, str]:
        for number in range(MOST):
            handle = _opened(self._folder / f"{number}.slot")
            if _lock(handle):
                return handle, str(number)
            os.close(handle)
        raise NoSlot

    def _is_held(self, path: Path) -> bool:
        handle = _opened(path)
        try:
            return not _lock(handle)
        finally:
            os.close(handle)


def _make(path: Path, size: int) -> None:
    """A file of zeros, whose bytes are on the disk."""
    if path.exists():
        return
    aside = path.with_suffix(".new")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(bytes(size))
        aside.rename(path)  # whoever reads it never finds it empty
    except OSError:
        aside.unlink(missing_ok=True)
        raise


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    handle = _opened(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
