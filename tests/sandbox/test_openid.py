"""The stand-in provider of OpenID Connect is at least as strict as the real ones."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from joserfc import jwt
from joserfc.jwk import ECKey
from werkzeug.test import TestResponse

from sandbox.tokens import s256
from tests.sandbox.app_side import VERIFIER, AppSide, query, without
from tests.sandbox.conftest import NOW
from tests.sandbox_process import OPENID

REDIRECT = "http://bookme.test/sign-in/with/example/callback"
ASKED = {
    "response_type": "code",
    "client_id": OPENID[0],
    "redirect_uri": REDIRECT,
    "scope": "openid email profile",
    "state": "a state that nobody guesses",
    "nonce": "a nonce that nobody guesses",
    "code_challenge": s256(VERIFIER),
    "code_challenge_method": "S256",
}


def basic(client: str = OPENID[0], secret: str = OPENID[1]) -> dict[str, str]:
    both = base64.b64encode(f"{client}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {both}"}


def authorize(zoom: AppSide, **changes: Any) -> TestResponse:
    return zoom.client.get("/openid/authorize", query_string=without(ASKED, **changes))


def answered(zoom: AppSide, **filled: str) -> dict[str, str]:
    """Sign in on its page as Mara; what comes back."""
    page = authorize(zoom)
    form = BeautifulSoup(page.text, "html.parser").select_one("form[action$=consent]")
    assert form is not None, page.text
    hidden = {str(one["name"]): str(one["value"]) for one in form.select("[type=hidden]")}
    person = form.select_one("[name=person][checked]")
    assert person is not None
    typed = {**hidden, "person": str(person["value"]), "answer": "allow", "verified": "yes"}
    return query(zoom.client.post("/openid/consent", data=typed | filled).headers["Location"])


def exchange(zoom: AppSide, code: str, headers: Any = None, **changes: Any) -> TestResponse:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT,
        "code_verifier": VERIFIER,
    }
    sent = basic() if headers is None else headers
    return zoom.client.post("/openid/token", data=without(form, **changes), headers=sent)


def test_it_says_what_it_is(zoom: AppSide) -> None:
    said = zoom.client.get("/openid/.well-known/openid-configuration").get_json()
    assert said["issuer"] == "http://sandbox.test/openid"
    assert said["code_challenge_methods_supported"] == ["S256"]


def test_a_code_brings_a_token_that_its_key_has_signed(zoom: AppSide) -> None:
    back = answered(zoom)
    assert back["state"] == ASKED["state"]
    assert back["iss"] == "http://sandbox.test/openid"
    given = exchange(zoom, back["code"]).get_json()
    [key] = zoom.client.get("/openid/keys").get_json()["keys"]
    token = jwt.decode(given["id_token"], ECKey.import_key(key), algorithms=["ES256"])
    assert token.header["kid"] == "key-1"
    said = token.claims
    assert (said["aud"], said["nonce"]) == (OPENID[0], ASKED["nonce"])
    assert (said["email"], said["email_verified"]) == ("mara@example.com", True)
    assert said["exp"] == int(NOW.timestamp()) + 300
    bearer = {"Authorization": f"Bearer {given['access_token']}"}
    who = zoom.client.get("/openid/userinfo", headers=bearer).get_json()
    assert who == {
        name: said[name] for name in ("sub", "email", "email_verified", "name") if name in said
    }
    assert zoom.client.get("/openid/userinfo").status_code == 401


def test_an_address_is_as_its_page_was_told(zoom: AppSide) -> None:
    back = answered(zoom, email="mara@demo.example", verified="no")
    body = exchange(zoom, back["code"]).get_json()["id_token"].split(".")[1]
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert (said["email"], said["email_verified"]) == ("mara@demo.example", False)


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "another"},
        {"redirect_uri": f"{REDIRECT}/"},
        {"redirect_uri": "http://evil.test/sign-in/with/example/callback"},
        {"scope": "email"},
        {"scope": "openid calendar"},
        {"state": None},
        {"state": "short"},
        {"nonce": None},
        {"nonce": ASKED["state"]},
        {"code_challenge": None},
        {"code_challenge_method": "plain"},
        {"response_type": "token"},
        {"prompt": "none"},
        {"max_age": "60"},
        {"login_hint": "mara@example.com"},
    ],
    ids=str,
)
def test_a_request_that_isn_t_right_gets_no_page(zoom: AppSide, changes: dict[str, Any]) -> None:
    assert authorize(zoom).status_code == 200
    assert authorize(zoom, **changes).status_code == 400


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"redirect_uri": f"{REDIRECT}/"}, "invalid_grant"),
        ({"code_verifier": VERIFIER[::-1]}, "invalid_grant"),
        ({"code_verifier": None}, "invalid_request"),
        ({"client_id": OPENID[0]}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "unsupported_grant_type"),
    ],
    ids=str,
)
def test_a_code_is_exchanged_by_whoever_asked_for_it(
    zoom: AppSide, changes: dict[str, Any], error: str
) -> None:
    refused = exchange(zoom, answered(zoom)["code"], **changes)
    assert (refused.status_code, refused.get_json()) == (400, {"error": error})


@pytest.mark.parametrize("headers", [{}, basic(secret="x"), basic("x"), {"Authorization": "x"}])
def test_only_the_app_exchanges_codes(zoom: AppSide, headers: dict[str, str]) -> None:
    refused = exchange(zoom, answered(zoom)["code"], headers)
    assert (refused.status_code, refused.get_json()) == (401, {"error": "invalid_client"})


def test_a_code_serves_once_and_for_five_minutes(
    zoom: AppSide, clock: time_machine.Traveller
) -> None:
    code = answered(zoom)["code"]
    assert exchange(zoom, code).status_code == 200
    assert exchange(zoom, code).get_json() == {"error": "invalid_grant"}
    late = answered(zoom)["code"]
    clock.shift(timedelta(minutes=5))
    assert exchange(zoom, late).get_json() == {"error": "invalid_grant"}


def test_who_cancels_goes_back_without_a_code(zoom: AppSide) -> None:
    back = answered(zoom, answer="decline")
    assert (back["error"], back["state"]) == ("access_denied", ASKED["state"])
    assert "code" not in back
