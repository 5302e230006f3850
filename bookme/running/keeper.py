"""Keeps a number of processes of one kind: another for each that ends, until told to stop."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from bookme.running import tied

#: What tells us to end, and is passed on.
ENDINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
#: Seconds that a process must have lived for the next one to follow at once.
YOUNG = 1.0


class Keeper:
    """Forks processes that each do ``work`` and end with this one, whatever ends it."""

    def __init__(self, work: Callable[[], None], count: int) -> None:
        self._work = work
        self._count = count
        self._children: dict[int, float] = {}
        self._stopped = threading.Event()

    def run(self) -> None:
        """Returns when it was told to stop and all have ended."""
        for number in ENDINGS:
            signal.signal(number, self._stop)
        while len(self._children) < self._count:
            self._start()
        while self._children:
            pid, _status = os.wait()
            born = self._children.pop(pid, None)
            if born is None or self._stopped.is_set():
                continue
            if time.monotonic() - born < YOUNG:
                self._stopped.wait(YOUNG)
            if not self._stopped.is_set():
                self._start()

    def _start(self) -> None:
        parent = os.getpid()
        # A signal that comes while forking is handled when the child is known.
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
        try:
            pid = 0 if self._stopped.is_set() else os.fork()
            if pid:
                self._children[pid] = time.monotonic()
        finally:
            if os.getpid() == parent:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
        if os.getpid() != parent:
            self._be_child(parent)

    def _be_child(self, parent: int) -> None:
        code = 1
        try:
            for number in ENDINGS:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
            tied.to(parent)
            self._work()
            code = 0
        except SystemExit:
            pass
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            os._exit(code)  # the parent's own way out is not ours

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self._stopped.set()
        for pid in list(self._children):
            try:
                os.kill(pid, signal.SIGTERM)
            except ProcessLookupError:
                pass
