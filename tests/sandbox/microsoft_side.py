"""BookMe's side of a conversation with the sandbox's Microsoft, in few words."""

from typing import Any
from urllib.parse import quote

from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from sandbox.settings import MICROSOFT_SCOPES
from sandbox.tokens import s256
from tests.sandbox.app_side import VERIFIER, AppSide, query, without
from tests.sandbox_process import MARA, MICROSOFT

REDIRECT = "http://bookme.test/connections/microsoft/callback"
EVENT = {
    "subject": "Intro call: Ana Costa",
    "body": {"contentType": "text", "content": "About the project"},
    "start": {"dateTime": "2027-03-08T15:00:00", "timeZone": "UTC"},
    "end": {"dateTime": "2027-03-08T15:30:00", "timeZone": "UTC"},
    "transactionId": "bookme7abc",
}
TEAMS = {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}
WEEK = {"startDateTime": "2027-03-01T00:00:00Z", "endDateTime": "2027-03-15T00:00:00Z"}
PREFER = 'IdType="ImmutableId", outlook.timezone="UTC"'


class MicrosoftSide:
    """Calls Microsoft as BookMe and as its users' browsers do."""

    def __init__(self, zoom: AppSide) -> None:
        self.world = zoom
        self.client = zoom.client
        self.token = self.refresh_token = ""

    def authorize(self, **changes: Any) -> TestResponse:
        asked = {
            "response_type": "code",
            "client_id": MICROSOFT[0],
            "redirect_uri": REDIRECT,
            "scope": " ".join(MICROSOFT_SCOPES),
            "state": "state-1",
            "response_mode": "query",
            "code_challenge": s256(VERIFIER),
            "code_challenge_method": "S256",
        }
        path = "/microsoft/oauth2/v2.0/authorize"
        return self.client.get(path, query_string=without(asked, **changes))

    def answer(
        self, page: TestResponse, person: str = MARA, answer: str = "allow"
    ) -> dict[str, str]:
        """Answer the consent page; what the browser brings back."""
        form = BeautifulSoup(page.text, "html.parser").select_one("form[action$=consent]")
        assert form is not None, page.text
        hidden = {str(one["name"]): str(one["value"]) for one in form.select("[type=hidden]")}
        chosen = next(one for one in form.select("label.choice") if person in one.text).input
        assert chosen is not None
        filled = {**hidden, "person": str(chosen["value"]), "answer": answer}
        back = self.client.post(str(form["action"]), data=filled)
        assert back.status_code == 302, back.text
        return query(back.headers["Location"])

    def post_token(self, form: dict[str, Any], **kwargs: Any) -> TestResponse:
        return self.client.post("/microsoft/oauth2/v2.0/token", data=without(form), **kwargs)

    def exchange(self, code: str, **changes: Any) -> TestResponse:
        form = {
            "grant_type": "authorization_code",
            "client_id": MICROSOFT[0],
            "client_secret": MICROSOFT[1],
            "code": code,
            "redirect_uri": REDIRECT,
            "code_verifier": VERIFIER,
        }
        return self.post_token({**form, **changes})

    def refresh(self, **changes: Any) -> TestResponse:
        form = {
            "grant_type": "refresh_token",
            "client_id": MICROSOFT[0],
            "client_secret": MICROSOFT[1],
            "refresh_token": self.refresh_token,
        }
        return self.post_token({**form, **changes})

    def connect(self, person: str = MARA) -> None:
        response = self.exchange(self.answer(self.authorize(), person)["code"])
        assert response.status_code == 200, response.text
        tokens = response.json or {}
        self.token, self.refresh_token = tokens["access_token"], tokens["refresh_token"]

    def call(self, method: str, path: str, prefer: str = PREFER, **kwargs: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", "Prefer": prefer}
        address = f"/microsoft/v1.0/me{path}"
        return self.client.open(address, method=method, headers=headers, **kwargs)

    def create(self, path: str = "/events", **changes: Any) -> TestResponse:
        return self.call("POST", path, json=without(EVENT, **changes))

    def event(self, event_id: str, method: str = "GET", **kwargs: Any) -> TestResponse:
        return self.call(method, f"/events/{quote(event_id, safe='')}", **kwargs)

    def calendars(self) -> dict[str, str]:
        """Ids by name."""
        body = self.call("GET", "/calendars").json or {}
        return {one["name"]: one["id"] for one in body["value"]}

    def listed(self, path: str = "/calendarView", **asked: Any) -> list[dict[str, Any]]:
        """All that happens in two weeks or as asked, from all pages."""
        page = self.call("GET", path, query_string=without(WEEK, **asked))
        items: list[dict[str, Any]] = []
        while True:
            assert page.status_code == 200, page.text
            body = page.json or {}
            items += body["value"]
            if "@odata.nextLink" not in body:
                return items
            following = body["@odata.nextLink"].split("/microsoft/v1.0/me", 1)[1]
            page = self.call("GET", following)


def code(response: TestResponse) -> tuple[int, str]:
    """Status and code of an error."""
    return response.status_code, (response.json or {})["error"]["code"]
