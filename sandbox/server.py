"""The sandbox's process: a web server, a mail server and the events' courier."""

import json
import logging
import os
import signal
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from sandbox.app import create_app
from sandbox.config import Config
from sandbox.context import Sandbox
from sandbox.mail.server import MailServer
from sandbox.settings import setting
from sandbox.zoom.webhooks import keep_delivering

log = logging.getLogger(__name__)


class _Handler(WSGIRequestHandler):
    """Logs nothing: the addresses of OAuth carry codes."""

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        """A fault has ended the connection, or the caller: no other request comes over it."""
        self.close_connection = True

    def log(self, type: str, message: str, *args: object) -> None:
        if type == "error":
            log.error(message, *args)


class Servers:
    """Everything that runs, from :meth:`start` to :meth:`stop`."""

    def __init__(self, config: Config) -> None:
        # The application needs its public address, which needs the port: so the port comes first.
        self._web = _web_server(config)
        public_url = config.public_url or f"http://localhost:{self._web.port}"
        self.config = replace(config, public_url=public_url, port=self._web.port)
        self._web.app = app = create_app(self.config)
        self._here: Sandbox = app.extensions["sandbox"]
        self._mail = MailServer(config.host, config.smtp_port, self._here.store)
        self._here.apply_mail_mode = self._mail.apply

    @property
    def _ports(self) -> Path:
        return self.config.state / "ports.json"

    def start(self) -> None:
        """Serve, and write the ports down once both can be reached."""
        with self._here.store.read() as db:
            self._mail.apply(setting(db, "mail"))
        for name, run in (("web", self._serve), ("events", self._deliver)):
            threading.Thread(target=run, name=name, daemon=True).start()
        ports = {
            "web": self._web.port,
            "smtp": self._mail.port,
            "url": self.config.public_url,
            "pid": os.getpid(),
        }
        unfinished = self._ports.with_suffix(".new")
        unfinished.write_text(json.dumps(ports))
        unfinished.replace(self._ports)
        log.info("Sandbox on %s, mail on port %s", ports["url"], ports["smtp"])

    def stop(self) -> None:
        """End at once; calls that are being held are let go."""
        self._here.stopping.set()
        self._ports.unlink(missing_ok=True)
        self._web.shutdown()
        self._web.server_close()
        self._mail.stop()
        self._here.cloud.stop()
        self._here.store.close()

    def _serve(self) -> None:
        self._web.serve_forever(poll_interval=0.05)

    def _deliver(self) -> None:
        keep_delivering(self._here)


def run(config: Config) -> None:
    """Serve until SIGTERM or SIGINT."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    servers = Servers(config)
    servers.start()
    ended.wait()
    servers.stop()


def _web_server(config: Config) -> BaseWSGIServer:
    return make_server(
        config.host,
        config.port,
        lambda environ, start_response: [],
        threaded=True,
        request_handler=_Handler,
    )
