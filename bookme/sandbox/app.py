"""The sandbox's Flask application."""

import json
import secrets
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException

from bookme.clock import utcnow
from bookme.sandbox import (
    books,
    calendar_pages,
    compliance,
    consent,
    control,
    control_calendars,
    control_events,
    mailbox,
    marketplace,
    oauth,
    pages,
    people,
    security,
    settings,
    switchboard,
    zoom_api,
)
from bookme.sandbox.answers import Refusal
from bookme.sandbox.config import Config
from bookme.sandbox.context import Sandbox
from bookme.sandbox.google import consent as google_consent
from bookme.sandbox.google import events as google_events
from bookme.sandbox.google import lists as google_lists
from bookme.sandbox.google import token as google_token
from bookme.sandbox.icloud import front as icloud_front
from bookme.sandbox.icloud import pages as icloud_pages
from bookme.sandbox.microsoft import consent as microsoft_consent
from bookme.sandbox.microsoft import events as microsoft_events
from bookme.sandbox.microsoft import lists as microsoft_lists
from bookme.sandbox.microsoft import token as microsoft_token
from bookme.sandbox.store import Store
from bookme.sandbox.wire import Wire

_PARTS = (
    calendar_pages,
    compliance,
    consent,
    control,
    control_calendars,
    control_events,
    google_consent,
    google_events,
    google_lists,
    google_token,
    icloud_front,
    icloud_pages,
    mailbox,
    marketplace,
    microsoft_consent,
    microsoft_events,
    microsoft_lists,
    microsoft_token,
    oauth,
    pages,
    switchboard,
    zoom_api,
)


def create_app(config: Config) -> Flask:
    """Make the application on the state that ``config`` names; what is there already is kept."""
    app = Flask(__name__)
    here = Sandbox(config, Store(config.state / "sandbox.sqlite"))
    app.extensions["sandbox"] = here
    app.config.update(
        SECRET_KEY=_prepare(here),
        SESSION_COOKIE_NAME="sandbox_session",  # BookMe may run on the same host
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=1_000_000,
    )
    for part in _PARTS:
        app.register_blueprint(part.bp)
    app.register_error_handler(Refusal, _answer)
    app.register_error_handler(HTTPException, pages.error_page)
    app.jinja_env.filters.update(
        minute=pages.minute, with_links=mailbox.with_links, from_json=json.loads
    )
    security.init_app(app)
    app.wsgi_app = Wire(app.wsgi_app, here)  # type: ignore[method-assign]
    return app


def _prepare(here: Sandbox) -> str:
    """Make what must be there; the key of the browsers' sessions outlives a restart."""
    with here.store.write() as db:
        people.add_missing(db)
        books.add_missing(db, utcnow())
        key = settings.kept(db, "session_key") or secrets.token_hex(32)
        settings.keep(db, "session_key", key)
    return str(key)


def _answer(error: Refusal) -> Any:
    return error.response()
