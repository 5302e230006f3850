"""Zoom's data-compliance endpoint."""

import json
from typing import Any

from flask import Blueprint, Response, request

from sandbox.answers import invalid
from sandbox.checks import Check, flag, json_object, one_of, text, whole
from sandbox.clock import utcnow
from sandbox.context import sandbox
from sandbox.oauth import check_client
from sandbox.times import stamp
from sandbox.wire import note

bp = Blueprint("compliance", __name__, url_prefix="/zoom/oauth/data")

_words = text(200, shortest=1)
_REQUIRED: dict[str, Check] = {
    "client_id": _words,
    "user_id": _words,
    "account_id": _words,
    "deauthorization_event_received": lambda value: isinstance(value, dict),
    "compliance_completed": lambda value: flag(value) and value,
}
#: What the event's payload may hold; those of :data:`_SAME` it must.
_PAYLOAD: dict[str, Check] = {
    "account_id": _words,
    "user_id": _words,
    "client_id": _words,
    "signature": text(1000),
    "deauthorization_time": _words,
    "user_data_retention": one_of("true", "false"),
    "event_ts": whole(0, 2**63),
}
_SAME = ("client_id", "user_id", "account_id")


@bp.post("/compliance")
def confirm() -> Response:
    """Take the confirmation that a person's data is gone."""
    check_client()
    if request.args:
        raise invalid(*request.args)
    body = json_object(request.get_data(), request.mimetype)
    if wrong := _wrong(body):
        raise invalid(*wrong)
    payload = body["deauthorization_event_received"]
    with sandbox().store.write() as db:
        sent = db.execute("SELECT body FROM webhook WHERE event = 'app_deauthorized'").fetchall()
        known = any(json.loads(row["body"]).get("payload") == payload for row in sent)
        db.execute(
            "INSERT INTO compliance (at, body, event_known) VALUES (?, ?, ?)",
            (stamp(utcnow()), json.dumps(body), known),
        )
    note(body["user_id"])
    return Response(status=200)


def _wrong(body: dict[str, Any]) -> list[str]:
    wrong = [name for name in body if name not in _REQUIRED]
    wrong += [name for name, good in _REQUIRED.items() if name not in body or not good(body[name])]
    payload = body.get("deauthorization_event_received")
    if wrong or not isinstance(payload, dict):
        return wrong
    inner = [name for name, value in payload.items() if not _PAYLOAD.get(name, _never)(value)]
    inner += [name for name in _SAME if payload.get(name) != body[name]]
    wrong = [f"deauthorization_event_received.{name}" for name in dict.fromkeys(inner)]
    return wrong + (["client_id"] if body["client_id"] != sandbox().config.client_id else [])


def _never(value: Any) -> bool:
    return False
