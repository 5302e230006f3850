"""Google's and Microsoft's accounts at the wire, with a memory: consents, tokens, calendars."""

import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from requests import PreparedRequest
from responses import RequestsMock
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from bookme.extensions import db
from bookme.models import Calendar, Connection, User
from tests.answers import Answer, says
from tests.connections.making import come_back, rows
from tests.contracts import answer

GOOGLE, MICROSOFT = "google", "microsoft"
ANN, BOB = "ann@cloud.example", "bob@cloud.example"
_LOGIN = "https://login.microsoftonline.com/common/oauth2/v2.0"
_SCOPES = {
    GOOGLE: " ".join(
        f"https://www.googleapis.com/auth/calendar.{name}"
        for name in ("calendarlist.readonly", "events")
    ),
    MICROSOFT: "Calendars.ReadWrite openid profile User.Read",
}
_ADDRESSES = {
    GOOGLE: ("https://oauth2.googleapis.com/token", "https://www.googleapis.com/calendar/v3"),
    MICROSOFT: (f"{_LOGIN}/token", "https://graph.microsoft.com/v1.0"),
}


@dataclass
class Grant:
    """What a person has allowed."""

    person: str
    access: str
    refresh: str
    lives: bool = True


@dataclass
class FakeCloud:
    """One of the two. Google keeps refresh tokens and ends all of a person's grants together;
    Microsoft sends new ones, keeps the old ones alive, and ends nothing.
    """

    provider: str
    mock: RequestsMock
    session: Session
    grants: list[Grant] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    faults: dict[str, deque[Answer | BaseException]] = field(default_factory=dict)
    forms: list[dict[str, str]] = field(default_factory=list)
    scopes: str = ""
    can_meet: bool = True
    #: Names besides the main calendar's, and whether they may be written to.
    others: dict[str, bool] = field(default_factory=lambda: {"Team": True, "Holidays": False})
    open_transactions: int = 0

    def __post_init__(self) -> None:
        self.scopes = _SCOPES[self.provider]
        token, self.api = _ADDRESSES[self.provider]
        self.mock.add_callback("POST", token, self._answer)
        self.mock.add_callback("POST", "https://oauth2.googleapis.com/revoke", self._answer)
        self.mock.add_callback("GET", re.compile(re.escape(self.api)), self._answer)

    def allows(self, person: str) -> str:
        """A person allows BookMe; the code that is sent along."""
        code = f"code{len(self.codes)}"
        self.codes[code] = person
        return code

    def fails(self, call: str, *faults: Answer | BaseException | str) -> None:
        """The next calls of one kind get these answers; a word names a fixture."""
        waiting = self.faults.setdefault(call, deque())
        waiting.extend(self._fixture(f) if isinstance(f, str) else f for f in faults)

    def living(self, person: str) -> list[Grant]:
        return [grant for grant in self.grants if grant.person == person and grant.lives]

    def ends(self, person: str) -> None:
        """A person takes the permission back at the provider."""
        for grant in self.living(person):
            grant.lives = False

    def _fixture(self, name: str) -> Answer:
        sample = answer(name, self.provider)
        return says(sample["status"], sample["json"], **sample["headers"])

    def _answer(self, request: PreparedRequest) -> Answer:
        form = {k: v[0] for k, v in parse_qs(str(request.body or "")).items()}
        call = self._call(str(request.url), form)
        self.calls.append(call)
        self.forms.append(form)
        self.open_transactions += self.session.in_transaction()
        waiting = self.faults.get(call)
        if waiting:
            fault = waiting.popleft()
            if isinstance(fault, BaseException):
                raise fault
            return fault
        if call in ("exchange", "refresh", "revoke"):
            made: Answer = getattr(self, f"_{call}")(form)
            return made
        token = str(request.headers["Authorization"]).removeprefix("Bearer ")
        found = [one for one in self.grants if one.lives and one.access == token]
        return says(200, self._shown(call, found[0].person)) if found else self._fixture("401")

    def _call(self, url: str, form: dict[str, str]) -> str:
        path = urlsplit(url).path
        if path.endswith("/token"):
            return "exchange" if form["grant_type"] == "authorization_code" else "refresh"
        names = {"revoke": "revoke", "me": "me", "calendar": "main", "primary": "me"}
        return names.get(path.rsplit("/", 1)[-1], "calendars")

    def _exchange(self, form: dict[str, str]) -> Answer:
        person, number = self.codes.pop(form["code"], None), len(self.grants)
        if person is None or not form.get("code_verifier") or not form.get("client_secret"):
            return self._fixture("token_invalid_grant")
        self.grants.append(Grant(person, f"AT{number}.0.secret", f"RT{number}.secret"))
        return self._pair(self.grants[-1], with_refresh=True)

    def _refresh(self, form: dict[str, str]) -> Answer:
        found = [g for g in self.grants if g.lives and g.refresh == form["refresh_token"]]
        if not found:
            return self._fixture("token_invalid_grant")
        found[0].access = f"{found[0].access}+"
        return self._pair(found[0], with_refresh=self.provider == MICROSOFT)

    def _revoke(self, form: dict[str, str]) -> Answer:
        owners = [g.person for g in self.grants if form["token"] in (g.access, g.refresh)]
        for person in owners:
            self.ends(person)
        return says(200, {}) if owners else says(400, {"error": "invalid_token"})

    def _pair(self, grant: Grant, *, with_refresh: bool) -> Answer:
        body = {"access_token": grant.access, "token_type": "Bearer", "expires_in": 3599}
        if with_refresh:
            body["refresh_token"] = grant.refresh
        return says(200, {**body, "scope": self.scopes})

    def _shown(self, call: str, person: str) -> dict[str, Any]:
        if call == "calendars":
            names = [(person, True, True), *((n, w, False) for n, w in self.others.items())]
            key = "items" if self.provider == GOOGLE else "value"
            return {key: [self._calendar(*one) for one in names]}
        if self.provider == GOOGLE:
            kinds = {"allowedConferenceSolutionTypes": ["hangoutsMeet"] if self.can_meet else []}
            return {**self._calendar(person, True, True), "conferenceProperties": kinds}
        if call == "main":
            kinds_ = ["teamsForBusiness"] if self.can_meet else ["unknown"]
            return {"id": "main", "allowedOnlineMeetingProviders": kinds_}
        return {"id": f"uid-of-{person}", "mail": person, "userPrincipalName": person}

    def _calendar(self, name: str, may_write: bool, is_main: bool) -> dict[str, Any]:
        if self.provider == GOOGLE:
            role = "owner" if may_write else "reader"
            about = {"accessRole": role, "timeZone": "Europe/Berlin", "primary": is_main}
            return {"id": f"{name}#id" if not is_main else name, "summary": name, **about}
        about = {"canEdit": may_write, "isDefaultCalendar": is_main, "hexColor": "#0078d4"}
        return {"id": f"id-of-{name}", "name": name, **about}


