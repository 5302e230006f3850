"""What the control API does; faults and events have tests of their own."""

from typing import Any

import pytest

from sandbox.state import reference
from tests.sandbox.app_side import AppSide
from tests.sandbox_process import BEN, CHLOE, MARA


def test_the_state_tells_everything(zoom: AppSide, token: str) -> None:
    zoom.create(token)
    state = zoom.client.get("/control/state").json or {}
    assert set(state) == {
        "users",
        "grants",
        "meetings",
        "calendars",
        "events",
        "passwords",
        "calls",
        "compliance",
        "webhooks",
        "mail",
        "faults",
        "settings",
    }
    assert [one["email"] for one in state["users"]] == [MARA, BEN, CHLOE]
    assert (state["users"][0]["grants_live"], state["users"][0]["quota_used"]) == (1, 1)
    [meeting] = state["meetings"]
    assert (meeting["reference"], meeting["user"]) == ("bk7", MARA)
    assert (meeting["start_time"], meeting["duration"]) == ("2027-03-08T15:00:00Z", 30)


def test_grants_tell_their_life(zoom: AppSide) -> None:
    first = zoom.pair()
    zoom.refresh(first["refresh_token"])
    zoom.pair()
    zoom.control("grants/kill", {"user": MARA})
    old, new = zoom.state("grants")
    assert (old["refreshes"], old["why"]) == (1, "newer authorization")
    assert (new["refreshes"], new["why"]) == (0, "killed")
    assert old["user"] == MARA
    assert "hash" not in str(old)


@pytest.mark.parametrize(
    ("agenda", "found"),
    [
        ("BookMe reference bk7", "bk7"),
        ("BookMe reference bk7\nBookMe reference other", "bk7"),
        ("Notes\nBookMe reference bk7", None),
        ("Reference: bk7", "bk7"),
        ("a reference to something", None),
        ("", None),
    ],
)
def test_a_reference_stands_in_the_first_line(agenda: str, found: str | None) -> None:
    assert reference(agenda) == found


def test_a_meeting_can_be_changed_as_its_host_would(zoom: AppSide, token: str) -> None:
    number = (zoom.create(token).json or {})["id"]
    zoom.control(f"meetings/{number}", {"start_time": "2027-03-10T10:00:00Z", "topic": "Mine"})
    [meeting] = zoom.state("meetings")
    assert (meeting["start_time"], meeting["topic"]) == ("2027-03-10T10:00:00Z", "Mine")
    zoom.control(f"meetings/{number}", {"delete": True})
    [meeting] = zoom.state("meetings")
    assert meeting["deleted_by"] == "user"
    assert zoom.call("GET", f"/meetings/{number}", token).status_code == 404


def test_a_reset_forgets_everything(zoom: AppSide, token: str) -> None:
    zoom.create(token)
    zoom.control("settings", {"daily_limit": 3, "mail": "defer"})
    zoom.control("people", {"user": BEN, "type": 2, "email": "new@example.com"})
    zoom.control("faults", {"operation": "*", "kind": "500"})
    before = zoom.state("settings")
    zoom.control("reset")
    state = zoom.client.get("/control/state").json or {}
    assert [one["email"] for one in state["users"]] == [MARA, BEN, CHLOE]
    for part in ("grants", "meetings", "calls", "faults", "webhooks", "mail"):
        assert state[part] == []
    assert before["daily_limit"] == 3
    assert state["settings"]["daily_limit"] == 100
    assert zoom.call("GET", "/users/me", token).status_code == 401


def test_the_registration_can_be_changed(zoom: AppSide) -> None:
    address = "http://localhost:5000/connections/zoom/callback"
    assert zoom.authorize(redirect_uri=address).status_code == 400
    zoom.control("settings", {"redirects": [address], "install_url": "http://localhost:5000/in"})
    page = zoom.authorize(redirect_uri=address)
    assert page.status_code == 200
    assert "http://localhost:5000" in page.headers["Content-Security-Policy"]
    assert "http://localhost:5000/in" in zoom.client.get("/zoom/marketplace").text


@pytest.mark.parametrize(
    "wanted",
    [
        {"colour": "red"},
        {"daily_limit": "100"},
        {"daily_limit": -1},
        {"daily_limit": True},
        {"granted_scopes": ["user:read:everything"]},
        {"mail": "sideways"},
        {"webhook_url": "ftp://x"},
        {"webhook_retry_seconds": 5},
        {"old_access_dies": 1},
        {"daily_limit": 5, "colour": "red"},
    ],
)
def test_a_wrong_setting_changes_nothing(zoom: AppSide, wanted: dict[str, Any]) -> None:
    before = zoom.state("settings")
    response = zoom.client.post("/control/settings", json=wanted)
    assert (response.status_code, list(response.json or {})) == (400, ["error"])
    assert zoom.state("settings") == before


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("remove", {}, 404),
        ("remove", {"user": "nobody@example.com"}, 404),
        ("remove", {"user": MARA, "delay": "soon"}, 400),
        ("grants/kill", {"user": 7}, 404),
        ("grants/scopes", {"user": MARA, "scopes": "all"}, 400),
        ("grants/scopes", {"user": MARA, "scopes": ["x"]}, 400),
        ("tokens/expire", {"user": "nobody"}, 404),
        ("people", {"user": MARA}, 400),
        ("people", {"user": MARA, "id": "x"}, 400),
        ("meetings/7", {"topic": "x"}, 404),
        ("meetings/7", {"duration": 1.5}, 400),
        ("meetings/7", {"status": "over"}, 400),
        ("webhooks/7/again", {}, 404),
        ("settings", [], 400),
        ("faults", "x", 400),
        ("nothing", {}, 404),
    ],
)
def test_a_wrong_call_is_told(zoom: AppSide, path: str, body: Any, status: int) -> None:
    assert zoom.client.post(f"/control/{path}", json=body).status_code == status


def test_another_sites_form_controls_nothing(zoom: AppSide) -> None:
    response = zoom.client.post("/control/reset", data="{}", content_type="text/plain")
    assert response.status_code == 415
