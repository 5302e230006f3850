"""The pages for what went wrong, in the site's own look."""

import logging

from flask import Flask, Response, make_response, render_template
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException

from bookme.extensions import db

log = logging.getLogger(__name__)

#: Errors with a page of their own; any other HTTP error shows 400's.
PAGES = {400, 403, 404, 405, 413, 429, 500, 503}


def init_app(app: Flask) -> None:
    """Bind the pages to an application."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(DBAPIError, _database_error)


def _http_error(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400:  # a redirect that werkzeug raises for a missing slash
        return make_response(error.get_response())
    response = _page(code if code in PAGES else 400, status=code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _stale_form(error: CSRFError) -> Response:
    log.info("refused a form: %s", error.description)
    return _page(400, stale_form=True)


def _database_error(error: DBAPIError) -> Response:
    """The database is away, busy or full; or it was asked for nonsense, and that is our mistake."""
    log.error("database: %s", type(error.orig).__name__)
    db.session.rollback()
    is_outage = isinstance(error, OperationalError | InterfaceError)
    return _page(503 if is_outage or error.connection_invalidated else 500)


def _page(code: int, status: int | None = None, **context: object) -> Response:
    return make_response(render_template(f"errors/{code}.html", **context), status or code)
