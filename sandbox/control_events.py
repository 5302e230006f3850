"""The control API's part that makes Zoom speak: removals, and events of any kind."""

import json
from typing import Any

from flask import Blueprint, Response, jsonify
from werkzeug.exceptions import BadRequest, HTTPException, NotFound

from sandbox import control
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.inputs import json_body, named_person, only_json
from sandbox.settings import is_number
from sandbox.zoom import marketplace, webhooks

bp = Blueprint("control_events", __name__, url_prefix="/control")
bp.before_request(only_json)
bp.register_error_handler(HTTPException, control.refused)


@bp.post("/remove")
def remove() -> Response:
    """Remove the app for a ``user`` as the Marketplace does.

    ``{"delay": 5}`` sends the event so many seconds later, ``{"delay": null}`` not by itself.
    """
    here, now = sandbox(), utcnow()
    delay = json_body().get("delay", 0)
    if not (delay is None or is_number(delay)):
        raise BadRequest("delay is a number of seconds or null")
    with here.store.write() as db:
        event = marketplace.remove(db, here, named_person(db), now, delay=delay)
    if delay == 0:
        webhooks.deliver(here, event, now)
    return _shown(event)


@bp.post("/webhooks")
def send() -> Response:
    """Send an event with any ``body`` (or ``raw`` text), once.

    Signed with the app's secret and the present time, unless ``secret``, ``timestamp`` (seconds
    since 1970, or any text), ``signature`` or other ``headers`` are given; a header that is null
    is left out.
    """
    here, now, wanted = sandbox(), utcnow(), json_body()
    body = _raw(wanted)
    stamped_at = str(wanted.get("timestamp", int(now.timestamp())))
    secret = wanted.get("secret", here.config.webhook_secret)
    headers = {
        **webhooks.signed_headers(secret, stamped_at, body),
        **({"x-zm-signature": wanted["signature"]} if "signature" in wanted else {}),
        **wanted.get("headers", {}),
    }
    with here.store.read() as db:
        url = here.registered(db, "webhook_url")
    sent = {name: value for name, value in headers.items() if value is not None}
    answer = webhooks.post(url, body, sent)
    with here.store.write() as db:
        row = db.execute(
            "INSERT INTO webhook (event, body, stamped_at, attempts, status, answer, seconds)"
            " VALUES ('by hand', ?, ?, 1, ?, ?, ?) RETURNING id",
            (body, stamped_at, answer.status, answer.text, answer.seconds),
        ).fetchone()
    return _shown(row["id"])


@bp.post("/webhooks/<int:webhook_id>/again")
def again(webhook_id: int) -> Response:
    """Send a kept event once more, signed as it first was."""
    if not webhooks.deliver(sandbox(), webhook_id, utcnow(), again=True):
        raise NotFound("no such event")
    return _shown(webhook_id)


@bp.post("/validate")
def validate() -> Response:
    """Ask BookMe's endpoint for its proof."""
    good, answer = webhooks.validate(sandbox())
    return jsonify(valid=good, status=answer.status, answer=answer.text, seconds=answer.seconds)


def _raw(wanted: dict[str, Any]) -> bytes:
    if ("raw" in wanted) == ("body" in wanted):
        raise BadRequest("either body or raw")
    raw = wanted["raw"] if "raw" in wanted else json.dumps(wanted["body"])
    return str(raw).encode()


def _shown(webhook_id: int) -> Response:
    with sandbox().store.read() as db:
        row = db.execute("SELECT * FROM webhook WHERE id = ?", (webhook_id,)).fetchone()
    return jsonify({**dict(row), "body": row["body"].decode()})
