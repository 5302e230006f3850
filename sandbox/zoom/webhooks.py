"""Events that Zoom sends to BookMe, signed as Zoom signs them, and tried again as Zoom does."""

import hashlib
import hmac
import json
import secrets
import sqlite3
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import requests

from sandbox.clock import utcnow
from sandbox.context import Sandbox
from sandbox.settings import setting
from sandbox.times import stamp

#: Zoom counts an answer that comes later as none.
PATIENCE_SECONDS = 3.0
_DELIVERED = (200, 204)
#: An attempt that the process did not survive is repeated after this.
_LEASE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an endpoint answered; no status means that it did not."""

    status: int | None
    text: str
    seconds: float

    @property
    def delivered(self) -> bool:
        return self.status in _DELIVERED and self.seconds <= PATIENCE_SECONDS


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of ``x-zm-signature``."""
    message = b"v0:" + timestamp.encode() + b":" + body
    return f"v0={hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()}"


def post(url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """One attempt to deliver; never raises for what the other side does."""
    began = time.monotonic()
    status, text = None, "no address to send to"
    if url:
        try:
            with requests.Session() as session:
                session.trust_env = False  # no proxy between here and this machine
                answer = session.post(
                    url, data=body, headers=headers, timeout=PATIENCE_SECONDS, allow_redirects=False
                )
            status, text = answer.status_code, answer.text[:2000]
        except requests.RequestException as error:
            text = type(error).__name__
    return Answer(status, text, round(time.monotonic() - began, 3))


def signed_headers(secret: str, timestamp: str, body: bytes) -> dict[str, str]:
    """The headers that Zoom sends with an event.

    :param timestamp: seconds since 1970.
    """
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Zoom Marketplace/1.0a (sandbox)",
        "x-zm-request-timestamp": timestamp,
        "x-zm-signature": sign(secret, timestamp, body),
        "x-zm-trackingid": f"WEB_{secrets.token_hex(16)}",
    }


def deauthorized(person: sqlite3.Row, client_id: str, now: datetime) -> dict[str, Any]:
    """The event for a person who has removed the app."""
    return {
        "event": "app_deauthorized",
        "event_ts": int(now.timestamp() * 1000),
        "payload": {
            "account_id": person["account_id"],
            "user_id": person["id"],
            "signature": secrets.token_hex(32),
            "deauthorization_time": f"{stamp(now)[:-4]}Z",
            "client_id": client_id,
        },
    }


def queue(
    db: sqlite3.Connection, body: dict[str, Any], now: datetime, delay: float | None = 0
) -> int:
    """Keep an event until it is delivered.

    :param delay: seconds; None if it is not to go by itself.
    :return: its id, for :func:`deliver`.
    """
    first_at = now + timedelta(seconds=delay or 0)
    row = db.execute(
        "INSERT INTO webhook (event, body, stamped_at, next_at) VALUES (?, ?, ?, ?) RETURNING id",
        (
            str(body.get("event")),
            json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
            _seconds(first_at),
            None if delay is None else stamp(first_at),
        ),
    ).fetchone()
    return int(row["id"])


def announce_revoke(
    db: sqlite3.Connection, here: Sandbox, person: sqlite3.Row, now: datetime
) -> None:
    """Zoom sends the event too when the app itself has revoked, a little later."""
    delay = setting(db, "event_on_revoke_seconds")
    if delay is not None:
        queue(db, deauthorized(person, here.config.client_id, now), now, delay)


def deliver(here: Sandbox, webhook_id: int, now: datetime, again: bool = False) -> bool:
    """Send one event if it is due; what was not delivered is tried again as Zoom does.

    :param again: send it whatever its state, as it was first sent.
    :return: whether there was anything to send.
    """
    with here.store.write() as db:
        row = db.execute(
            "UPDATE webhook SET next_at = ?, attempts = attempts + 1"
            " WHERE id = ? AND (? OR next_at <= ?) RETURNING *",
            (stamp(now + _LEASE), webhook_id, again, stamp(now)),
        ).fetchone()
        url = here.registered(db, "webhook_url")
        waits = setting(db, "webhook_retry_seconds")
    if row is None:
        return False
    headers = signed_headers(here.config.webhook_secret, row["stamped_at"], row["body"])
    answer = post(url, row["body"], headers)
    next_at = None
    if not answer.delivered and row["attempts"] <= len(waits):
        next_at = stamp(now + timedelta(seconds=waits[row["attempts"] - 1]))
    with here.store.write() as db:
        db.execute(
            "UPDATE webhook SET status = ?, answer = ?, seconds = ?, next_at = ? WHERE id = ?",
            (answer.status, answer.text, answer.seconds, next_at, webhook_id),
        )
    return True


def deliver_due(here: Sandbox, now: datetime) -> int:
    """Send every event whose time has come; how many there were."""
    with here.store.read() as db:
        due = db.execute("SELECT id FROM webhook WHERE next_at <= ?", (stamp(now),)).fetchall()
    return sum(deliver(here, row["id"], now) for row in due)


def keep_delivering(here: Sandbox) -> None:
    """Deliver until the process ends."""
    while not here.stopping.wait(0.2):
        deliver_due(here, utcnow())


def validate(here: Sandbox) -> tuple[bool, Answer]:
    """Ask the endpoint to prove that it knows the secret, as Zoom does every 72 hours."""
    plain = secrets.token_urlsafe(16)
    now = utcnow()
    event = {
        "event": "endpoint.url_validation",
        "event_ts": int(now.timestamp() * 1000),
        "payload": {"plainToken": plain},
    }
    body = json.dumps(event, separators=(",", ":")).encode()
    secret = here.config.webhook_secret
    with here.store.read() as db:
        url = here.registered(db, "webhook_url")
    answer = post(url, body, signed_headers(secret, _seconds(now), body))
    expected = {
        "plainToken": plain,
        "encryptedToken": hmac.new(secret.encode(), plain.encode(), hashlib.sha256).hexdigest(),
    }
    return answer.delivered and _json(answer.text) == expected, answer


def _seconds(moment: datetime) -> str:
    return str(int(moment.timestamp()))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
