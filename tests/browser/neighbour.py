"""Somebody else's site: another origin, whose pages show BookMe's under a strict policy."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

#: Notes what the page hears, and nothing else: the policy allows no script but the two.
LISTENER = """
  window.heard = [];
  for (const name of ["opened", "booked"]) {
    document.addEventListener(`bookme:${name}`, ({ detail }) => window.heard.push([name, detail]));
  }
"""
PAGE = """<!doctype html><html lang="en"><head><title>Neighbour</title>
<script src="/listener.js"></script></head><body><h1>Neighbour</h1>
<p><a id="before" href="#before">Before</a></p>{code}<p><a id="after" href="#after">After</a></p>
</body></html>"""


class Neighbour:
    """:ivar url: its origin.
    :ivar code: what its page has got pasted in.
    """

    def __init__(self, bookme: str) -> None:
        self.code = ""
        neighbour = self
        policy = f"default-src 'none'; script-src 'self' {bookme}; frame-src {bookme}"

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                is_script = self.path == "/listener.js"
                body = LISTENER if is_script else PAGE.format(code=neighbour.code)
                self.send_response(200)
                kind = "text/javascript" if is_script else "text/html; charset=utf-8"
                self.send_header("Content-Type", kind)
                self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@contextmanager
def neighbour(bookme: str) -> Iterator[Neighbour]:
    """A site beside the BookMe at this origin, while the block lasts."""
    site = Neighbour(bookme)
    thread = Thread(target=site.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        thread.join()
        site.server.server_close()
