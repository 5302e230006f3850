"""``python -m bookme.running.web``: the web, WEB_WORKERS processes on one listening socket.

The application is loaded once, before they are forked (no connection to the database is open
then), so that another one is there in a moment when one is killed; what has connected meanwhile
waits in the socket's queue for whoever accepts next.
"""

import errno
import resource
import signal
import socket
import sys
import threading
import time
from types import FrameType
from typing import Any

import click
from sqlalchemy.orm import configure_mappers

from bookme import config, create_app, endings, logs
from bookme.running import access_log
from bookme.running.keeper import Keeper, Kind
from bookme.running.lanes import Lanes
from bookme.running.limits import Limits
from bookme.running.server import Server, serve
from bookme.web.assets import serving

#: Threads of each process that answer requests.
THREADS = 4
#: And those for what Zoom tells us, much of it at once and to be answered in three seconds. They
#: wait for a commit that they share (:mod:`bookme.together`), the larger the more there are.
LANES = {"/webhooks/": 128}
#: Seconds that requests in hand have when told to stop.
FAREWELL = 8.0
#: Seconds for which a predecessor that is ending may still hold the port.
PORT_PATIENCE = 10.0
#: Files that a process may have open besides its connections.
_OTHER_FILES = 100


def main(patience: float = PORT_PATIENCE) -> int:
    logs.configure()
    access_log.quieten()
    settings = config.load()
    try:
        listener = listen(settings["PORT"], patience=patience)
    except OSError as error:
        click.echo(f"Port {settings['PORT']}: {error.strerror}.", err=True)
        return 2
    app = create_app()
    serving.prepare(app)
    run(app, listener, settings["WEB_WORKERS"])
    return 0


def run(app: Any, listener: socket.socket, processes: int) -> None:
    """Serve a WSGI application until told to stop."""
    configure_mappers()  # or each process does it in its first request, with all others waiting
    Keeper(Kind(lambda: serve_on(app, listener), processes)).run()


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


def serve_on(app: Any, listener: socket.socket) -> None:
    """Be one of the processes."""
    lanes = Lanes(THREADS, LANES)
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


if __name__ == "__main__":
    sys.exit(main())
