"""Getting, changing and deleting meetings."""

from datetime import timedelta
from typing import Any

import pytest
from time_machine import Traveller

from sandbox.answers import FIXTURES
from tests.sandbox.app_side import AppSide
from tests.sandbox_process import BEN, MARA


@pytest.fixture
def meeting(zoom: AppSide, token: str) -> dict[str, Any]:
    return dict(zoom.create(token).json or {})


def patch(zoom: AppSide, token: str, meeting: dict[str, Any], body: Any) -> Any:
    return zoom.call("PATCH", f"/meetings/{meeting['id']}", token, json=body)


def get(zoom: AppSide, token: str, meeting: dict[str, Any]) -> dict[str, Any]:
    return dict(zoom.call("GET", f"/meetings/{meeting['id']}", token).json or {})


def test_a_meeting_can_be_got_with_its_passcode(
    zoom: AppSide, token: str, meeting: dict[str, Any]
) -> None:
    found = get(zoom, token, meeting)
    assert found.pop("start_url") != meeting.pop("start_url")  # a fresh credential each time
    assert found == meeting


def test_a_change_is_answered_without_a_body(
    zoom: AppSide, token: str, meeting: dict[str, Any]
) -> None:
    response = patch(zoom, token, meeting, {"start_time": "2027-03-09T10:00:00Z", "topic": "New"})
    assert (response.status_code, response.data) == (204, b"")
    found = get(zoom, token, meeting)
    assert (found["start_time"], found["topic"]) == ("2027-03-09T10:00:00Z", "New")
    assert (found["duration"], found["join_url"]) == (30, meeting["join_url"])


def test_a_past_start_is_silently_ignored(
    zoom: AppSide, token: str, meeting: dict[str, Any]
) -> None:
    body = {"start_time": "2027-02-01T10:00:00Z", "duration": 45}
    assert patch(zoom, token, meeting, body).status_code == 204
    found = get(zoom, token, meeting)
    assert (found["start_time"], found["duration"]) == (meeting["start_time"], 45)


def test_another_passcode_changes_the_join_link(
    zoom: AppSide, token: str, meeting: dict[str, Any]
) -> None:
    patch(zoom, token, meeting, {"password": "other"})
    found = get(zoom, token, meeting)
    assert found["password"] == "other"
    assert found["join_url"] != meeting["join_url"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "topic"),
        ({"duration": 30.5}, "duration"),
        ({"settings": {"nothing": True}}, "settings.nothing"),
        ({"id": 1}, "id"),
    ],
)
def test_a_wrong_change_is_refused(
    zoom: AppSide, token: str, meeting: dict[str, Any], body: dict[str, Any], field: str
) -> None:
    response = patch(zoom, token, meeting, body)
    assert (response.json or {})["errors"] == [{"field": field, "message": "Invalid field."}]


def test_deleting_is_answered_without_a_body_and_the_second_time_it_is_gone(
    zoom: AppSide, token: str, meeting: dict[str, Any]
) -> None:
    path = f"/meetings/{meeting['id']}"
    first = zoom.call("DELETE", f"{path}?schedule_for_reminder=false", token)
    assert (first.status_code, first.data) == (204, b"")
    for method in ("DELETE", "PATCH", "GET"):
        again = zoom.call(method, path, token, json={"topic": "x"} if method == "PATCH" else None)
        assert again.status_code == 404
        assert again.json == {
            "code": 3001,
            "message": f"Meeting does not exist: {meeting['id']}.",
        }
    [kept] = zoom.state("meetings")
    assert (kept["deleted_by"], kept["deleted_at"] is not None) == ("app", True)


@pytest.mark.parametrize("query", ["occurrence_id=1", "schedule_for_reminder=no"])
def test_deleting_takes_only_its_own_parameters(
    zoom: AppSide, token: str, meeting: dict[str, Any], query: str
) -> None:
    response = zoom.call("DELETE", f"/meetings/{meeting['id']}?{query}", token)
    assert (response.json or {})["code"] == 300


@pytest.mark.parametrize("number", ["abc", "1e5", "-1", "٣"])
def test_an_id_is_a_number(zoom: AppSide, token: str, number: str) -> None:
    response = zoom.call("GET", f"/meetings/{number}", token)
    assert (response.status_code, (response.json or {})["code"]) == (400, 300)


def test_somebody_elses_meeting_is_out_of_reach(
    zoom: AppSide, token: str, meeting: dict[str, Any]
) -> None:
    bens = zoom.pair(BEN)["access_token"]
    for method in ("GET", "DELETE"):
        response = zoom.call(method, f"/meetings/{meeting['id']}", bens)
        assert response.json == FIXTURES["api_not_host"]["body"]


@pytest.mark.parametrize(
    ("status", "method", "code"),
    [
        ("started", "PATCH", 3000),
        ("started", "DELETE", 3002),
        ("ended", "PATCH", 3000),
        ("ended", "DELETE", 3007),
    ],
)
def test_a_meeting_that_has_begun_stays(
    zoom: AppSide, token: str, meeting: dict[str, Any], status: str, method: str, code: int
) -> None:
    zoom.control(f"meetings/{meeting['id']}", {"status": status})
    body = {"topic": "x"} if method == "PATCH" else None
    response = zoom.call(method, f"/meetings/{meeting['id']}", token, json=body)
    assert (response.status_code, (response.json or {})["code"]) == (400, code)


def test_a_meeting_expires_thirty_days_after_its_date(
    zoom: AppSide, token: str, meeting: dict[str, Any], clock: Traveller
) -> None:
    zoom.control("settings", {"access_ttl_seconds": 10**7})
    token = zoom.pair(MARA)["access_token"]
    clock.move_to("2027-04-07T14:59:59Z")
    assert get(zoom, token, meeting)["id"] == meeting["id"]
    clock.shift(timedelta(seconds=1))
    assert get(zoom, token, meeting)["code"] == 3001
