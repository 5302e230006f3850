"""Zoom at the wire, with a memory: who has allowed BookMe, which tokens live, which meetings there
are, what BookMe asked for, and what came of that.
"""

import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest
from responses import RequestsMock
from sqlalchemy.orm import Session

from bookme.extensions import db
from tests.answers import Answer, Fault, says
from tests.fake_zoom.accounts import JACK, JILL, Accounts, fixture, read_form, user_id
from tests.fake_zoom.meetings import Meetings, starts_at

__all__ = ["JACK", "JILL", "FakeZoom", "at_the_wire", "code", "starts_at", "user_id"]

OAUTH, API = "https://zoom.us/oauth", "https://api.zoom.us/v2"
COMPLIANCE = "https://api.zoom.us/oauth/data/compliance"


def code(number: int, status: int = 400) -> Fault:
    """Zoom says no, with one of its codes."""
    return Fault(says(status, {"code": number, "message": "no"}))


@dataclass
class FakeZoom(Accounts, Meetings):
    """Zoom, all of it.

    :ivar calls: what was called so far. Meetings are called by their method, such as ``POST``, and
        listing them ``LIST``; the rest are ``exchange``, ``refresh``, ``revoke``, ``me`` and
        ``confirm``.
    """

    mock: RequestsMock
    session: Session
    calls: list[str] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=dict)
    #: Called with the name of each call, before it has an effect.
    meanwhile: Callable[[str], None] | None = None
    open_transactions: int = 0

    def __post_init__(self) -> None:
        for address in (f"{OAUTH}/token", f"{OAUTH}/revoke", COMPLIANCE):
            self.mock.add_callback("POST", address, self._answer)
        for method in ("GET", "POST", "PATCH", "DELETE"):
            self.mock.add_callback(method, re.compile(re.escape(API) + "/.*"), self._answer)

    def fails(self, call: str, *faults: Fault | Answer | BaseException | str) -> None:
        """The next calls of one kind fail so; a word names a fixture."""
        self.faults.setdefault(call, deque()).extend(_fault(one) for one in faults)

    def body(self, number: int = -1) -> dict[str, Any]:
        """The body of one call."""
        return self.bodies[number]

    def during(self, call: str, *statements: Any) -> None:
        """While the next call of one kind is under way, another process does this."""
        engine = self.session.get_bind()

        def execute() -> None:
            with engine.begin() as other:
                for statement in statements:
                    other.execute(statement)

        self.run_during(call, execute)

    def run_during(self, call: str, action: Callable[[], object]) -> None:
        def once(name: str) -> None:
            if name == call:
                self.meanwhile = None
                action()

        self.meanwhile = once

    def _answer(self, request: PreparedRequest) -> Answer:
        call, body = _call(request)
        self.calls.append(call)
        self.bodies.append(body)
        self.open_transactions += self.session.in_transaction()
        if self.meanwhile is not None:
            self.meanwhile(call)
        waiting = self.faults.get(call)
        fault = waiting.popleft() if waiting else None
        if fault is not None and not fault.done:
            return fault.happens()
        answer = self._do(call, body, request)
        return answer if fault is None else fault.happens()

    def _do(self, call: str, body: dict[str, Any], request: PreparedRequest) -> Answer:
        if call.isupper():
            return self.do_to_meetings(call, urlsplit(str(request.url)).path, body)
        token = str(request.headers.get("Authorization")).removeprefix("Bearer ")
        return self.do_to_accounts(call, body, token)


@contextmanager
def at_the_wire() -> Iterator[FakeZoom]:
    """Zoom instead of the network; no call may be made with a transaction open."""
    with RequestsMock(assert_all_requests_are_fired=False) as mock:
        fake = FakeZoom(mock, db.session())
        yield fake
        assert fake.open_transactions == 0


def _fault(given: Fault | Answer | BaseException | str) -> Fault:
    if isinstance(given, Fault):
        return given
    return Fault(fixture(given) if isinstance(given, str) else given)


def _call(request: PreparedRequest) -> tuple[str, dict[str, Any]]:
    """What is called, and the body it is called with."""
    path = urlsplit(str(request.url)).path
    if path == "/oauth/token":
        form = read_form(request)
        return "exchange" if form["grant_type"] == "authorization_code" else "refresh", form
    if path == "/oauth/revoke":
        return "revoke", read_form(request)
    body = json.loads(request.body) if request.body else {}
    names = {"/v2/users/me": "me", "/oauth/data/compliance": "confirm"}
    listing = (request.method, path) == ("GET", "/v2/users/me/meetings")
    return "LIST" if listing else names.get(path, str(request.method)), body
