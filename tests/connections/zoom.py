"""Zoom's accounts at the wire, with a memory: who has allowed BookMe, and which tokens live."""

import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from requests import PreparedRequest
from responses import RequestsMock
from sqlalchemy.orm import Session

from bookme.extensions import db
from tests.contracts import FIXTURES, answer

OAUTH, API = "https://zoom.us/oauth", "https://api.zoom.us/v2"
COMPLIANCE = "https://api.zoom.us/oauth/data/compliance"
Answer = tuple[int, dict[str, str], str]
#: The e-mail addresses of two people at Zoom; their ids are in no text that BookMe writes.
JILL, JACK = "jill@zoom.example", "jack@zoom.example"


@dataclass
class Grant:
    """What a person has allowed."""

    person: str
    number: int
    access: str
    refresh: str
    lives: bool = True
    is_expired: bool = False


@dataclass
class FakeZoom:
    """Rotates refresh tokens, ends a person's earlier grants at a new one, as Zoom does."""

    mock: RequestsMock
    session: Session
    grants: list[Grant] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    faults: dict[str, deque[Answer | BaseException]] = field(default_factory=dict)
    scopes: str = FIXTURES["zoom"]["token_ok"]["body"]["scope"]
    plans: dict[str, int] = field(default_factory=dict)
    forms: list[dict[str, str]] = field(default_factory=list)
    confirmations: list[dict[str, Any]] = field(default_factory=list)
    #: Called with the name of each call, before it has an effect.
    meanwhile: Callable[[str], None] | None = None
    open_transactions: int = 0

    def __post_init__(self) -> None:
        self.mock.add_callback("POST", f"{OAUTH}/token", self._answer)
        self.mock.add_callback("POST", f"{OAUTH}/revoke", self._answer)
        self.mock.add_callback("GET", f"{API}/users/me", self._answer)
        self.mock.add_callback("POST", COMPLIANCE, self._answer)

    def allows(self, person: str) -> str:
        """A person allows BookMe; the code that Zoom sends along."""
        code = f"code{len(self.codes)}"
        self.codes[code] = person
        return code

    def granted(self, person: str) -> Grant:
        """A grant that is there already."""
        for grant in self.grants:
            grant.lives = grant.lives and grant.person != person
        number = len(self.grants)
        self.grants.append(Grant(person, number, f"AT{number}.0.secret", f"RT{number}.0.secret"))
        return self.grants[-1]

    def fails(self, call: str, *faults: Answer | BaseException | str) -> None:
        """The next calls of one kind get these answers; a word names a fixture."""
        waiting = self.faults.setdefault(call, deque())
        waiting.extend(_fixture(f) if isinstance(f, str) else f for f in faults)

    def removes_app(self, person: str) -> None:
        """A person removes BookMe at Zoom's side: every token is dead."""
        for grant in self.grants:
            grant.lives = grant.lives and grant.person != person

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

    def living(self, person: str) -> list[Grant]:
        return [grant for grant in self.grants if grant.person == person and grant.lives]

    def _answer(self, request: PreparedRequest) -> Answer:
        form = {k: v[0] for k, v in parse_qs(str(request.body or "")).items()}
        call = _call(str(request.url), form)
        self.calls.append(call)
        self.open_transactions += self.session.in_transaction()
        if self.meanwhile is not None:
            self.meanwhile(call)
        waiting = self.faults.get(call)
        if waiting:
            fault = waiting.popleft()
            if isinstance(fault, BaseException):
                raise fault
            return fault
        if call == "confirm":
            self.confirmations.append(json.loads(request.body or b""))
            return says(200)
        self.forms.append(form)
        token = str(request.headers["Authorization"]).removeprefix("Bearer ")
        return getattr(self, f"_{call}")(token if call == "me" else form)

    def _exchange(self, form: dict[str, str]) -> Answer:
        person = self.codes.pop(form["code"], None)
        if person is None or not form.get("code_verifier"):
            return _fixture("token_refresh_stale")
        return self._pair(self.granted(person))

    def _refresh(self, form: dict[str, str]) -> Answer:
        found = [g for g in self.grants if g.lives and g.refresh == form["refresh_token"]]
        if not found:
            return _fixture("token_refresh_stale")
        (grant,) = found
        count = int(grant.refresh.split(".")[1]) + 1
        grant.access, grant.refresh = (f"{k}{grant.number}.{count}.secret" for k in ("AT", "RT"))
        grant.is_expired = False
        return self._pair(grant)

    def _revoke(self, form: dict[str, str]) -> Answer:
        for grant in self.grants:
            if grant.access == form["token"] and not grant.is_expired:
                grant.lives = False
        return _fixture("revoke_ok")

    def _me(self, token: str) -> Answer:
        found = [g for g in self.grants if g.lives and not g.is_expired and g.access == token]
        if not found:
            return _fixture("api_token_expired")
        person = found[0].person
        profile = {"id": user_id(person), "email": person, "account_id": f"account-of-{person}"}
        plan = {"type": self.plans.get(person, 2)}
        return says(200, {**FIXTURES["zoom"]["user_me"]["body"], **profile, **plan})

    def _pair(self, grant: Grant) -> Answer:
        pair = {"access_token": grant.access, "refresh_token": grant.refresh}
        sample = FIXTURES["zoom"]["token_ok"]["body"]
        return says(200, {**sample, **pair, "scope": self.scopes})


@contextmanager
def at_the_wire() -> Iterator[FakeZoom]:
    """Zoom instead of the network; no call may be made with a transaction open."""
    with RequestsMock(assert_all_requests_are_fired=False) as mock:
        fake = FakeZoom(mock, db.session())
        yield fake
        assert fake.open_transactions == 0


def user_id(person: str) -> str:
    """The id of a person at Zoom."""
    return "uid-" + re.sub(r"\W", "-", person)


def says(status: int, body: dict[str, Any] | None = None, **headers: str) -> Answer:
    return status, headers, json.dumps(body) if body is not None else ""


def _fixture(name: str) -> Answer:
    sample = answer(name)
    return sample["status"], sample["headers"], json.dumps(sample["json"])


def _call(url: str, form: dict[str, str]) -> str:
    path = urlsplit(url).path
    if path.endswith("/token"):
        return "exchange" if form["grant_type"] == "authorization_code" else "refresh"
    return {"/oauth/revoke": "revoke", "/v2/users/me": "me"}.get(path, "confirm")
