"""Stands between the caller and Zoom's endpoints: logs each call, and lets faults act on it.

Outside Flask, because a fault may need the connection itself.
"""

import re
import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request, Response

from bookme.clock import utcnow
from bookme.sandbox import acts, faults
from bookme.sandbox.line import Dropped, Line
from bookme.sandbox.times import stamp

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from bookme.sandbox.context import Sandbox

_MOST_BYTES = 1_000_000
_PATHS = [
    (re.compile(r"/zoom/oauth/token"), {"POST": "token"}),
    (re.compile(r"/zoom/oauth/revoke"), {"POST": "revoke"}),
    (re.compile(r"/zoom/oauth/data/compliance"), {"POST": "compliance"}),
    (re.compile(r"/zoom/v2/users/[^/]+"), {"GET": "me"}),
    (re.compile(r"/zoom/v2/users/[^/]+/meetings"), {"GET": "list", "POST": "create"}),
    (
        re.compile(r"/zoom/v2/meetings/[^/]+"),
        {"GET": "get", "PATCH": "update", "DELETE": "delete"},
    ),
    (re.compile(r"/zoom/(v2|oauth/(token|revoke|data))\b.*"), {}),
]


@dataclass(slots=True)
class Call:
    """What the log will say of a call that is under way."""

    id: int
    tracking_id: str
    person_id: str | None = None
    meeting_id: int | None = None
    did: int | None = None


def note(person_id: str | None = None, meeting_id: int | None = None) -> None:
    """Tell the log whom and what the call is about."""
    call = request.environ.get("sandbox.call")
    if isinstance(call, Call):
        call.person_id = person_id or call.person_id
        call.meeting_id = meeting_id or call.meeting_id


class Wire:
    """WSGI middleware."""

    def __init__(self, app: "WSGIApplication", here: "Sandbox") -> None:
        self._app = app
        self._here = here

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        asked = Request(environ)
        operation = _operation(asked)
        if operation is None:
            return self._app(environ, start_response)
        call, fault = self._begin(operation)
        environ["sandbox.call"] = call
        line = Line(environ.get("werkzeug.socket"), self._here.stopping)
        began = time.monotonic()
        answer = "crashed"
        try:
            response = self._answer(environ, call, fault, line)
            answer = str(response.status_code)
        except Dropped as dropped:
            answer = str(dropped)
            line.hang_up()
            raise
        finally:
            self._end(call, answer, time.monotonic() - began)
        return response(environ, start_response)

    def _answer(
        self, environ: "WSGIEnvironment", call: Call, fault: faults.Fault | None, line: Line
    ) -> Response:
        def do() -> Response:
            done = Response.from_app(self._app, environ, buffered=True)
            call.did = done.status_code
            return done

        response = acts.act(fault, line, do) if fault else do()
        response.headers.setdefault("x-zm-trackingid", call.tracking_id)
        return response

    def _begin(self, operation: str) -> tuple[Call, faults.Fault | None]:
        tracking_id = f"v=2.0;clid=sandbox;rid=WEB_{secrets.token_hex(16)}"
        with self._here.store.write() as db:
            fault = faults.take(db, operation)
            label = fault.label if fault else None
            row = db.execute(
                "INSERT INTO call (at, operation, tracking_id, fault) VALUES (?, ?, ?, ?)"
                " RETURNING id",
                (stamp(utcnow()), operation, tracking_id, label),
            ).fetchone()
        return Call(row["id"], tracking_id), fault

    def _end(self, call: Call, answer: str, seconds: float) -> None:
        with self._here.store.write() as db:
            db.execute(
                "UPDATE call SET person_id = ?, meeting_id = ?, did = ?, answer = ?, seconds = ?"
                " WHERE id = ?",
                (call.person_id, call.meeting_id, call.did, answer, round(seconds, 3), call.id),
            )


def _operation(asked: Request) -> str | None:
    """The operation a request asks for: "other" for a call that BookMe has no business making,
    None for the sandbox's own pages. Keeps the body for those who read it after.
    """
    methods = next((found for path, found in _PATHS if path.fullmatch(asked.path)), None)
    if methods is None:
        return None
    asked.max_content_length = _MOST_BYTES
    try:
        body = asked.get_data()
    except RequestEntityTooLarge:
        body = b""
    asked.environ["wsgi.input"] = BytesIO(body)
    asked.environ["CONTENT_LENGTH"] = str(len(body))
    operation = methods.get(asked.method, "other")
    if operation == "token":
        refreshes = Request(asked.environ).form.get("grant_type") == "refresh_token"
        asked.environ["wsgi.input"] = BytesIO(body)
        return "token.refresh" if refreshes else "token.exchange"
    return operation
