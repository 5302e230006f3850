"""Listening on a port, and being one of the processes that answer there."""

import errno
import resource
import signal
import socket
import threading
import time
from types import FrameType
from typing import Any

from bookme import endings
from bookme.running.lanes import Lanes
from bookme.running.limits import Limits
from bookme.running.server import Server, serve

#: Seconds that requests in hand have when told to stop.
FAREWELL = 8.0
#: Seconds for which a predecessor that is ending may still hold the port.
PORT_PATIENCE = 10.0
#: Files that a process may have open besides its connections.
_OTHER_FILES = 100


def listen(port: int, host: str = "0.0.0.0", *, patience: float = PORT_PATIENCE) -> socket.socket:
    """A listening socket.

    :param patience: as long it may be in use.
    :raises OSError: if the port stays in use.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    ends = time.monotonic() + patience
    while True:
        try:
            listener.bind((host, port))
            listener.listen(1024)
            return listener
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > ends:
                listener.close()
                raise
            time.sleep(0.1)


def serve_on(app: Any, listener: socket.socket, lanes: Lanes) -> None:
    """Be one of the processes, until told to stop.

    :param lanes: its threads, made after the fork.
    """
    server = Server(app, listener, lanes, Limits(connections=_most_connections()))
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        for number in endings.SIGNALS:  # the next one would interrupt this, and wait for its lock
            signal.signal(number, signal.SIG_IGN)
        stopped.set()
        server.pull_trigger()

    for number in endings.SIGNALS:
        signal.signal(number, stop)
    serve(server, stopped, FAREWELL)


def _most_connections() -> int:
    """As many as the limits say, or as the system lets a process have open files."""
    usual = Limits().connections
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < usual + _OTHER_FILES:
        wanted = usual + _OTHER_FILES
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(1, min(usual, soft - _OTHER_FILES))
