"""The token and revoke endpoints."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from time_machine import Traveller

from sandbox.answers import FIXTURES
from tests.sandbox.app_side import BASIC, REDIRECT, VERIFIER, AppSide
from tests.sandbox_process import BEN, CLIENT_ID, CLIENT_SECRET, MARA

STALE = FIXTURES["token_refresh_stale"]["body"]


def works(zoom: AppSide, token: str) -> bool:
    return zoom.call("GET", "/users/me", token).status_code == 200


def test_a_code_becomes_a_pair(zoom: AppSide) -> None:
    response = zoom.exchange(zoom.code())
    pair = response.json or {}
    assert set(pair) == set(FIXTURES["token_ok"]["body"])
    assert (pair["token_type"], pair["expires_in"]) == ("bearer", 3599)
    assert "meeting:write:meeting" in pair["scope"].split()
    assert min(len(pair["access_token"]), len(pair["refresh_token"])) > 700
    assert response.headers["Cache-Control"] == "no-store"
    assert works(zoom, pair["access_token"])


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": f"{REDIRECT}/"},
        {"code_verifier": VERIFIER[:-1] + "m"},
        {"code_verifier": VERIFIER[:20]},
        {"code_verifier": None},
    ],
    ids=["redirect", "verifier", "short verifier", "no verifier"],
)
def test_a_mismatch_costs_the_code(zoom: AppSide, changes: dict[str, Any]) -> None:
    code = zoom.code()
    first = zoom.exchange(code, **changes)
    assert (first.status_code, (first.json or {})["error"]) == (400, "invalid_grant")
    assert (zoom.exchange(code).json or {})["error"] == "invalid_grant"


def test_a_code_serves_once(zoom: AppSide) -> None:
    code = zoom.code()
    pair = zoom.exchange(code).json or {}
    assert (zoom.exchange(code).json or {})["error"] == "invalid_grant"
    assert works(zoom, pair["access_token"])


def test_a_code_lives_five_minutes(zoom: AppSide, clock: Traveller) -> None:
    first, second = zoom.code(), zoom.code(BEN)
    clock.shift(timedelta(seconds=299))
    assert zoom.exchange(first).status_code == 200
    clock.shift(timedelta(seconds=1))
    assert (zoom.exchange(second).json or {})["error"] == "invalid_grant"


def test_a_refresh_kills_the_old_refresh_token_at_once(zoom: AppSide) -> None:
    old = zoom.pair()
    new = zoom.refresh(old["refresh_token"]).json or {}
    again = zoom.refresh(old["refresh_token"])
    assert (again.status_code, again.json) == (400, STALE)
    assert works(zoom, new["access_token"])
    assert zoom.refresh(new["refresh_token"]).status_code == 200


def test_the_old_access_token_may_die_with_a_refresh_too(zoom: AppSide) -> None:
    old = zoom.pair()
    new = zoom.refresh(old["refresh_token"]).json or {}
    assert works(zoom, old["access_token"])
    zoom.control("settings", {"old_access_dies": True})
    zoom.refresh(new["refresh_token"])
    assert not works(zoom, new["access_token"])


def test_refresh_tokens_end_after_ninety_days(zoom: AppSide, clock: Traveller) -> None:
    pair = zoom.pair()
    clock.shift(timedelta(days=90))
    assert zoom.refresh(pair["refresh_token"]).json == STALE


def test_an_access_token_is_no_refresh_token(zoom: AppSide) -> None:
    assert zoom.refresh(zoom.pair()["access_token"]).json == STALE


def test_a_new_authorization_kills_the_persons_earlier_grants(zoom: AppSide) -> None:
    old, other = zoom.pair(MARA), zoom.pair(BEN)
    new = zoom.pair(MARA)
    assert zoom.refresh(old["refresh_token"]).json == STALE
    assert not works(zoom, old["access_token"])
    assert works(zoom, new["access_token"])
    assert works(zoom, other["access_token"])


def _basic(text: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(text.encode()).decode()}"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        _basic(f"{CLIENT_ID}:wrong"),
        _basic(f"other:{CLIENT_SECRET}"),
        {"Authorization": "Bearer x"},
    ],
    ids=["none", "wrong secret", "wrong id", "not Basic"],
)
@pytest.mark.parametrize("path", ["token", "revoke"])
def test_only_the_app_is_served(zoom: AppSide, path: str, headers: dict[str, str]) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": "x"}
    response = zoom.client.post(f"/zoom/oauth/{path}", data=form, headers=headers)
    assert response.status_code == 400
    assert response.json == FIXTURES["token_bad_client"]["body"]


@pytest.mark.parametrize(
    "request_",
    [
        {"query_string": {"grant_type": "refresh_token", "refresh_token": "x"}},
        {"json": {"grant_type": "refresh_token", "refresh_token": "x"}},
        {"data": {"grant_type": "refresh_token"}},
        {"data": {"grant_type": "refresh_token", "refresh_token": ""}},
        {"data": {"grant_type": "refresh_token", "refresh_token": ["x", "y"]}},
        {"data": {"grant_type": "refresh_token", "refresh_token": "x", "client_id": CLIENT_ID}},
        {"data": {"grant_type": "refresh_token", "refresh_token": "x", "scope": "x"}},
        {"data": {"grant_type": "client_credentials"}},
        {"data": {"grant_type": "authorization_code", "code": "x"}},
    ],
    ids=[
        "in the query",
        "JSON",
        "field missing",
        "field empty",
        "field twice",
        "client in the body",
        "unknown field",
        "unknown grant type",
        "no redirect",
    ],
)
def test_a_malformed_token_request_is_refused(zoom: AppSide, request_: dict[str, Any]) -> None:
    response = zoom.client.post("/zoom/oauth/token", headers=BASIC, **request_)
    assert (response.status_code, (response.json or {})["error"]) == (400, "invalid_request")


def test_revoking_ends_the_pair(zoom: AppSide) -> None:
    pair = zoom.pair()
    response = zoom.revoke(pair["access_token"])
    assert (response.status_code, response.json) == (200, {"status": "success"})
    assert not works(zoom, pair["access_token"])
    assert zoom.refresh(pair["refresh_token"]).json == STALE


def test_an_expired_access_token_still_revokes(zoom: AppSide, clock: Traveller) -> None:
    pair = zoom.pair()
    clock.shift(timedelta(hours=2))
    assert zoom.revoke(pair["access_token"]).status_code == 200
    assert zoom.refresh(pair["refresh_token"]).json == STALE


def test_revoke_takes_no_unknown_dead_or_refresh_token(zoom: AppSide) -> None:
    pair = zoom.pair()
    assert zoom.revoke(pair["refresh_token"]).status_code == 400
    assert zoom.revoke("x").status_code == 400
    assert zoom.revoke(pair["access_token"]).status_code == 200
    assert zoom.revoke(pair["access_token"]).status_code == 400


def test_no_token_is_kept_in_a_form_that_can_be_read(zoom: AppSide, config: Any) -> None:
    code = zoom.code()
    pair = zoom.exchange(code).json or {}
    kept = b"".join(path.read_bytes() for path in config.state.iterdir())
    for secret in (code, pair["access_token"], pair["refresh_token"]):
        assert secret.encode() not in kept
