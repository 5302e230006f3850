"""Connections, and the way to them through the pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import sqlalchemy as sa
from flask import g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bookme.connections.grants import seals
from bookme.extensions import db
from bookme.models import Connection, ConnectionStatus, Email, User
from bookme.providers.http.grant import Grant
from bookme.providers.video import Account, Plan
from bookme.providers.zoom.client import SCOPES as ZOOM_SCOPES
from tests.conftest import NOW
from tests.fake_zoom import JILL, FakeZoom, user_id

CONNECT, CALLBACK = "/connections/zoom/connect", "/connections/zoom/callback"
REPLACE, KEEP = "/connections/zoom/replace", "/connections/zoom/keep"


def connection(host: User, zoom: FakeZoom, person: str = JILL, **columns: Any) -> Connection:
    """A host's connection to a person's Zoom account, made a day before NOW, its access token good
    for an hour.
    """
    seal_id, granted = uuid4().hex, zoom.granted(person)
    made_at = columns.setdefault("connected_at", NOW - timedelta(days=1))
    grant = Grant(granted.access, granted.refresh, 3600, frozenset(ZOOM_SCOPES))
    account = Account(user_id(person), f"account-of-{person}", person, Plan.LICENSED, "active")
    made = Connection(
        **{
            "host_id": host.id,
            "provider": "zoom",
            "status": ConnectionStatus.ACTIVE,
            "seal_id": seal_id,
            "scopes": " ".join(ZOOM_SCOPES),
            "generation": 1,
            "refreshed_at": made_at,
            "checked_at": made_at,
        }
        | seals.pair(seal_id, grant, now=NOW)
        | seals.account(seal_id, "zoom", account)
        | columns
    )
    db.session.add(made)
    db.session.commit()
    return made


def expired(made: Connection, zoom: FakeZoom) -> Connection:
    """The access token of a connection has run out."""
    made.expires_at = NOW - timedelta(minutes=1)
    db.session.commit()
    zoom.grants[-1].is_expired = True
    return made


def start(browser: FlaskClient, **form: str) -> str:
    """Press Connect; return the state that goes to Zoom."""
    answer = browser.post(CONNECT, data=form)
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    return asked["state"][0]


def connect(browser: FlaskClient, zoom: FakeZoom, person: str = JILL, **form: str) -> TestResponse:
    """Press Connect, allow as a person at Zoom, come back."""
    state = start(browser, **form)
    return come_back(browser, CALLBACK, {"code": zoom.allows(person), "state": state})


def replace(browser: FlaskClient, zoom: FakeZoom, person: str) -> TestResponse:
    """Connect another account than the connected one, and agree that it takes that one's place."""
    asked = connect(browser, zoom, person)
    assert asked.headers["Location"] == REPLACE
    return browser.post(REPLACE)


def come_back(browser: FlaskClient, path: str, query: dict[str, str]) -> TestResponse:
    """Be sent back by a provider. Whatever comes of it, the browser goes on to an address without
    code and state; to the page that says why nothing was connected, if that is so.
    """
    answer = browser.get(path, query_string=query)
    assert answer.status_code == 303
    address = answer.headers["Location"]
    assert set(query).isdisjoint(parse_qs(urlsplit(address).query))
    return browser.get(address) if address.endswith("/failed") else answer


def rows(host: User) -> list[Connection]:
    """All of a host's connections, as they are now."""
    db.session.rollback()
    db.session.expire_all()
    found = sa.select(Connection).where(Connection.host_id == host.id).order_by(Connection.id)
    return list(db.session.scalars(found))


def now_of(made: Connection) -> Connection:
    """A connection as it is now."""
    db.session.rollback()
    db.session.refresh(made)
    return made


def letters() -> list[tuple[str, int | None]]:
    """The messages that are owed so far: kind and reader."""
    found = db.session.execute(sa.select(Email.kind, Email.user_id).order_by(Email.id))
    return [(kind, reader) for kind, reader in found]


def forget_browser() -> None:
    """Between two browsers in one test, which share the application's context."""
    for name in ("_login_user", "session_row", "session_seen"):
        g.pop(name, None)


@contextmanager
def sent_statements() -> Iterator[list[str]]:
    """The SQL that is sent within a block, in order."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
