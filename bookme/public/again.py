"""Pages that are asked for once more in the very words of an earlier request, answered before
Flask begins with them.

Such a page is what ``kept.py`` would find, with all that is said around it: nothing that it is a
function of differs. :data:`ASKED` names all of a request that such a page, or an answer's headers,
may look at; what else the request says has no say in it. It costs what ``kept.py`` asks first, the
host's version, and little else.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import Flask

from bookme.clock import utcnow
from bookme.extensions import db
from bookme.public import kept, versions
from bookme.public.kept import Answer, Made
from bookme.web.watching import ENDPOINT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

#: What tells requests of a page apart: no other of their variables has a say in it.
ASKED = (
    *("SCRIPT_NAME", "PATH_INFO", "QUERY_STRING"),
    *("HTTP_COOKIE", "HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH"),
    *("HTTP_HX_REQUEST", "HTTP_HX_BOOSTED", "HTTP_HX_HISTORY_RESTORE_REQUEST"),
)
#: Requests that say more are made up by somebody.
_LONGEST = 1000
_RIGHT = ("200 OK", "304 NOT MODIFIED")

Headers = list[tuple[str, str]]


class Again:
    """The application, with such answers before it."""

    def __init__(self, app: Flask) -> None:
        self._app, self._inner = app, app.wsgi_app

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        asked = _asked(environ)
        if asked is None:
            return self._inner(environ, start_response)
        answer = kept.pages_of(self._app).answers.get(asked)
        if answer is None or not self._is_right(answer.made, environ):
            return self._made(asked, environ, start_response)
        environ[ENDPOINT] = answer.made.endpoint
        start_response(answer.status, list(answer.headers))
        return [answer.body]

    def _is_right(self, made: Made, environ: "WSGIEnvironment") -> bool:
        now = utcnow()
        with self._app.app_context():
            engine = db.engine
        driver: Any = engine.dialect.loaded_dbapi
        try:
            environ[kept.SEEN] = seen = versions.seen_alone(engine, made.handle, now=now)
        except (driver.Error, sa.exc.SQLAlchemyError):  # the page itself has words for that
            return False
        return made.is_right(seen, now)

    def _made(
        self, asked: tuple[str, ...], environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """The application's answer, to be given again if its page says that it may be."""
        begun: list[tuple[str, Headers]] = []

        def noting(status: str, headers: Headers, *error: Any) -> Any:
            begun[:] = [(status, headers)]
            return start_response(status, headers, *error)

        body = self._inner(environ, noting)
        made = kept.made_of(environ)
        if made is None or not begun or not _is_for_all(*begun[0]):
            return body
        try:
            whole = b"".join(body)
        finally:
            if close := getattr(body, "close", None):
                close()
        kept.pages_of(self._app).answers.keep(asked, Answer(made, *begun[0], whole))
        return [whole]


def init_app(app: Flask) -> None:
    """Put such answers before an application."""
    app.wsgi_app = Again(app)  # type: ignore[method-assign]


def _asked(environ: "WSGIEnvironment") -> tuple[str, ...] | None:
    """What a request asks for, if it may have been asked for before."""
    if environ["REQUEST_METHOD"] != "GET":
        return None
    asked = tuple([environ.get(name, "") for name in ASKED])
    return asked if sum(map(len, asked)) <= _LONGEST else None


def _is_for_all(status: str, headers: Headers) -> bool:
    return status in _RIGHT and all(name != "Set-Cookie" for name, _ in headers)
