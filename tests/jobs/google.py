"""Google Calendar at the wire, with a memory: what BookMe asked of it, and what came of that."""

import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from requests import PreparedRequest
from responses import RequestsMock
from sqlalchemy.orm import Session

from tests.answers import Answer, Fault, says

API = "https://www.googleapis.com/calendar/v3"


def reason(status: int, why: str) -> Fault:
    """Google says no, for one of its reasons."""
    return Fault(says(status, {"error": {"code": status, "errors": [{"reason": why}]}}))


def event(event_id: str, starts_at: str, ends_at: str, **rest: Any) -> dict[str, Any]:
    """Somebody else's event, its times in the form ``2027-03-02T09:00Z``."""
    times = {"start": {"dateTime": starts_at}, "end": {"dateTime": ends_at}}
    return {"id": event_id, "status": "confirmed", **times, **rest}


@dataclass
class FakeGoogle:
    """One Google account. ``events`` are those of all its calendars, by calendar and id; a deleted
    one stays as ``cancelled``.
    """

    mock: RequestsMock
    session: Session
    events: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=dict)
    #: Called at each call, before it has an effect.
    meanwhile: Callable[[str], None] | None = None
    #: Requests for a conference that were heard; another of the same id is ignored.
    heard: set[str] = field(default_factory=set)
    #: What a conference is at first: success, pending or failure.
    meet: str = "success"
    open_transactions: int = 0

    def __post_init__(self) -> None:
        for method in ("GET", "POST", "PATCH", "DELETE"):
            self.mock.add_callback(method, re.compile(re.escape(API) + "/.*"), self._answer)

    @property
    def methods(self) -> list[str]:
        """The calls so far, such as ``["POST", "PATCH"]``; listing is ``LIST``."""
        return [method for method, _, _ in self.calls]

    @property
    def alive(self) -> list[dict[str, Any]]:
        """The events that are there."""
        return [one for one in self.events.values() if one["status"] != "cancelled"]

    def only(self) -> dict[str, Any]:
        """The one event there is."""
        (found,) = self.alive
        return found

    def body(self, number: int = -1) -> dict[str, Any]:
        """The body of one call."""
        return self.calls[number][2]

    def fails(self, method: str, *faults: Fault) -> None:
        """The next calls of one kind fail so."""
        self.faults.setdefault(method, deque()).extend(faults)

    def lose(self) -> None:
        """The host deletes every event by hand."""
        for one in self.events.values():
            one["status"] = "cancelled"

    def has(self, *events: dict[str, Any], calendar: str = "primary") -> None:
        """These events are in a calendar."""
        for one in events:
            self.events[calendar, one["id"]] = one

    def finish_meetings(self, status: str = "success") -> None:
        """Conferences that were pending are made now, or turn out not to be."""
        for one in self.alive:
            self._conference(one, status)

    def _answer(self, request: PreparedRequest) -> Answer:
        path = unquote(urlsplit(str(request.url)).path.removeprefix("/calendar/v3"))
        method = "LIST" if (request.method, path[-7:]) == ("GET", "/events") else request.method
        body = json.loads(request.body) if request.body else {}
        self.calls.append((str(method), path, body))
        self.open_transactions += self.session.in_transaction()
        if self.meanwhile is not None:
            self.meanwhile(str(method))
        waiting = self.faults.get(str(method))
        fault = waiting.popleft() if waiting else None
        if fault is not None and not fault.done:
            return fault.happens()
        answer = self._do(str(method), path, body)
        return answer if fault is None else fault.happens()

    def _do(self, method: str, path: str, body: dict[str, Any]) -> Answer:
        _, _, calendar, _, *rest = path.split("/")
        if method == "LIST":
            return says(200, {"items": [e for (of, _), e in self.events.items() if of == calendar]})
        key = calendar, rest[0] if rest else body["id"]
        if method == "POST":
            if key in self.events:
                return reason(409, "duplicate").happens()
            self.events[key] = {"status": "confirmed"}
            return self._write(key, body)
        if key not in self.events:
            return reason(404, "notFound").happens()
        if method == "GET":
            return says(200, self.events[key])
        if self.events[key]["status"] == "cancelled":
            return reason(410, "deleted").happens()
        if method == "PATCH":
            return self._write(key, body)
        self.events[key]["status"] = "cancelled"
        return says(204)

    def _write(self, key: tuple[str, str], body: dict[str, Any]) -> Answer:
        made = self.events[key]
        made.update({name: value for name, value in body.items() if name != "conferenceData"})
        asked = body.get("conferenceData", {})
        if asked is None:
            made.pop("conferenceData", None)
            made.pop("hangoutLink", None)
        elif asked and asked["createRequest"]["requestId"] not in self.heard:
            self.heard.add(asked["createRequest"]["requestId"])
            self._conference(made, self.meet)
        made["etag"] = f'"{len(self.calls)}"'
        return says(200, made)

    def _conference(self, made: dict[str, Any], status: str) -> None:
        made["conferenceData"] = {"createRequest": {"status": {"statusCode": status}}}
        if status == "success":
            made["hangoutLink"] = f"https://meet.google.com/{made['id'][-10:]}"


def time_of(made: dict[str, Any]) -> datetime:
    """When an event begins."""
    return datetime.fromisoformat(made["start"]["dateTime"]).astimezone(UTC)
