"""``python -m bookme.running.web``: the web, WEB_WORKERS processes on one listening socket.

The application is loaded once, before they are forked (no connection to the database is open
then), so that another one is there in a moment when one is killed; what has connected meanwhile
waits in the socket's queue for whoever accepts next.
"""

import gc
import socket
import sys
from typing import Any

import click
from sqlalchemy.orm import configure_mappers

from bookme import config, create_app, logs
from bookme.running import access_log, metrics
from bookme.running.keeper import Keeper, Kind
from bookme.running.lanes import Lanes
from bookme.running.listening import PORT_PATIENCE, listen, serve_on
from bookme.web.assets import serving

#: Threads of each process that answer requests.
THREADS = 4
#: And those for what Zoom tells us, much of it at once and to be answered in three seconds. They
#: wait for a commit that they share (:mod:`bookme.together`), the larger the more there are.
LANES = {"/webhooks/": 128}


def main(patience: float = PORT_PATIENCE) -> int:
    settings = config.load()
    logs.configure(settings["LOG_FORMAT"])
    access_log.quieten()
    port = settings["PORT"]
    try:
        listener = listen(port, patience=patience)
        port = settings["METRICS_PORT"]
        for_metrics = metrics.listening(settings, patience=patience)
    except OSError as error:
        click.echo(f"Port {port}: {error.strerror}.", err=True)
        return 2
    app = create_app()
    serving.prepare(app)
    run(app, listener, settings["WEB_WORKERS"], *metrics.kinds(app, for_metrics))
    return 0


def run(app: Any, listener: socket.socket, processes: int, *others: Kind) -> None:
    """Serve a WSGI application until told to stop."""
    configure_mappers()  # or each process does it in its first request, with all others waiting
    Keeper(Kind(lambda: be_one(app, listener), processes), *others).run()


def be_one(app: Any, listener: socket.socket) -> None:
    """Be one of the web's processes."""
    # What is loaded is no garbage, and a page leaves little: to look for it took a tenth of it.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    serve_on(app, listener, Lanes(THREADS, LANES))


if __name__ == "__main__":
    sys.exit(main())
