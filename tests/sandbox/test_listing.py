"""Listing meetings, and the limits of a day."""

from datetime import timedelta
from typing import Any

import pytest
from time_machine import Traveller

from sandbox.answers import FIXTURES
from tests.sandbox.app_side import MEETING, AppSide
from tests.sandbox_process import BEN


def listed(zoom: AppSide, token: str, **query: Any) -> dict[str, Any]:
    asked = {"type": "upcoming", **query}
    response = zoom.call("GET", "/users/me/meetings", token, query_string=asked)
    assert response.status_code == 200, response.text
    return dict(response.json or {})


def test_a_list_shows_a_part_of_each_meeting(zoom: AppSide, token: str) -> None:
    agenda = "BookMe reference bk7\n" + "x" * 500
    made = zoom.create(token, agenda=agenda).json or {}
    page = listed(zoom, token)
    assert set(page) == set(FIXTURES["meetings_list"]["body"])
    [entry] = page["meetings"]
    assert set(entry) == set(FIXTURES["meetings_list"]["body"]["meetings"][0])
    assert entry["agenda"] == agenda[:250]
    assert "password" not in entry
    assert (entry["id"], entry["join_url"]) == (made["id"], made["join_url"])


def test_pages_hang_together(zoom: AppSide, token: str) -> None:
    starts = [f"2027-03-08T{hour:02}:00:00Z" for hour in (9, 10, 10, 11, 12)]
    for start in reversed(starts):
        zoom.create(token, start_time=start)
    seen, asked = [], {"page_size": 2}
    while True:
        page = listed(zoom, token, **asked)
        assert page["total_records"] == 5
        assert len(page["meetings"]) <= 2
        seen += page["meetings"]
        if not page["next_page_token"]:
            break
        asked["next_page_token"] = page["next_page_token"]
    assert [one["start_time"] for one in seen] == starts
    assert len({one["id"] for one in seen}) == 5


def test_a_page_token_is_its_persons_and_does_not_last(
    zoom: AppSide, token: str, clock: Traveller
) -> None:
    zoom.create(token)
    zoom.create(token)
    query = {"type": "upcoming", "next_page_token": listed(zoom, token, page_size=1)}
    query["next_page_token"] = query["next_page_token"]["next_page_token"]
    bens = zoom.pair(BEN)["access_token"]
    other = zoom.call("GET", "/users/me/meetings", bens, query_string=query)
    clock.shift(timedelta(minutes=15, seconds=1))
    late = zoom.call("GET", "/users/me/meetings", token, query_string=query)
    for response in (other, late):
        assert (response.json or {})["errors"][0]["field"] == "next_page_token"


def test_only_what_is_not_over_is_listed(zoom: AppSide, token: str, clock: Traveller) -> None:
    zoom.create(token, start_time="2027-03-01T08:00:00Z", duration=20)
    gone = zoom.create(token).json or {}
    zoom.call("DELETE", f"/meetings/{gone['id']}", token)
    zoom.create(zoom.pair(BEN)["access_token"])
    clock.shift(timedelta(minutes=19))
    assert listed(zoom, token)["total_records"] == 1
    clock.shift(timedelta(minutes=1))
    assert listed(zoom, token)["meetings"] == []


def test_a_new_meeting_may_show_up_late(zoom: AppSide, token: str, clock: Traveller) -> None:
    zoom.control("settings", {"list_delay_seconds": 20})
    made = zoom.create(token).json or {}
    assert zoom.call("GET", f"/meetings/{made['id']}", token).status_code == 200
    clock.shift(timedelta(seconds=19))
    assert listed(zoom, token)["meetings"] == []
    clock.shift(timedelta(seconds=1))
    assert len(listed(zoom, token)["meetings"]) == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "type"),
        ({"type": "live"}, "type"),
        ({"type": "upcoming", "page_size": 301}, "page_size"),
        ({"type": "upcoming", "page_size": 0}, "page_size"),
        ({"type": "upcoming", "page_number": 2}, "page_number"),
        ({"type": "upcoming", "next_page_token": "x"}, "next_page_token"),
        ({"type": ["upcoming", "upcoming"]}, "type"),
    ],
)
def test_a_wrong_parameter_is_named(
    zoom: AppSide, token: str, query: dict[str, Any], field: str
) -> None:
    response = zoom.call("GET", "/users/me/meetings", token, query_string=query)
    assert (response.status_code, (response.json or {})["code"]) == (400, 300)
    assert (response.json or {})["errors"][0]["field"] == field


def test_creates_and_updates_of_a_day_are_counted_and_deletes_are_not(
    zoom: AppSide, token: str, clock: Traveller
) -> None:
    zoom.control("settings", {"daily_limit": 2, "access_ttl_seconds": 10**6})
    bens, token = zoom.pair(BEN)["access_token"], zoom.pair()["access_token"]
    path = f"/meetings/{(zoom.create(token).json or {})['id']}"
    assert zoom.call("PATCH", path, token, json={"topic": "x"}).status_code == 204
    for late in (zoom.create(token), zoom.call("PATCH", path, token, json={"topic": "y"})):
        assert (late.status_code, late.json) == (429, FIXTURES["api_429_user_daily"]["body"])
        assert "Retry-After" not in late.headers
    assert zoom.create(bens).status_code == 201
    assert zoom.call("DELETE", path, token).status_code == 204
    clock.move_to("2027-03-02T00:00:00Z")
    assert zoom.create(token).status_code == 201


def test_the_limit_is_a_hundred(zoom: AppSide, token: str) -> None:
    statuses = [zoom.create(token).status_code for _ in range(101)]
    assert statuses == [201] * 100 + [429]


def test_what_was_refused_does_not_count(zoom: AppSide, token: str) -> None:
    zoom.control("settings", {"daily_limit": 1})
    zoom.create(token, topic="x" * 201)
    zoom.call("PATCH", "/meetings/1", token, json={"topic": "x"})
    assert zoom.call("POST", "/users/me/meetings", token, json=MEETING).status_code == 201
