import pytest
from bs4 import BeautifulSoup
from time_machine import Traveller

from sandbox.settings import GOOGLE_SCOPES
from tests.sandbox.app_side import AppSide
from tests.sandbox.google_side import GoogleSide, reason
from tests.sandbox_process import BEN, GOOGLE, MARA

EVENTS, LIST = GOOGLE_SCOPES


def test_the_page_asks_for_each_scope(google: GoogleSide) -> None:
    page = BeautifulSoup(google.authorize().text, "html.parser")
    boxes = page.select("[type=checkbox]")
    assert [one["value"] for one in boxes] == list(GOOGLE_SCOPES)
    assert all(one.has_attr("checked") for one in boxes)
    assert "Sandbox: not the real Google" in page.text


def test_consent_brings_a_code_and_tokens(google: GoogleSide) -> None:
    back = google.answer(google.authorize())
    assert (back["state"], back["scope"].split()) == ("state-1", list(GOOGLE_SCOPES))
    body = google.exchange(back["code"]).json or {}
    assert set(body) == {"access_token", "refresh_token", "expires_in", "scope", "token_type"}
    again = google.exchange(back["code"])
    assert (again.status_code, (again.json or {})["error"]) == (400, "invalid_grant")


def test_cancel_leads_back(google: GoogleSide) -> None:
    back = google.answer(google.authorize(), answer="decline")
    assert back == {"error": "access_denied", "state": "state-1"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_id": "x"}, "invalid_client"),
        ({"redirect_uri": "http://bookme.test/connections/zoom/callback"}, "redirect_uri_mismatch"),
        ({"access_type": None}, "access_type"),
        ({"access_type": "online"}, "access_type=offline"),
        ({"prompt": "none"}, "prompt=consent"),
        ({"prompt": None}, "prompt"),
        ({"state": None}, "state"),
        ({"code_challenge_method": "plain"}, "S256"),
        ({"scope": f"{EVENTS} https://www.googleapis.com/auth/drive"}, "invalid_scope"),
        ({"scope": None}, "scope"),
        ({"nonce": "x"}, "nonce"),
    ],
)
def test_a_wrong_request_stays_at_google(
    google: GoogleSide, changes: dict[str, str | None], words: str
) -> None:
    page = google.authorize(**changes)
    assert (page.status_code, words in page.text) == (400, True)


def test_an_unticked_scope_is_missing(google: GoogleSide) -> None:
    google.connect(BEN, untick=EVENTS)
    assert reason(google.insert()) == (403, "insufficientPermissions")
    assert google.call("GET", "/users/me/calendarList").status_code == 200


def test_boxes_can_be_unticked_beforehand(google: GoogleSide) -> None:
    google.world.control("settings", {"google_unticked": [LIST]})
    assert google.answer(google.authorize(), person=BEN)["scope"] == EVENTS


def test_included_grants_bring_back_older_scopes(google: GoogleSide) -> None:
    page = google.authorize(include_granted_scopes="true")
    assert set(google.answer(page, untick=EVENTS)["scope"].split()) == set(GOOGLE_SCOPES)
    page = google.authorize(include_granted_scopes="true")
    assert google.answer(page, person=BEN, untick=EVENTS)["scope"] == LIST


def test_a_refresh_brings_no_refresh_token(google: GoogleSide) -> None:
    for _ in range(2):
        response = google.refresh()
        assert response.status_code == 200
        assert "refresh_token" not in (response.json or {})


@pytest.mark.parametrize(
    ("changes", "error", "status"),
    [
        ({"client_secret": "x"}, "invalid_client", 401),
        ({"client_id": None}, "invalid_client", 401),
        ({"refresh_token": "x"}, "invalid_grant", 400),
        ({"refresh_token": None}, "invalid_request", 400),
        ({"scope": EVENTS}, "invalid_request", 400),
        ({"grant_type": "password"}, "unsupported_grant_type", 400),
    ],
)
def test_a_wrong_refresh_is_refused(
    google: GoogleSide, changes: dict[str, str | None], error: str, status: int
) -> None:
    response = google.refresh(**changes)
    assert (response.status_code, (response.json or {})["error"]) == (status, error)


def test_the_client_says_who_it_is_in_the_body_alone(google: GoogleSide) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": google.refresh_token}
    response = google.client.post("/google/token", data=form, auth=GOOGLE)
    assert response.status_code == 401


@pytest.mark.parametrize("changes", [{"code_verifier": "x" * 43}, {"redirect_uri": "http://x/"}])
def test_a_code_is_used_up_by_a_wrong_guess(google: GoogleSide, changes: dict[str, str]) -> None:
    code = google.answer(google.authorize())["code"]
    assert google.exchange(code, **changes).status_code == 400
    assert google.exchange(code).status_code == 400


def test_a_code_of_another_provider_is_none(google: GoogleSide, zoom: AppSide) -> None:
    assert google.exchange(zoom.code()).status_code == 400


@pytest.mark.parametrize("kind", ["token", "refresh_token"])
def test_a_revoked_grant_is_dead(google: GoogleSide, kind: str) -> None:
    token = getattr(google, kind)
    assert google.post("revoke", {"token": token}).status_code == 200
    assert reason(google.call("GET", "/users/me/calendarList")) == (401, "authError")
    assert google.refresh().status_code == 400
    again = google.post("revoke", {"token": token})
    assert (again.status_code, (again.json or {})["error"]) == (400, "invalid_token")


def test_two_grants_live_side_by_side_and_end_together(google: GoogleSide) -> None:
    first = google.token
    google.connect()
    google.client.post("/google/revoke", data={"token": first})
    assert google.refresh().status_code == 400


def test_an_access_token_expires(google: GoogleSide, clock: Traveller) -> None:
    google.world.control("tokens/expire", {"user": MARA})
    assert reason(google.call("GET", "/users/me/calendarList")) == (401, "authError")
    google.token = (google.refresh().json or {})["access_token"]
    assert google.call("GET", "/users/me/calendarList").status_code == 200


def test_grants_can_be_killed_and_narrowed(google: GoogleSide, zoom: AppSide) -> None:
    of_zoom = zoom.pair()["access_token"]
    zoom.control("grants/scopes", {"user": MARA, "provider": "google", "scopes": [LIST]})
    assert reason(google.insert()) == (403, "insufficientPermissions")
    zoom.control("grants/kill", {"user": MARA, "provider": "google"})
    assert google.refresh().status_code == 400
    assert zoom.call("GET", "/users/me", of_zoom).status_code == 200


def test_a_token_of_zooms_opens_nothing(google: GoogleSide, token: str) -> None:
    google.token = token
    assert reason(google.call("GET", "/users/me/calendarList")) == (401, "authError")
