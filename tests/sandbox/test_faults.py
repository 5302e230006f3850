"""Which calls fail, how, and how often."""

from typing import Any

import pytest

from sandbox.answers import FIXTURES
from sandbox.faults import KINDS
from sandbox.operations import OPERATIONS, provider_of
from tests.sandbox.app_side import BASIC, MEETING, AppSide
from tests.sandbox_process import MARA

ZOOMS = [name for name in OPERATIONS if provider_of(name) == "zoom"]
ERRORS = [name for name, fixture in FIXTURES.items() if fixture["status"] >= 400]


def me(zoom: AppSide, token: str) -> int:
    return zoom.call("GET", "/users/me", token).status_code


def living(zoom: AppSide) -> int:
    return sum(not one["deleted_at"] for one in zoom.state("meetings"))


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_of_zoom_can_be_had(zoom: AppSide, token: str, name: str) -> None:
    zoom.control("faults", {"operation": "create", "kind": name})
    response = zoom.create(token)
    assert response.status_code == FIXTURES[name]["status"]
    assert response.json == FIXTURES[name]["body"]
    for header, value in FIXTURES[name].get("headers", {}).items():
        assert response.headers[header] == value
    assert living(zoom) == 0
    assert zoom.create(token).status_code == 201


def test_a_fixture_can_be_made_to_say_something_else(zoom: AppSide, token: str) -> None:
    rule = {
        "operation": "me",
        "kind": "api_429_account_daily",
        "headers": {"Retry-After": "2027-03-01T09:00:00Z"},
        "body": {"code": 429, "message": "Later"},
    }
    zoom.control("faults", rule)
    response = zoom.call("GET", "/users/me", token)
    assert response.headers["Retry-After"] == "2027-03-01T09:00:00Z"
    assert response.headers["X-RateLimit-Type"] == "Daily-limit"
    assert response.json == {"code": 429, "message": "Later"}


@pytest.mark.parametrize(
    ("kind", "status"), [("500", 500), ("502", 502), ("503", 503), ("html-200", 200)]
)
def test_a_page_instead_of_an_answer(zoom: AppSide, token: str, kind: str, status: int) -> None:
    zoom.control("faults", [{"operation": "create", "kind": kind + end} for end in ("", "-after")])
    for done in (0, 1):
        response = zoom.create(token)
        assert (response.status_code, response.mimetype) == (status, "text/html")
        assert living(zoom) == done


@pytest.mark.parametrize("kind", ["broken-json", "wrong-types", "empty"])
@pytest.mark.parametrize("operation", ["create", "update"])
def test_a_spoilt_answer_to_what_was_done(
    zoom: AppSide, token: str, kind: str, operation: str
) -> None:
    path = f"/meetings/{(zoom.create(token).json or {})['id']}"
    zoom.control("faults", {"operation": operation, "kind": kind})
    if operation == "create":
        response = zoom.create(token, topic="Spoilt")
    else:
        response = zoom.call("PATCH", path, token, json={"topic": "Spoilt"})
    assert response.status_code in (200, 201)
    assert "Spoilt" in {one["topic"] for one in zoom.state("meetings")}
    if kind == "wrong-types":
        assert response.json
        assert not any(isinstance(value, (str, int)) for value in response.json.values())
    else:
        assert response.get_json(silent=True) is None


@pytest.mark.parametrize("operation", ZOOMS)
def test_each_operation_can_fail_alone(zoom: AppSide, token: str, operation: str) -> None:
    meeting, code = (zoom.create(token).json or {})["id"], zoom.code()
    zoom.control("faults", {"operation": operation, "kind": "503"})
    calls: dict[str, Any] = {
        "me": lambda: zoom.call("GET", "/users/me", token),
        "list": lambda: zoom.call("GET", "/users/me/meetings?type=upcoming", token),
        "get": lambda: zoom.call("GET", f"/meetings/{meeting}", token),
        "update": lambda: zoom.call("PATCH", f"/meetings/{meeting}", token, json={"topic": "x"}),
        "create": lambda: zoom.create(token),
        "delete": lambda: zoom.call("DELETE", f"/meetings/{meeting}", token),
        "compliance": lambda: zoom.client.post(
            "/zoom/oauth/data/compliance", json={}, headers=BASIC
        ),
        "token.refresh": lambda: zoom.refresh("x"),
        "token.exchange": lambda: zoom.exchange(code),
        "revoke": lambda: zoom.revoke("x"),
    }
    assert set(calls) == set(ZOOMS)
    failed = [name for name, call in calls.items() if call().status_code == 503]
    assert failed == [operation]


