"""The sandbox's Flask application."""

import json
import secrets
from typing import Any

from flask import Flask
from werkzeug.exceptions import HTTPException

from sandbox import (
    books,
    calendar_pages,
    consent,
    control,
    control_calendars,
    control_events,
    oauth,
    pages,
    people,
    security,
    settings,
    switchboard,
)
from sandbox.answers import Refusal
from sandbox.clock import utcnow
from sandbox.config import Config
from sandbox.context import Sandbox
from sandbox.google import consent as google_consent
from sandbox.google import events as google_events
from sandbox.google import lists as google_lists
from sandbox.google import token as google_token
from sandbox.icloud import front as icloud_front
from sandbox.icloud import pages as icloud_pages
from sandbox.mail import mailbox
from sandbox.microsoft import admin as microsoft_admin
from sandbox.microsoft import consent as microsoft_consent
from sandbox.microsoft import events as microsoft_events
from sandbox.microsoft import lists as microsoft_lists
from sandbox.microsoft import token as microsoft_token
from sandbox.openid import consent as openid_consent
from sandbox.openid import token as openid_token
from sandbox.store import Store
from sandbox.wire import Wire
from sandbox.zoom import api, compliance, marketplace

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
    microsoft_admin,
    microsoft_consent,
    microsoft_events,
    microsoft_lists,
    microsoft_token,
    oauth,
    openid_consent,
    openid_token,
    pages,
    switchboard,
    api,
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
