"""Zoom at the wire, with a memory: what BookMe asked of it, and what came of that."""

import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest
from responses import RequestsMock
from sqlalchemy.orm import Session

from bookme.clock import utcnow

API = "https://api.zoom.us/v2"
Answer = tuple[int, dict[str, str], str]


class Killed(BaseException):
    """The process ends here."""


@dataclass(frozen=True)
class Fault:
    """What becomes of one call instead of a proper answer.

    :ivar outcome: an answer, or an exception to raise.
    :ivar done: Zoom did what it was asked before.
    """

    outcome: Answer | BaseException
    done: bool = False


def says(status: int, body: dict[str, Any] | None = None, **headers: str) -> Answer:
    return status, headers, json.dumps(body) if body is not None else ""


def code(number: int, status: int = 400) -> Fault:
    """Zoom says no, with one of its codes."""
    return Fault(says(status, {"code": number, "message": "no"}))


@dataclass
class FakeZoom:
    """One Zoom account. ``meetings`` are those that are there, by id."""

    mock: RequestsMock
    session: Session
    meetings: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=dict)
    #: Called at each call, before it has an effect.
    meanwhile: Callable[[str], None] | None = None
    #: Ids that listings do not show yet.
    unlisted: set[str] = field(default_factory=set)
    open_transactions: int = 0

    def __post_init__(self) -> None:
        for method in ("GET", "POST", "PATCH", "DELETE"):
            self.mock.add_callback(method, re.compile(re.escape(API) + "/.*"), self._answer)

    @property
    def methods(self) -> list[str]:
        """The calls so far, such as ``["POST", "PATCH"]``; listing is ``LIST``."""
        return [method for method, _, _ in self.calls]

    def body(self, number: int = -1) -> dict[str, Any]:
        """The body of one call."""
        return self.calls[number][2]

    def fails(self, method: str, *faults: Fault) -> None:
        """The next calls of one kind fail so."""
        self.faults.setdefault(method, deque()).extend(faults)

    def only(self) -> dict[str, Any]:
        """The one meeting there is."""
        (meeting,) = self.meetings.values()
        return meeting

    def holds(self, key: str, **fields: Any) -> None:
        """There is a meeting besides those that BookMe has asked for; ``fields`` say more of it."""
        self.meetings[key] = {"id": int(key), "join_url": f"https://zoom.us/j/{key}"} | fields

    def lose(self) -> None:
        """The host deletes every meeting on zoom.us."""
        self.meetings.clear()

    def _answer(self, request: PreparedRequest) -> Answer:
        path = urlsplit(str(request.url)).path.removeprefix("/v2")
        method = "LIST" if (request.method, path) == ("GET", "/users/me/meetings") else ""
        method = method or str(request.method)
        body = json.loads(request.body) if request.body else {}
        self.calls.append((method, path, body))
        self.open_transactions += self.session.in_transaction()
        if self.meanwhile is not None:
            self.meanwhile(method)
        waiting = self.faults.get(method)
        fault = waiting.popleft() if waiting else None
        if fault is not None and not fault.done:
            return self._out(fault)
        answer = self._do(method, path.rsplit("/", 1)[-1], body)
        return self._out(fault) if fault is not None else answer

    def _out(self, fault: Fault) -> Answer:
        if isinstance(fault.outcome, BaseException):
            raise fault.outcome
        return fault.outcome

    def _do(self, method: str, last: str, body: dict[str, Any]) -> Answer:
        if method == "POST":
            return self._create(body)
        if method == "LIST":
            shown = [m for key, m in self.meetings.items() if key not in self.unlisted]
            return says(200, {"meetings": shown, "next_page_token": ""})
        if last not in self.meetings:
            return says(404, {"code": 3001, "message": "Meeting does not exist."})
        if method == "GET":
            return says(200, self.meetings[last])
        if method == "DELETE":
            del self.meetings[last]
        else:
            self.meetings[last] |= body
        return says(204)

    def _create(self, body: dict[str, Any]) -> Answer:
        number = 85000000000 + len([m for m in self.methods if m == "POST"])
        self.meetings[str(number)] = {
            **body,
            "id": number,
            "join_url": f"https://zoom.us/j/{number}?pwd=x",
            "password": f"pw{number % 1000}",
            "created_at": f"{utcnow():%Y-%m-%dT%H:%M:%SZ}",
        }
        return says(201, self.meetings[str(number)])


def starts_at(meeting: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(meeting["start_time"]).astimezone(UTC)
