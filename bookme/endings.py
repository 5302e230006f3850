"""Being told to end, for a process that waits for it.

The signals are held back and asked for, rather than handled. A handler may run just before an
endless wait begins, which then goes on; and what it interrupts may hold a lock that it needs.
"""

import signal

#: What tells a process to end.
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def hold() -> None:
    """Keep them for :func:`came_within`, in this thread and in those that it starts."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


def release() -> None:
    """Let them do what they usually do, those too that have come meanwhile."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def came_within(seconds: float) -> bool:
    """Wait for one of those that are held; whether one came, now or earlier."""
    return signal.sigtimedwait(SIGNALS, seconds) is not None
