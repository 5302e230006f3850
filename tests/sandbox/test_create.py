"""Creating meetings, and what Zoom refuses."""

import json
from typing import Any

import pytest

from sandbox.answers import FIXTURES
from tests.sandbox.app_side import MEETING, AppSide
from tests.sandbox_process import MARA


def test_a_meeting_is_answered_as_zoom_does(zoom: AppSide, token: str) -> None:
    response = zoom.create(token)
    made = response.json or {}
    assert response.status_code == 201
    assert set(made) == set(FIXTURES["meeting_created"]["body"])
    assert {**made, **MEETING} == made
    assert made["created_at"] == "2027-03-01T08:00:00Z"
    assert made["host_email"] == MARA
    assert 2**32 < made["id"] < 2**63
    assert made["join_url"].startswith(f"http://sandbox.test/zoom/j/{made['id']}?pwd=")
    assert len(made["password"]) == 6


@pytest.mark.parametrize(
    ("start", "zone", "stored"),
    [
        ("2027-03-08T15:00:00Z", "America/New_York", "2027-03-08T15:00:00Z"),
        ("2027-03-08T15:00:00", "America/New_York", "2027-03-08T20:00:00Z"),
        ("2027-03-08T15:00:00", None, "2027-03-08T14:00:00Z"),  # the person's zone
        ("2027-02-01T15:00:00Z", None, "2027-03-01T08:00:00Z"),  # past: now
    ],
    ids=["UTC", "local", "the person's zone", "past"],
)
def test_a_start_is_an_instant(
    zoom: AppSide, token: str, start: str, zone: str | None, stored: str
) -> None:
    made = zoom.create(token, start_time=start, timezone=zone).json or {}
    assert made["start_time"] == stored


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"topic": "x" * 201}, "topic"),
        ({"topic": ""}, "topic"),
        ({"topic": 7}, "topic"),
        ({"topic": None}, "topic"),
        ({"type": 1}, "type"),
        ({"type": "2"}, "type"),
        ({"type": None}, "type"),
        ({"duration": 30.0}, "duration"),
        ({"duration": "30"}, "duration"),
        ({"duration": True}, "duration"),
        ({"duration": 0}, "duration"),
        ({"duration": 1441}, "duration"),
        ({"duration": None}, "duration"),
        ({"start_time": "2027-03-08T15:00:00.000Z"}, "start_time"),
        ({"start_time": "2027-03-08T15:00:00+00:00"}, "start_time"),
        ({"start_time": "2027-03-08 15:00:00Z"}, "start_time"),
        ({"start_time": "2027-03-08T15:00Z"}, "start_time"),
        ({"start_time": "2027-02-30T15:00:00Z"}, "start_time"),
        ({"start_time": "2027-03-08T15:00:00Z\n"}, "start_time"),
        ({"start_time": None}, "start_time"),
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"timezone": "+01:00"}, "timezone"),
        ({"agenda": "x" * 2001}, "agenda"),
        ({"password": "12345678901"}, "password"),
        ({"password": "pass word"}, "password"),
        ({"password": "pässe"}, "password"),
        ({"password": "x", "default_password": True}, "default_password"),
        ({"settings": []}, "settings"),
        ({"settings": {"waiting_room": "true"}}, "settings.waiting_room"),
        ({"settings": {"waiting_room": 1}}, "settings.waiting_room"),
        ({"settings": {"jbh_time": 7}}, "settings.jbh_time"),
        ({"settings": {"jbh_time": False}}, "settings.jbh_time"),
        ({"settings": {"use_pmi": True}}, "settings.use_pmi"),
        ({"settings": {"audio": "loud"}}, "settings.audio"),
        ({"settings": {"approval_type": 3}}, "settings.approval_type"),
        ({"settings": {"colour": "red"}}, "settings.colour"),
        ({"schedule_for": MARA}, "schedule_for"),
        ({"reference": "bk7"}, "reference"),
    ],
)
def test_a_wrong_field_is_named(
    zoom: AppSide, token: str, changes: dict[str, Any], field: str
) -> None:
    response = zoom.create(token, **changes)
    assert (response.status_code, (response.json or {})["code"]) == (400, 300)
    assert (response.json or {})["errors"] == [{"field": field, "message": "Invalid field."}]
    assert zoom.state("meetings") == []


def test_the_longest_values_are_taken(zoom: AppSide, token: str) -> None:
    made = zoom.create(token, topic="t" * 200, agenda="a" * 2000, password="a@-_*56789", type=2)
    assert made.status_code == 201
    assert (made.json or {})["password"] == "a@-_*56789"


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"data": json.dumps(MEETING)}, "Unsupported Content Type"),
        ({"data": MEETING}, "Unsupported Content Type"),
        ({"data": "{", "content_type": "application/json"}, "valid JSON"),
        ({"json": [MEETING]}, "valid JSON"),
        ({"data": b'{"topic":"\xff"}', "content_type": "application/json"}, "valid JSON"),
        ({"data": '{"type":2,"type":2}', "content_type": "application/json"}, "valid JSON"),
        ({"data": '{"duration":NaN}', "content_type": "application/json"}, "valid JSON"),
    ],
    ids=["no type", "form", "cut", "list", "not UTF-8", "twice", "NaN"],
)
def test_the_body_is_a_json_object(
    zoom: AppSide, token: str, request_: dict[str, Any], message: str
) -> None:
    response = zoom.call("POST", "/users/me/meetings", token, **request_)
    assert (response.status_code, (response.json or {})["code"]) == (400, 300)
    assert message in (response.json or {})["message"]


def test_a_query_is_refused(zoom: AppSide, token: str) -> None:
    response = zoom.call("POST", "/users/me/meetings?x=1", token, json=MEETING)
    assert (response.json or {})["errors"][0]["field"] == "x"


def test_a_waiting_room_keeps_everybody_out(zoom: AppSide, token: str) -> None:
    wanted = {"waiting_room": True, "join_before_host": True}
    made = zoom.create(token, settings=wanted).json or {}
    assert made["settings"]["join_before_host"] is False
    wanted = {"waiting_room": False, "join_before_host": True, "jbh_time": 5}
    made = zoom.create(token, settings=wanted).json or {}
    assert {**made["settings"], **wanted} == made["settings"]


def test_without_a_passcode_there_is_a_waiting_room(zoom: AppSide, token: str) -> None:
    made = zoom.create(token, password="", settings={"waiting_room": False}).json or {}
    assert made["settings"]["waiting_room"] is True
    assert made["join_url"] == f"http://sandbox.test/zoom/j/{made['id']}"


def test_who_has_no_licence_cannot_host(zoom: AppSide, token: str) -> None:
    zoom.control("people", {"user": MARA, "type": 4})
    response = zoom.create(token)
    assert response.json == FIXTURES["api_hosting_forbidden"]["body"]
