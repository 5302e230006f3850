"""Providers that answer at once: what a worker's job costs without them."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

from tests.mail_server import Inbox, serving

_numbers = count(1)


class _Zoom(BaseHTTPRequestHandler):
    """Creates a meeting, whatever it is asked."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        number = next(_numbers)
        made = {"id": number, "join_url": f"https://zoom.us/j/{number}", "password": "x"}
        body = json.dumps(made).encode()
        head = f"HTTP/1.1 201 Created\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        self.wfile.write(head + body)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def answering() -> Iterator[tuple[dict[str, str], Inbox]]:
    """What BookMe must be told to use them, and the mail that has come."""
    zoom, inbox = ThreadingHTTPServer(("127.0.0.1", 0), _Zoom), Inbox()
    zoom.daemon_threads = True
    thread = threading.Thread(target=zoom.serve_forever, args=(0.05,))
    thread.start()
    try:
        with serving(inbox) as port:
            yield (
                {
                    "ZOOM_CLIENT_ID": "bench",
                    "ZOOM_CLIENT_SECRET": "a secret of the bench",
                    "ZOOM_API_URL": f"http://127.0.0.1:{zoom.server_address[1]}",
                    "MAIL_URL": f"smtp://127.0.0.1:{port}",
                },
                inbox,
            )
    finally:
        zoom.shutdown()
        thread.join()
        zoom.server_close()
