"""Stands between the caller and the providers: logs each call, and lets faults act on it.

Outside Flask, because a fault may need the connection itself.
"""

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request
from werkzeug.wrappers import Request, Response

from sandbox import acts, faults, tokens
from sandbox.clock import utcnow
from sandbox.line import Dropped, Line
from sandbox.operations import operation_of, provider_of
from sandbox.times import stamp

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from sandbox.context import Sandbox


#: The header of an answer that names the call to the provider's support.
_TRACKED_IN = {"zoom": "x-zm-trackingid", "microsoft": "request-id"}


@dataclass(slots=True)
class Call:
    """What the log will say of a call that is under way."""

    id: int
    operation: str
    tracking_id: str
    person_id: str | None = None
    meeting_id: int | None = None
    event_id: str | None = None
    did: int | None = None


def note(
    person_id: str | None = None, meeting_id: int | None = None, event_id: str | None = None
) -> None:
    """Tell the log whom and what the call is about."""
    call = request.environ.get("sandbox.call")
    if isinstance(call, Call):
        call.person_id = person_id or call.person_id
        call.meeting_id = meeting_id or call.meeting_id
        call.event_id = event_id[:200] if event_id else call.event_id


class Wire:
    """WSGI middleware."""

    def __init__(self, app: "WSGIApplication", here: "Sandbox") -> None:
        self._app = app
        self._here = here

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        asked = Request(environ)
        operation = operation_of(asked)
        if operation is None:
            return self._app(environ, start_response)
        call, fault = self._begin(operation)
        environ["sandbox.call"] = call
        mailbox = self._mailbox(asked, operation)
        if mailbox is not None:
            environ["sandbox.crowded"] = self._here.crowd.enter(mailbox)
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
            if mailbox is not None:
                self._here.crowd.leave(mailbox)
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
        if header := _TRACKED_IN.get(provider_of(call.operation)):
            response.headers.setdefault(header, call.tracking_id)
        return response

    def _mailbox(self, asked: Request, operation: str) -> str | None:
        """Whose mailbox a call is about; None if it is about none of Microsoft's."""
        given = asked.authorization
        if provider_of(operation) == "microsoft" and given is not None and given.token:
            with self._here.store.read() as db:
                return tokens.owner(db, given.token, "microsoft")
        return None

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
        return Call(row["id"], operation, tracking_id), fault

    def _end(self, call: Call, answer: str, seconds: float) -> None:
        with self._here.store.write() as db:
            db.execute(
                "UPDATE call SET person_id = ?, meeting_id = ?, event_id = ?, did = ?, answer = ?,"
                " seconds = ? WHERE id = ?",
                (call.person_id, call.meeting_id, call.event_id, call.did, answer)
                + (round(seconds, 3), call.id),
            )
