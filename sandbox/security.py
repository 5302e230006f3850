"""What the sandbox's pages say to browsers, and whose forms they take."""

import hmac
import secrets

from flask import Flask, Response, request, session
from werkzeug.exceptions import BadRequest

from sandbox.config import origin
from sandbox.context import sandbox

#: Endpoints that programs call, without a session.
_PROGRAMS = {"oauth", "zoom_api", "compliance", "control", "control_events", "control_calendars"}
_PROGRAMS |= {"google_token", "google_lists", "google_events"}
_PROGRAMS |= {"microsoft_token", "microsoft_lists", "microsoft_events", "icloud_front"}
_PROGRAMS |= {"openid_token"}


def init_app(app: Flask) -> None:
    """Bind the rules of this module to an application."""
    app.before_request(_check_form)
    app.after_request(_add_headers)
    app.jinja_env.globals["csrf_token"] = csrf_token


def csrf_token() -> str:
    """The session's key, which every form carries."""
    return str(session.setdefault("csrf_token", secrets.token_urlsafe(24)))


def _check_form() -> None:
    if request.method in ("GET", "HEAD", "OPTIONS") or request.blueprint in _PROGRAMS:
        return
    if request.routing_exception is not None:
        return  # there is nothing here that could act
    given = request.form.get("csrf_token", "")
    if not hmac.compare_digest(given.encode(), csrf_token().encode()):
        raise BadRequest("This form is not from the sandbox's own pages, or its session is over.")


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _policy())
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "no-store")
    return response


def _policy() -> str:
    """Our own files only; Allow and Decline lead to the app, and Chromium checks ``form-action``
    for that redirect too.
    """
    here = sandbox()
    with here.store.read() as db:
        apps = sorted({origin(redirect) for redirect in here.registered(db, "redirects")})
    return "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "img-src 'self'",
            "frame-src 'self'",
            f"form-action 'self' {' '.join(apps)}",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )
