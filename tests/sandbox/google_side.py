"""BookMe's side of a conversation with the sandbox's Google, in few words."""

from typing import Any
from urllib.parse import quote

from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from sandbox.settings import GOOGLE_SCOPES
from sandbox.tokens import s256
from tests.sandbox.app_side import VERIFIER, AppSide, query, without
from tests.sandbox_process import GOOGLE, MARA

REDIRECT = "http://bookme.test/connections/google/callback"
EVENT = {
    "id": "bookme7abc",
    "summary": "Intro call: Ana Costa",
    "description": "About the project",
    "start": {"dateTime": "2027-03-08T15:00:00Z", "timeZone": "Europe/Berlin"},
    "end": {"dateTime": "2027-03-08T15:30:00Z", "timeZone": "Europe/Berlin"},
}
WRITE = {"sendUpdates": "none", "conferenceDataVersion": "1"}
MEET = {
    "createRequest": {
        "requestId": "r1",
        "conferenceSolutionKey": {"type": "hangoutsMeet"},
    }
}


class GoogleSide:
    """Calls Google as BookMe and as its users' browsers do."""

    def __init__(self, zoom: AppSide) -> None:
        self.world = zoom
        self.client = zoom.client
        self.token = self.refresh_token = ""

    def authorize(self, **changes: Any) -> TestResponse:
        asked = {
            "response_type": "code",
            "client_id": GOOGLE[0],
            "redirect_uri": REDIRECT,
            "scope": " ".join(GOOGLE_SCOPES),
            "state": "state-1",
            "access_type": "offline",
            "prompt": "consent",
            "code_challenge": s256(VERIFIER),
            "code_challenge_method": "S256",
        }
        path = "/google/o/oauth2/v2/auth"
        return self.client.get(path, query_string=without(asked, **changes))

    def answer(
        self, page: TestResponse, *, person: str = MARA, answer: str = "allow", untick: str = ""
    ) -> dict[str, str]:
        """Answer the consent page; what the browser brings back."""
        form = BeautifulSoup(page.text, "html.parser").select_one("form[action$=consent]")
        assert form is not None, page.text
        hidden = {str(one["name"]): str(one["value"]) for one in form.select("[type=hidden]")}
        chosen = next(one for one in form.select("label.choice") if person in one.text).input
        assert chosen is not None
        boxes = [str(one["value"]) for one in form.select("[type=checkbox][checked]")]
        ticked = [one for one in boxes if one != untick]
        filled = {**hidden, "person": str(chosen["value"]), "answer": answer, "scope": ticked}
        back = self.client.post(str(form["action"]), data=filled)
        assert back.status_code == 302, back.text
        return query(back.headers["Location"])

    def post(self, path: str, form: dict[str, Any]) -> TestResponse:
        return self.client.post(f"/google/{path}", data=without(form))

    def exchange(self, code: str, **changes: Any) -> TestResponse:
        form = {
            "grant_type": "authorization_code",
            "client_id": GOOGLE[0],
            "client_secret": GOOGLE[1],
            "code": code,
            "redirect_uri": REDIRECT,
            "code_verifier": VERIFIER,
        }
        return self.post("token", {**form, **changes})

    def refresh(self, **changes: Any) -> TestResponse:
        form = {
            "grant_type": "refresh_token",
            "client_id": GOOGLE[0],
            "client_secret": GOOGLE[1],
            "refresh_token": self.refresh_token,
        }
        return self.post("token", {**form, **changes})

    def connect(self, person: str = MARA, untick: str = "") -> None:
        code = self.answer(self.authorize(), person=person, untick=untick)["code"]
        response = self.exchange(code)
        assert response.status_code == 200, response.text
        tokens = response.json or {}
        self.token, self.refresh_token = tokens["access_token"], tokens["refresh_token"]

    def call(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **kwargs.pop("headers", {})}
        address = f"/google/calendar/v3{path}"
        return self.client.open(address, method=method, headers=headers, **kwargs)

    def insert(self, calendar: str = "primary", asked: Any = None, **changes: Any) -> TestResponse:
        body = without(EVENT, **changes)
        path = f"/calendars/{quote(calendar)}/events"
        return self.call("POST", path, json=body, query_string=WRITE if asked is None else asked)

    def event(
        self, method: str = "GET", event_id: str = "bookme7abc", **kwargs: Any
    ) -> TestResponse:
        """Call the API about one event; ``json`` makes it a PATCH."""
        if method != "GET":
            kwargs.setdefault(
                "query_string", WRITE if method == "PATCH" else {"sendUpdates": "none"}
            )
        return self.call(method, f"/calendars/primary/events/{event_id}", **kwargs)

    def listed(self, calendar: str = "primary", **asked: Any) -> list[dict[str, Any]]:
        """All events of a week or as asked, from all pages."""
        wanted = {
            "singleEvents": "true",
            "orderBy": "startTime",
            "timeMin": "2027-03-01T00:00:00Z",
            "timeMax": "2027-03-15T00:00:00Z",
            **asked,
        }
        items: list[dict[str, Any]] = []
        while True:
            path = f"/calendars/{quote(calendar)}/events"
            page = self.call("GET", path, query_string=without(wanted))
            assert page.status_code == 200, page.text
            body = page.json or {}
            items += body["items"]
            if "nextPageToken" not in body:
                return items
            wanted["pageToken"] = body["nextPageToken"]


def reason(response: TestResponse) -> tuple[int, str]:
    """Status and reason of an error."""
    error = (response.json or {})["error"]
    assert error["code"] == response.status_code
    return response.status_code, error["errors"][0]["reason"]
