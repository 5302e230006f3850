"""Who may call Zoom's API."""

from datetime import timedelta

import pytest
from time_machine import Traveller

from sandbox.answers import FIXTURES
from sandbox.settings import SCOPES
from tests.sandbox.app_side import MEETING, AppSide
from tests.sandbox_process import BEN, MARA

#: Each call, the scope it needs, and a body where it has one.
CALLS = [
    ("GET", "/users/me", "user:read:user", None),
    ("POST", "/users/me/meetings", "meeting:write:meeting", MEETING),
    ("GET", "/users/me/meetings?type=upcoming", "meeting:read:list_meetings", None),
    ("GET", "/meetings/{id}", "meeting:read:meeting", None),
    ("PATCH", "/meetings/{id}", "meeting:update:meeting", {"topic": "New"}),
    ("DELETE", "/meetings/{id}", "meeting:delete:meeting", None),
]


@pytest.mark.parametrize(
    ("method", "path", "scope", "body"), CALLS, ids=[call[2] for call in CALLS]
)
def test_each_call_needs_its_own_scope(
    zoom: AppSide, token: str, method: str, path: str, scope: str, body: dict[str, object] | None
) -> None:
    meeting = zoom.create(token).json or {}
    address = path.format(id=meeting["id"])
    others = [one for one in SCOPES if one != scope]
    zoom.control("grants/scopes", {"user": MARA, "scopes": others})
    refused = zoom.call(method, address, token, json=body)
    assert refused.status_code == 400
    assert refused.json == {
        "code": 4711,
        "message": f"Invalid access token, does not contain scopes:[{scope}, {scope}:admin].",
    }
    zoom.control("grants/scopes", {"user": MARA, "scopes": [scope]})
    assert zoom.call(method, address, token, json=body).status_code < 300


def test_coming_consents_can_be_given_fewer_scopes(zoom: AppSide) -> None:
    zoom.control("settings", {"granted_scopes": ["user:read:user"]})
    pair = zoom.pair()
    assert pair["scope"] == "user:read:user"
    assert (zoom.create(pair["access_token"]).json or {})["code"] == 4711


def test_an_access_token_lives_for_expires_in_seconds(
    zoom: AppSide, token: str, clock: Traveller
) -> None:
    clock.shift(timedelta(seconds=3598))
    assert zoom.call("GET", "/users/me", token).status_code == 200
    clock.shift(timedelta(seconds=1))
    response = zoom.call("GET", "/users/me", token)
    assert (response.status_code, response.json) == (401, FIXTURES["api_token_expired"]["body"])


def test_the_life_of_coming_tokens_can_be_set(zoom: AppSide, clock: Traveller) -> None:
    zoom.control("settings", {"access_ttl_seconds": 5})
    pair = zoom.pair()
    assert pair["expires_in"] == 5
    clock.shift(timedelta(seconds=5))
    assert zoom.call("GET", "/users/me", pair["access_token"]).status_code == 401


def test_living_tokens_can_be_made_to_expire(zoom: AppSide, token: str) -> None:
    bens = zoom.pair(BEN)["access_token"]
    assert zoom.control("tokens/expire", {"user": MARA}) == {"expired": 1}
    response = zoom.call("GET", "/users/me", token)
    assert response.json == FIXTURES["api_token_expired"]["body"]
    assert zoom.call("GET", "/users/me", bens).status_code == 200


@pytest.mark.parametrize(
    "header", [None, "Basic eDp5", "Bearer", "Bearer unknown"], ids=["none", "Basic", "empty", "x"]
)
def test_an_unknown_token_is_invalid(zoom: AppSide, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    response = zoom.client.get("/zoom/v2/users/me", headers=headers)
    assert (response.status_code, response.json) == (401, FIXTURES["api_token_invalid"]["body"])


def test_a_token_in_the_query_does_not_count(zoom: AppSide, token: str) -> None:
    response = zoom.client.get("/zoom/v2/users/me", query_string={"access_token": token})
    assert response.status_code == 401


@pytest.mark.parametrize("path", ["/users/{}", "/users/{}/meetings?type=upcoming"])
def test_the_persons_own_id_is_refused(zoom: AppSide, token: str, path: str) -> None:
    own = (zoom.call("GET", "/users/me", token).json or {})["id"]
    for name in (own, MARA):
        response = zoom.call("GET", path.format(name), token)
        assert (response.status_code, (response.json or {})["code"]) == (400, 4711)


def test_a_deactivated_person_does_not_exist(zoom: AppSide, token: str) -> None:
    zoom.control("people", {"user": MARA, "status": "inactive"})
    response = zoom.call("GET", "/users/me", token)
    assert (response.status_code, response.json) == (404, FIXTURES["api_user_missing"]["body"])


def test_me_says_who_it_is_and_the_plan(zoom: AppSide, token: str) -> None:
    mara = zoom.call("GET", "/users/me", token).json or {}
    assert set(mara) == set(FIXTURES["user_me"]["body"])
    assert (mara["email"], mara["type"], mara["status"]) == (MARA, 2, "active")
    ben = zoom.call("GET", "/users/me", zoom.pair(BEN)["access_token"]).json or {}
    assert (ben["email"], ben["type"]) == (BEN, 1)


def test_every_answer_can_be_traced(zoom: AppSide, token: str) -> None:
    answers = [
        zoom.call("GET", "/users/me", token),
        zoom.call("GET", "/users/me", "unknown"),
        zoom.refresh("unknown"),
    ]
    assert len({one.headers["x-zm-trackingid"] for one in answers}) == 3


def test_too_many_calls_a_second(zoom: AppSide, token: str, clock: Traveller) -> None:
    zoom.control("settings", {"per_second": 2})
    statuses = [zoom.call("GET", "/users/me", token).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    late = zoom.call("GET", "/users/me", token)
    assert late.json == FIXTURES["api_429_qps"]["body"]
    assert late.headers["X-RateLimit-Type"] == "QPS"
    clock.shift(timedelta(seconds=1))
    assert zoom.call("GET", "/users/me", token).status_code == 200


def test_zoom_has_nothing_else(zoom: AppSide, token: str) -> None:
    assert zoom.call("GET", "/users/me/recordings", token).status_code == 404
    assert zoom.call("PUT", "/meetings/1", token).status_code == 405
    assert [call["operation"] for call in zoom.state("calls")][-2:] == ["other", "other"]