@contextmanager
def cloud_at_the_wire(provider: str) -> Iterator[FakeCloud]:
    """One of the clouds instead of the network; no call may be made with a transaction open."""
    with RequestsMock(assert_all_requests_are_fired=False) as mock:
        fake = FakeCloud(provider, mock, db.session())
        yield fake
        assert fake.open_transactions == 0


def start(browser: FlaskClient, cloud: FakeCloud, **form: str) -> dict[str, str]:
    """Press Connect; return what is asked of the consent page."""
    sent = browser.post(f"/connections/{cloud.provider}/connect", data=form)
    return {k: v[0] for k, v in parse_qs(urlsplit(sent.headers["Location"]).query).items()}


def connect(browser: FlaskClient, cloud: FakeCloud, person: str = ANN, **form: str) -> TestResponse:
    """Press Connect, allow as a person there, come back."""
    state = start(browser, cloud, **form)["state"]
    query = {"code": cloud.allows(person), "state": state}
    return come_back(browser, f"/connections/{cloud.provider}/callback", query)


def live(host: User) -> Connection:
    """The host's one connection that is not over."""
    (found,) = [row for row in rows(host) if row.status != "inactive"]
    return found


def calendars(host: User) -> dict[str, Calendar]:
    """The host's calendars by name, as they are now."""
    db.session.rollback()
    db.session.expire_all()
    found = db.session.query(Calendar).filter_by(host_id=host.id).order_by(Calendar.id)
    return {row.name: row for row in found}


def expire(connection: Connection) -> None:
    """The access token of a connection has run out."""
    connection.expires_at = connection.connected_at - timedelta(minutes=1)
    db.session.commit()
