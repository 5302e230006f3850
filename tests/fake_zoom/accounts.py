"""Zoom's accounts: who has allowed BookMe, and which tokens live."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from requests import PreparedRequest

from tests.answers import Answer, says
from tests.contracts import FIXTURES, answer

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
    renewals: int = 0


@dataclass(kw_only=True)
class Accounts:
    """Rotates refresh tokens, ends a person's earlier grants at a new one, as Zoom does."""

    grants: list[Grant] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    scopes: str = FIXTURES["zoom"]["token_ok"]["body"]["scope"]
    plans: dict[str, int] = field(default_factory=dict)
    forms: list[dict[str, str]] = field(default_factory=list)
    confirmations: list[dict[str, Any]] = field(default_factory=list)

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

    def removes_app(self, person: str) -> None:
        """A person removes BookMe at Zoom's side: every token is dead."""
        for grant in self.grants:
            grant.lives = grant.lives and grant.person != person

    def living(self, person: str) -> list[Grant]:
        return [grant for grant in self.grants if grant.person == person and grant.lives]

    def do_to_accounts(self, call: str, body: dict[str, Any], token: str) -> Answer:
        """Answer a call that is not about meetings."""
        if call == "confirm":
            self.confirmations.append(body)
            return says(200)
        self.forms.append(body)
        if call == "me":
            return self._me(token)
        made: Answer = getattr(self, f"_{call}")(body)
        return made

    def _exchange(self, form: dict[str, str]) -> Answer:
        person = self.codes.pop(form["code"], None)
        if person is None or not form.get("code_verifier"):
            return fixture("token_refresh_stale")
        return self._pair(self.granted(person))

    def _refresh(self, form: dict[str, str]) -> Answer:
        found = [g for g in self.grants if g.lives and g.refresh == form["refresh_token"]]
        if not found:
            return fixture("token_refresh_stale")
        (grant,) = found
        grant.renewals += 1
        tokens = (f"{kind}{grant.number}.{grant.renewals}.secret" for kind in ("AT", "RT"))
        grant.access, grant.refresh = tokens
        grant.is_expired = False
        return self._pair(grant)

    def _revoke(self, form: dict[str, str]) -> Answer:
        for grant in self.grants:
            if grant.access == form["token"] and not grant.is_expired:
                grant.lives = False
        return fixture("revoke_ok")

    def _me(self, token: str) -> Answer:
        found = [g for g in self.grants if g.lives and not g.is_expired and g.access == token]
        if not found:
            return fixture("api_token_expired")
        person = found[0].person
        profile = {"id": user_id(person), "email": person, "account_id": f"account-of-{person}"}
        plan = {"type": self.plans.get(person, 2)}
        return says(200, {**FIXTURES["zoom"]["user_me"]["body"], **profile, **plan})

    def _pair(self, grant: Grant) -> Answer:
        pair = {"access_token": grant.access, "refresh_token": grant.refresh}
        sample = FIXTURES["zoom"]["token_ok"]["body"]
        return says(200, {**sample, **pair, "scope": self.scopes})


def user_id(person: str) -> str:
    """The id of a person at Zoom."""
    return "uid-" + re.sub(r"\W", "-", person)


def fixture(name: str) -> Answer:
    """A sample answer of Zoom's."""
    sample = answer(name)
    return sample["status"], sample["headers"], json.dumps(sample["json"])


def read_form(request: PreparedRequest) -> dict[str, str]:
    """The form that was sent."""
    return {name: values[0] for name, values in parse_qs(str(request.body or "")).items()}
