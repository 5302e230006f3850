"""What each request is called in the log, and how long its answer took."""

import re
import secrets
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask

from bookme import logs
from bookme.meters import count
from bookme.web.page_classes import page_class

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

#: What an id may be that somebody else has chosen: digits that spell nothing, as proxies make them.
_SAFE = re.compile(r"[0-9a-fA-F-]{16,64}")

#: Where whoever answers before Flask begins says whose answer that is.
ENDPOINT = "bookme.endpoint"


def init_app(app: Flask) -> None:
    """Bind the rules of this module to an application, around all that it does."""
    app.wsgi_app = Watched(app, app.wsgi_app)  # type: ignore[method-assign]


class Watched:
    """An application whose requests have ids and are counted."""

    def __init__(self, app: Flask, inner: "WSGIApplication") -> None:
        self._app = app
        self._inner = inner

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        began = time.perf_counter()
        environ[logs.REQUEST_ID] = request_id = self._id_of(environ)
        status, page = "5", page_class(None)  # whatever ends without an answer

        def start(line: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            nonlocal status, page
            status, page = line[0], page_class(_endpoint(environ))  # Flask forgets it afterwards
            return start_response(line, [*headers, ("X-Request-Id", request_id)], *error)

        with logs.caused_by(request=request_id):
            try:
                return self._inner(environ, start)
            finally:
                count.request(page, f"{status}xx", time.perf_counter() - began)

    def _id_of(self, environ: "WSGIEnvironment") -> str:
        """That which a proxy has given it, where there is one to trust; else a new one."""
        given = environ.get("HTTP_X_REQUEST_ID", "")
        if self._app.config["TRUSTED_PROXIES"] and _SAFE.fullmatch(given):
            return str(given)
        return secrets.token_hex(8)


def _endpoint(environ: "WSGIEnvironment") -> str | None:
    said = environ.get(ENDPOINT) or getattr(environ.get("werkzeug.request"), "endpoint", None)
    return str(said) if said else None
