"""The data-compliance endpoint."""

from typing import Any

import pytest
from responses import RequestsMock
from werkzeug.test import TestResponse

from tests.sandbox.app_side import BASIC, AppSide, without
from tests.sandbox.conftest import WEBHOOK
from tests.sandbox_process import CLIENT_ID, MARA

PAYLOAD = {
    "account_id": "acc",
    "user_id": "user",
    "signature": "827edc",
    "deauthorization_time": "2027-03-01T08:00:00.000Z",
    "client_id": CLIENT_ID,
}
BODY = {
    "client_id": CLIENT_ID,
    "user_id": "user",
    "account_id": "acc",
    "deauthorization_event_received": PAYLOAD,
    "compliance_completed": True,
}


def confirm(zoom: AppSide, body: Any, headers: Any = BASIC, query: str = "") -> TestResponse:
    return zoom.client.post(f"/zoom/oauth/data/compliance{query}", json=body, headers=headers)


def test_a_confirmation_is_taken_and_kept(zoom: AppSide) -> None:
    response = confirm(zoom, BODY)
    assert (response.status_code, response.data) == (200, b"")
    [kept] = zoom.state("compliance")
    assert (kept["body"], kept["event_known"]) == (BODY, 0)


def test_it_is_seen_whether_the_event_was_sent(zoom: AppSide, api: RequestsMock) -> None:
    api.post(WEBHOOK)
    zoom.control("remove", {"user": MARA})
    event = api.calls[0].request.body
    assert event is not None
    payload = zoom.client.application.json.loads(event)["payload"]
    same = {name: payload[name] for name in ("client_id", "user_id", "account_id")}
    body = {**BODY, **same, "deauthorization_event_received": payload}
    assert confirm(zoom, body).status_code == 200
    assert zoom.state("compliance")[0]["event_known"] == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (without(BODY, user_id=None), "user_id"),
        (without(BODY, account_id=""), "account_id"),
        (without(BODY, client_id="other"), "client_id"),
        (without(BODY, compliance_completed=False), "compliance_completed"),
        (without(BODY, compliance_completed="true"), "compliance_completed"),
        (without(BODY, extra=1), "extra"),
        (without(BODY, deauthorization_event_received="{}"), "deauthorization_event_received"),
        (without(BODY, user_id="other"), "deauthorization_event_received.user_id"),
        (
            without(BODY, deauthorization_event_received=without(PAYLOAD, user_id=None)),
            "deauthorization_event_received.user_id",
        ),
        (
            without(BODY, deauthorization_event_received={**PAYLOAD, "event": "x"}),
            "deauthorization_event_received.event",
        ),
        (
            without(BODY, deauthorization_event_received={**PAYLOAD, "user_data_retention": True}),
            "deauthorization_event_received.user_data_retention",
        ),
    ],
)
def test_a_wrong_confirmation_names_what_is_wrong(zoom: AppSide, body: Any, field: str) -> None:
    response = confirm(zoom, body)
    assert (response.status_code, (response.json or {})["code"]) == (400, 300)
    assert field in {one["field"] for one in (response.json or {})["errors"]}
    assert zoom.state("compliance") == []


def test_only_the_app_may_confirm(zoom: AppSide) -> None:
    assert (confirm(zoom, BODY, headers={}).json or {})["error"] == "invalid_client"


def test_nothing_stands_in_the_query(zoom: AppSide) -> None:
    assert confirm(zoom, BODY, query="?user_id=user").status_code == 400


def test_it_is_json(zoom: AppSide) -> None:
    response = zoom.client.post("/zoom/oauth/data/compliance", data=BODY, headers=BASIC)
    assert response.status_code == 400
