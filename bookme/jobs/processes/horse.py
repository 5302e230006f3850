"""A process that a worker forks for its jobs, one after the other.

A fork for each job begins with all caches cold (compiled SQL and templates, data of languages), and
filling them cost more than the job. What such a process is spared by its short life, this one gets
otherwise: it ends after a job that failed, and after so many; RQ's alarm ends a job that takes too
long, and the worker kills a process that does not even heed that.
"""

import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress

#: So many jobs, then another process goes on: whatever grows in one has an end.
MOST_JOBS = 200
#: Seconds without a job after which a worker lets its process go.
IDLE = 120.0
#: What is said on the line: an order heard, a job done, and that it was the last of this process.
_HEARD, _DONE, _LAST = b",", b".", b"!"
_LONGEST_WORD = 1000


class Horse:
    """The worker's end.

    :param do: does one job, in the other process, by what :meth:`order` is given; returns whether
        all is as before.
    """

    def __init__(self, do: Callable[[str], bool]) -> None:
        # Every send is one message, never a part of one.
        self._line, line = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.pid = os.fork()
        if not self.pid:
            self._line.close()
            _be_horse(line, do)
        line.close()
        self.is_free, self._has_answered = True, False
        self._since = time.monotonic()

    @property
    def is_idle(self) -> bool:
        return self.is_free and time.monotonic() - self._since > IDLE

    def order(self, job: str) -> bool:
        """Have a job done; return whether somebody does it: the process may have been killed, or be
        about to end without having heard this.
        """
        try:
            if self._has_answered:
                self._line.recv(_LONGEST_WORD)
            self._line.send(job.encode())
            is_heard = self._line.recv(_LONGEST_WORD) == _HEARD
        except OSError:
            is_heard = False
        if not is_heard:
            self.let_go()
            return False
        self.is_free = self._has_answered = False
        return True

    def wait(self) -> tuple[int, int | None]:
        """Wait until the job in hand is done, or the process has ended; its id and exit status, 0
        also for a job that is done, None if it was asked for before.

        Whatever interrupts this, it can be asked again: the answer stays on the line until the next
        order.
        """
        try:
            said = self._line.recv(_LONGEST_WORD, socket.MSG_PEEK)
        except OSError:
            said = b""
        if said == _DONE:
            self.is_free = self._has_answered = True
            self._since = time.monotonic()
            return self.pid, 0
        try:
            pid, status = os.waitpid(self.pid, 0)
        except ChildProcessError:
            return self.pid, None
        return pid, 0 if said == _LAST else status

    def let_go(self) -> None:
        """End it; a job in hand is done first."""
        self._line.close()
        if self.is_free:
            with suppress(ChildProcessError):  # it has ended, and that was seen
                os.waitpid(self.pid, 0)


def _be_horse(line: socket.socket, do: Callable[[str], bool]) -> None:
    """Do job after job, until told no more, and end without the worker's own way out."""
    os.setpgrp()
    code = 1
    try:
        for number in range(1, MOST_JOBS + 1):
            job = line.recv(_LONGEST_WORD).decode()
            if job:
                line.send(_HEARD)
            fine = bool(job) and do(job)
            if not fine or number == MOST_JOBS:
                break
            line.send(_DONE)
        line.send(_LAST)
        code = 0
    except BrokenPipeError:
        code = 0  # the worker has ended
    finally:
        os._exit(code)
