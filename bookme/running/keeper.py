"""Keeps a number of processes of each kind: another for each that ends, until told to stop."""

import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from bookme import endings
from bookme.running import tied

#: Held back and asked for (:mod:`bookme.endings`): to end, and that a process has ended.
HEEDED = (*endings.SIGNALS, signal.SIGCHLD)
#: Seconds that a process must have lived for the next one to follow at once.
YOUNG = 1.0


@dataclass(frozen=True)
class Kind:
    """So many processes that each do the same work."""

    work: Callable[[], None]
    count: int


class Keeper:
    """Forks processes that do their kind's work and end with this one, whatever ends it."""

    def __init__(self, *kinds: Kind) -> None:
        self._kinds = kinds
        self._children: dict[int, tuple[Kind, float]] = {}
        self._told_to_stop = False
        self._rests_until = 0.0

    def run(self) -> None:
        """Returns when it was told to stop and all have ended."""
        signal.pthread_sigmask(signal.SIG_BLOCK, HEEDED)
        while self._children or not self._told_to_stop:
            self._start_missing()
            came = signal.sigtimedwait(HEEDED, YOUNG)
            if came and came.si_signo != signal.SIGCHLD:
                self._stop()
            self._count_the_dead()

    def _start_missing(self) -> None:
        if self._told_to_stop or time.monotonic() < self._rests_until:
            return
        parent = os.getpid()
        for kind in self._missing():
            if pid := os.fork():
                self._children[pid] = kind, time.monotonic()
            else:
                self._be_child(parent, kind)

    def _missing(self) -> list[Kind]:
        there = Counter(kind for kind, _ in self._children.values())
        return [kind for kind in self._kinds for _ in range(kind.count - there[kind])]

    def _be_child(self, parent: int, kind: Kind) -> None:
        code = 1
        try:
            for number in HEEDED:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, HEEDED)
            tied.to(parent)
            kind.work()
            code = 0
        except SystemExit:
            pass
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            os._exit(code)  # the parent's own way out is not ours

    def _count_the_dead(self) -> None:
        while self._children:
            pid, _status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            now = time.monotonic()
            _kind, began = self._children.pop(pid, (None, 0.0))
            if now - began < YOUNG:
                self._rests_until = now + YOUNG

    def _stop(self) -> None:
        self._told_to_stop = True
        for pid in self._children:
            os.kill(pid, signal.SIGTERM)
