"""``/metrics`` on a port of its own (METRICS_PORT), by a process of its own.

It comes along with web processes; ``python -m bookme.running.metrics`` is for a machine without.
"""

import socket
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click
from flask import Flask

from bookme import config, create_app, logs
from bookme.metrics import access
from bookme.running import access_log, tied
from bookme.running.keeper import Keeper, Kind
from bookme.running.lanes import Lanes
from bookme.running.listening import PORT_PATIENCE, listen, serve_on

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

#: Threads: whoever scrapes asks one thing at a time.
THREADS = 2
_TEXT = "text/plain; charset=utf-8"


class Metrics:
    """A WSGI application that has ``/metrics`` and nothing else."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        status, headers, body = self._answer(environ)
        length = str(len(body))
        start_response(status, [*headers.items(), ("Content-Length", length)])
        return [body] if environ["REQUEST_METHOD"] != "HEAD" else []

    def _answer(self, environ: "WSGIEnvironment") -> tuple[str, dict[str, str], bytes]:
        if environ["PATH_INFO"] != "/metrics" or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return "404 Not Found", {"Content-Type": _TEXT}, b"Here is /metrics only.\n"
        shown = environ.get("HTTP_AUTHORIZATION")
        if not access.is_allowed(shown, self._app.config["METRICS_TOKEN"]):
            refusal = {"Content-Type": _TEXT, **access.REFUSAL}
            return "401 Unauthorized", refusal, b"A token is needed.\n"
        from bookme.metrics import page  # prometheus-client: in the process that shows it

        with self._app.app_context():
            return "200 OK", {"Content-Type": page.CONTENT_TYPE}, page.text()


def host(settings: dict[str, Any]) -> str:
    """Where the port is open: to all who show the token, else to this machine alone."""
    return "0.0.0.0" if settings["METRICS_TOKEN"] else "127.0.0.1"


def listening(settings: dict[str, Any], *, patience: float = PORT_PATIENCE) -> socket.socket | None:
    """The listening socket; None if there is to be none.

    :raises OSError: if the port stays in use.
    """
    port = settings["METRICS_PORT"]
    return listen(port, host(settings), patience=patience) if port else None


def kinds(app: Flask, listener: socket.socket | None) -> list[Kind]:
    """The process that serves it, if it is to be served."""
    return [] if listener is None else [Kind(lambda: serve(app, listener), 1)]


def serve(app: Flask, listener: socket.socket) -> None:
    """Be that process."""
    tied.call_self("bookme-metrics")
    serve_on(Metrics(app), listener, Lanes(THREADS, {}))


def main() -> int:
    settings = config.load()
    logs.configure(settings["LOG_FORMAT"])
    access_log.quieten()
    try:
        listener = listening(settings)
    except OSError as error:
        click.echo(f"Port {settings['METRICS_PORT']}: {error.strerror}.", err=True)
        return 2
    if listener is None:
        click.echo("Set METRICS_PORT.", err=True)
        return 2
    Keeper(*kinds(create_app(), listener)).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
