"""BookMe's side of a conversation with the sandbox, in few words."""

import base64
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sandbox.tokens import s256
from tests.sandbox_process import CLIENT_ID, CLIENT_SECRET, MARA

REDIRECT = "http://bookme.test/connections/zoom/callback"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
BASIC = {
    "Authorization": f"Basic {base64.b64encode(f'{CLIENT_ID}:{CLIENT_SECRET}'.encode()).decode()}"
}
MEETING = {
    "topic": "Intro call: Ana Costa",
    "type": 2,
    "start_time": "2027-03-08T15:00:00Z",
    "duration": 30,
    "timezone": "Europe/Berlin",
    "agenda": "BookMe reference bk7\nAbout the project",
}


def without(values: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The values with changes; one that is changed to None is left out."""
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


class AppSide:
    """Calls the sandbox as BookMe and as its users' browsers do."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def authorize(self, **changes: Any) -> TestResponse:
        """Go to the consent page."""
        asked = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": REDIRECT,
            "state": "state-1",
            "code_challenge": s256(VERIFIER),
            "code_challenge_method": "S256",
        }
        return self.client.get("/zoom/oauth/authorize", query_string=without(asked, **changes))

    def press(self, page: TestResponse, action: str, **filled: str) -> TestResponse:
        """Fill in and send the page's form whose action ends so."""
        form = BeautifulSoup(page.text, "html.parser").select_one(f"form[action$='{action}']")
        assert form is not None, page.text
        fields = {str(one["name"]): str(one.get("value", "")) for one in form.select("input[name]")}
        return self.client.post(str(form["action"]), data={**fields, **filled})

    def answer(self, page: TestResponse, answer: str = "allow", person: str = MARA) -> str:
        """Answer the consent page; where the browser is sent."""
        people = BeautifulSoup(page.text, "html.parser").select("label.choice")
        chosen = next(one.select_one("input") for one in people if person in one.text)
        assert chosen is not None
        response = self.press(page, "consent", answer=answer, person=str(chosen["value"]))
        assert response.status_code == 302, response.text
        return response.headers["Location"]

    def code(self, person: str = MARA) -> str:
        """A fresh code of somebody who has allowed it."""
        return query(self.answer(self.authorize(), person=person))["code"]

    def token(self, **form: Any) -> TestResponse:
        """Call the token endpoint."""
        return self.client.post("/zoom/oauth/token", data=without(form), headers=BASIC)

    def exchange(self, code: str, **changes: Any) -> TestResponse:
        asked = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT,
            "code_verifier": VERIFIER,
        }
        return self.token(**without(asked, **changes))

    def refresh(self, refresh_token: str) -> TestResponse:
        return self.token(grant_type="refresh_token", refresh_token=refresh_token)

    def revoke(self, token: str) -> TestResponse:
        return self.client.post("/zoom/oauth/revoke", data={"token": token}, headers=BASIC)

    def pair(self, person: str = MARA) -> dict[str, Any]:
        """A new grant's tokens."""
        response = self.exchange(self.code(person))
        assert response.status_code == 200, response.text
        return dict(response.json or {})

    def call(self, method: str, path: str, token: str, **kwargs: Any) -> TestResponse:
        """Call the API."""
        headers = {"Authorization": f"Bearer {token}"}
        return self.client.open(f"/zoom/v2{path}", method=method, headers=headers, **kwargs)

    def create(self, token: str, **changes: Any) -> TestResponse:
        body = without(MEETING, **changes)
        return self.call("POST", "/users/me/meetings", token, json=body)

    def control(self, path: str, body: Any = None) -> dict[str, Any]:
        response = self.client.post(f"/control/{path}", json={} if body is None else body)
        assert response.status_code == 200, response.text
        return dict(response.json or {})

    def state(self, part: str) -> Any:
        response = self.client.get("/control/state", query_string={"only": part})
        return (response.json or {})[part]


def query(address: str) -> dict[str, str]:
    """The parameters of an address, each of which stands there once."""
    return {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}
