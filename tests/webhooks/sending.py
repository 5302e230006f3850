"""Events as Zoom sends them."""

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bookme.clock import utcnow
from bookme.extensions import db
from bookme.models import Deauthorization
from bookme.webhooks import events, inbox
from bookme.webhooks.signature import digest
from tests.conftest import NOW
from tests.fake_zoom import user_id

PATH = "/webhooks/zoom"
SECRET = "BOOKME_TEST_SECRET_TOKEN"


def signed(body: bytes, *, at: datetime = NOW, secret: str = SECRET) -> dict[str, str]:
    """The headers for a body signed at some time."""
    timestamp = str(int(at.timestamp()))
    signature = digest(secret, b"v0:" + timestamp.encode() + b":" + body)
    return {"x-zm-signature": f"v0={signature}", "x-zm-request-timestamp": timestamp}


def send(client: FlaskClient, event: Any, *, at: datetime = NOW, **headers: str) -> TestResponse:
    """Send an event, or the bytes of one, signed."""
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    return client.post(
        PATH, data=body, headers=signed(body, at=at) | headers, content_type="application/json"
    )


def removal(person: str, at: datetime = NOW, **changed: Any) -> dict[str, Any]:
    """The event that a person has removed BookMe; None leaves a field of the payload out."""
    payload = {
        "account_id": f"account-of-{person}",
        "user_id": user_id(person),
        "signature": "not to be looked at",
        "deauthorization_time": f"{at:%Y-%m-%dT%H:%M:%S}.278Z",
        "client_id": "zoom-client",
    } | changed
    kept = {name: value for name, value in payload.items() if value is not None}
    return {
        "event": "app_deauthorized",
        "event_ts": int(at.timestamp() * 1000),
        "payload": kept,
    }


def received(person: str, **changed: Any) -> int:
    """Zoom has told us of a removal; its id in the inbox."""
    told = events.removal(removal(person, **changed), "zoom-client", now=utcnow())
    assert told is not None
    (made,) = inbox.receive([told])
    assert made is not None
    return made


def kept() -> list[Deauthorization]:
    """What is in the inbox now."""
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Deauthorization).order_by(Deauthorization.id)))