def test_rules_are_counted_and_skip(zoom: AppSide, token: str) -> None:
    zoom.control("faults", {"operation": ["me", "list"], "kind": "500", "count": 2, "skip": 1})
    assert [me(zoom, token) for _ in range(4)] == [200, 500, 500, 200]
    [rule] = zoom.state("faults")
    assert (rule["hits"], rule["remaining"]) == (2, 0)


def test_a_rule_may_have_no_end_and_be_cleared(zoom: AppSide, token: str) -> None:
    zoom.control("faults", {"operation": "*", "kind": "500", "count": None})
    assert {me(zoom, token) for _ in range(10)} == {500}
    zoom.control("faults/clear")
    assert me(zoom, token) == 200


def test_earlier_rules_go_first(zoom: AppSide, token: str) -> None:
    zoom.control("faults", {"operation": "me", "kind": "500"})
    zoom.control("faults", [{"operation": "me", "kind": "502"}, {"operation": "*", "kind": "503"}])
    assert [me(zoom, token) for _ in range(4)] == [500, 502, 503, 200]


def test_chance_with_a_seed_falls_the_same_way_again(zoom: AppSide) -> None:
    runs = []
    for seed in (7, 7, 8):
        zoom.control("reset")
        token = zoom.pair()["access_token"]
        rule = {"operation": "me", "kind": ["500", "502", "503"], "count": None}
        zoom.control("faults", {**rule, "probability": 0.5, "seed": seed})
        runs.append([me(zoom, token) for _ in range(60)])
    assert runs[0] == runs[1] != runs[2]
    assert set(runs[0]) == {200, 500, 502, 503}
    assert 15 < runs[0].count(200) < 45


def test_groups_stand_for_their_kinds(zoom: AppSide) -> None:
    zoom.control("faults", [{"operation": "me", "kind": kind} for kind in ("every", "passing")])
    every, passing = (set(rule["kind"]) for rule in zoom.state("faults"))
    assert every == set(KINDS)
    assert passing < every
    assert {"reset", "reset-after", "timeout-after", "500-after", "api_429_qps"} <= passing
    assert not passing & {"token_refresh_stale", "api_token_invalid", "api_meeting_missing"}


@pytest.mark.parametrize(
    "rule",
    [
        {"operation": "create"},
        {"kind": "500"},
        {"operation": "create", "kind": "504"},
        {"operation": "create", "kind": []},
        {"operation": "dance", "kind": "500"},
        {"operation": [], "kind": "500"},
        {"operation": "create", "kind": "500", "count": "2"},
        {"operation": "create", "kind": "500", "probability": 1.5},
        {"operation": "create", "kind": "500", "seconds": -1},
        {"operation": "create", "kind": "500", "often": True},
        {"operation": "create", "kind": "token_ok"},
        "500",
        None,
    ],
)
def test_a_wrong_rule_is_refused(zoom: AppSide, rule: Any) -> None:
    response = zoom.client.post("/control/faults", json=[rule])
    assert response.status_code == 400
    assert zoom.state("faults") == []


def test_the_log_tells_calls_without_secrets(zoom: AppSide) -> None:
    pair = zoom.pair()
    zoom.control("faults", {"operation": "create", "kind": "500-after"})
    zoom.create(pair["access_token"])
    zoom.refresh(pair["refresh_token"])
    calls = zoom.state("calls")
    told = [(one["operation"], one["user"], one["did"], one["answer"]) for one in calls]
    assert told == [
        ("token.exchange", MARA, 200, "200"),
        ("create", MARA, 201, "500"),
        ("token.refresh", MARA, 200, "200"),
    ]
    assert calls[1]["meeting_id"] == zoom.state("meetings")[0]["id"]
    assert calls[1]["fault"] == "500-after"
    assert pair["access_token"] not in str(calls)
    assert MEETING["topic"] not in str(calls)
