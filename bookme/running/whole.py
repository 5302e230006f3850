"""``python -m bookme.running.whole``: web, workers and sweep of a machine, forked from a process
that has loaded the application.

To load it takes a second and most of the memory that each would have of its own; so they have it in
common. Each can be started by itself, too, where others run elsewhere.
"""

import os
import sys
from collections.abc import Callable

import click
from flask import Flask

from bookme import config, create_app, logs
from bookme.jobs.processes import sweep, warm, worker
from bookme.running import access_log, metrics, tied, web
from bookme.running.keeper import Keeper, Kind
from bookme.running.listening import listen
from bookme.web.assets import serving


def main() -> int:
    settings = config.load()
    logs.configure(settings["LOG_FORMAT"])
    access_log.quieten()
    port = settings["PORT"]
    try:
        listener = listen(port)
        port = settings["METRICS_PORT"]
        for_metrics = metrics.listening(settings)
    except OSError as error:
        click.echo(f"Port {port}: {error.strerror}.", err=True)
        return 2
    app = create_app()
    if sys.argv[1:] == ["demo"] and not _furnished(app):
        return 1
    serving.prepare(app)
    warm.up(app)
    Keeper(
        Kind(_named("web", lambda: web.be_one(app, listener)), settings["WEB_WORKERS"]),
        Kind(_named("worker", lambda: worker.run(app)), settings["JOB_WORKERS"]),
        Kind(_named("sweep", lambda: sweep.run(app)), 1),
        *metrics.kinds(app, for_metrics),
    ).run()
    return 0


def _furnished(app: Flask) -> bool:
    """Bring the database's tables up to date, and make the demo's hosts and what is over of their
    bookings, if they are new: in a process of its own, so that this one has no connection open.
    """
    if pid := os.fork():
        return os.waitpid(pid, 0)[1] == 0
    code = 1
    try:
        from bookme.running.furnishing import past  # here, so that nobody else has it in memory

        past.begin(app)
        code = 0
    except Exception:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def _named(name: str, work: Callable[[], None]) -> Callable[[], None]:
    """The work of a process that tools such as ``ps`` and ``top`` know by its name."""

    def begun() -> None:
        tied.call_self(f"bookme-{name}")
        work()

    return begun


if __name__ == "__main__":
    sys.exit(main())
