"""Where Zoom tells BookMe something. Signed requests only; what they ask for is left to a job."""

import json
import logging
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, request

from bookme import queue
from bookme.clock import utcnow
from bookme.extensions import csrf
from bookme.meters import count
from bookme.together import Together
from bookme.webhooks import events, inbox, signature

log = logging.getLogger(__name__)

bp = Blueprint("webhooks", __name__)
csrf.exempt(bp)

MOST = 64 * 1024
#: When an app is removed from a whole account, there is an event for each of its users.
_inbox = Together(inbox.receive)


@bp.after_request
def count_outcome(response: Response) -> Response:
    """Count what became of it."""
    count.webhook(inbox.PROVIDER, _outcome(response.status_code))
    return response


def _outcome(status: int) -> count.Webhook:
    if status == 401:
        return count.Webhook.UNSIGNED
    if status >= 500:
        return count.Webhook.FAILED
    return count.Webhook.UNREADABLE if status >= 400 else count.Webhook.TAKEN


@bp.post("/webhooks/zoom")
def zoom() -> Response:
    """Check the signature over the raw bytes, then do what the event is about."""
    event = _event(_signed_body())
    name = event.get("event")
    known = _EVENTS.get(name) if isinstance(name, str) else None
    return known(event) if known else Response(status=200)


def _signed_body() -> bytes:
    """The request's body. Ends the request with 401 if Zoom did not sign it, 413 if it is long."""
    headers = request.headers
    sent_signature = headers.get("x-zm-signature")
    timestamp = headers.get("x-zm-request-timestamp")
    if sent_signature is None or timestamp is None:
        abort(401)
    body = request.get_data()
    if len(body) > MOST:
        abort(413)
    secret = current_app.config["ZOOM_WEBHOOK_SECRET"]
    if not signature.is_genuine(body, sent_signature, timestamp, secret, now=utcnow()):
        abort(401)
    return body


def _event(body: bytes) -> dict[str, Any]:
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        abort(400)
    return event if isinstance(event, dict) else abort(400)


def _url_validation(event: dict[str, Any]) -> Response:
    """Show that we have the secret."""
    token = events.plain_token(event)
    if token is None:
        abort(400)
    secret = current_app.config["ZOOM_WEBHOOK_SECRET"]
    encrypted = signature.digest(secret, token.encode())
    return jsonify(plainToken=token, encryptedToken=encrypted)


def _app_deauthorized(event: dict[str, Any]) -> Response:
    """Keep the removal, stop using what it ends, and leave the rest to a job."""
    now = utcnow()
    removal = events.removal(event, current_app.config["ZOOM_CLIENT_ID"], now=now)
    if removal is None:
        log.info("a removal that is not about us")
        return Response(status=200)
    removal_id = _inbox.do(removal)
    if removal_id is not None:
        queue.hint(queue.Job.SETTLE_REMOVAL, removal_id)
    return Response(status=200)


_EVENTS: dict[str, Callable[[dict[str, Any]], Response]] = {
    "endpoint.url_validation": _url_validation,
    "app_deauthorized": _app_deauthorized,
}
