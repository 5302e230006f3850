from datetime import timedelta

import pytest
from time_machine import Traveller

from sandbox.tokens import s256
from tests.sandbox.app_side import REDIRECT, VERIFIER, AppSide, query
from tests.sandbox_process import BEN, MARA


def test_the_page_names_the_app_the_people_and_both_permissions(zoom: AppSide) -> None:
    page = zoom.authorize().text
    for words in ("BookMe", "View your user information", "Create and manage meetings", MARA, BEN):
        assert words in page


def test_allow_leads_back_with_a_code_and_the_same_state(zoom: AppSide) -> None:
    back = zoom.answer(zoom.authorize(state="a b&c"))
    assert back.startswith(f"{REDIRECT}?code=")
    assert query(back)["state"] == "a b&c"


def test_decline_leads_back_without_a_code(zoom: AppSide) -> None:
    back = zoom.answer(zoom.authorize(), answer="decline")
    assert query(back) == {"error": "access_denied", "state": "state-1"}


def test_a_redirect_address_keeps_its_own_query(zoom: AppSide) -> None:
    back = zoom.answer(zoom.authorize(redirect_uri="http://bookme.test/other?here=1"))
    assert set(query(back)) == {"here", "code", "state"}


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"client_id": "somebody"}, 4702, "Invalid client_id: somebody"),
        ({"client_id": None}, 4702, "Invalid client_id"),
        ({"redirect_uri": f"{REDIRECT}/"}, 4700, "Invalid redirect url"),
        ({"redirect_uri": f"{REDIRECT}?x=1"}, 4700, "Invalid redirect url"),
        ({"redirect_uri": None}, 4700, "Invalid redirect url"),
        ({"response_type": "token"}, 4700, "response_type"),
        ({"response_type": None}, 4700, "response_type"),
        ({"state": None}, 4700, "state"),
        ({"state": ""}, 4700, "state"),
        ({"state": ["a", "b"]}, 4700, "state"),
        ({"scope": "user:read:user"}, 4700, "scope"),
        ({"prompt": "login"}, 4700, "prompt"),
        ({"code_challenge": None}, 4700, "code_challenge"),
        ({"code_challenge_method": None}, 4700, "code_challenge_method"),
        ({"code_challenge_method": "plain"}, 4700, "S256"),
        ({"code_challenge": f"{s256(VERIFIER)}="}, 4700, "S256"),
        ({"code_challenge": VERIFIER[:42]}, 4700, "S256"),
        ({"code_challenge": s256(VERIFIER)[:42] + "N"}, 4700, "S256"),
    ],
)
def test_a_wrong_request_stays_at_zoom(
    zoom: AppSide, changes: dict[str, str | None], code: int, words: str
) -> None:
    response = zoom.authorize(**changes)
    assert response.status_code == 400
    body = response.json or {}
    assert (body["status"], body["errorCode"], body["result"]) == (False, code, None)
    assert words in body["errorMessage"]


def test_a_consent_page_is_answered_once(zoom: AppSide) -> None:
    page = zoom.authorize()
    zoom.answer(page)
    assert zoom.press(page, "consent", answer="allow").status_code == 404


def test_a_consent_page_does_not_wait_for_ever(zoom: AppSide, clock: Traveller) -> None:
    page = zoom.authorize()
    clock.shift(timedelta(minutes=10))
    assert zoom.press(page, "consent", answer="allow").status_code == 404


def test_another_sites_form_cannot_consent(zoom: AppSide) -> None:
    page = zoom.authorize()
    assert zoom.press(page, "consent", answer="allow", csrf_token="guess").status_code == 400


def test_the_page_remembers_who_is_signed_in(zoom: AppSide) -> None:
    zoom.answer(zoom.authorize(), person=BEN)
    checked = zoom.authorize().text.split("checked")[1]
    assert BEN in checked.split("</label>")[0]


def test_the_form_may_lead_to_the_app(zoom: AppSide) -> None:
    policy = zoom.authorize().headers["Content-Security-Policy"]
    assert "form-action 'self' http://bookme.test" in policy
    assert "unsafe" not in policy
