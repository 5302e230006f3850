"""The pages for what went wrong, in the site's own look."""

import logging

from flask import Flask, Response, make_response, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException

from bookme.extensions import db
from bookme.web import htmx, limits

log = logging.getLogger(__name__)

#: Errors with a page of their own; any other HTTP error shows 400's.
PAGES = {400, 403, 404, 405, 413, 429, 500, 503}
#: Seconds after which whoever was told that BookMe is away may ask again.
AGAIN_AFTER = 30


def init_app(app: Flask) -> None:
    """Bind the pages to an application."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(DBAPIError, _database_error)


def _http_error(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400:  # a redirect that werkzeug raises for a missing slash
        return make_response(error.get_response())
    wait = limits.wait() if code == 429 else None
    response = _page(code if code in PAGES else 400, status=code, wait=wait)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _stale_form(error: CSRFError) -> Response:
    """In place, the form gets a new field: only this browser reads it, and its host presses again.
    Somebody who is signed out by now is told that instead, before the field is of any use.
    """
    log.info("refused a form: %s", error.description)
    if not htmx.wants_fragment():
        return _page(400, stale_form=True)
    if not current_user.is_authenticated:
        return _page(401)
    return _page(400, signed_in_as=current_user.email)


def _database_error(error: DBAPIError) -> Response:
    """The database is away, busy or full; or it was asked for nonsense, and that is our mistake."""
    log.error("database: %s", type(error.orig).__name__)
    db.session.rollback()
    is_outage = isinstance(error, OperationalError | InterfaceError)
    if not is_outage and not error.connection_invalidated:
        return _page(500)
    # Never an address of another site: a path may begin with two slashes.
    again = "/" + request.full_path.lstrip("/").rstrip("?")
    response = _page(503, kept=_typed(), again=again)
    response.headers["Retry-After"] = str(AGAIN_AFTER)
    return response


def _typed() -> list[tuple[str, str]]:
    """The fields of a form that found nobody to take it, to be sent again as they are; none if it
    holds what no page repeats: a password, a code or a file.
    """
    fields = list(request.form.items(multi=True)) if request.method == "POST" else []
    is_secret = any("password" in name or name == "code" for name, _ in fields)
    return [] if is_secret or request.files else fields


def _page(code: int, status: int | None = None, **context: object) -> Response:
    if htmx.wants_fragment():
        return htmx.notice(status or code, "errors/_here.html", code=code, **context)
    return make_response(render_template(f"errors/{code}.html", **context), status or code)
