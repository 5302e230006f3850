"""The events that Zoom sends, on the wire."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
import requests
from flask import Flask
from responses import RequestsMock
from time_machine import Traveller

from bookme.clock import utcnow
from sandbox.zoom.webhooks import deliver_due, sign
from tests.contracts import VECTORS
from tests.sandbox.app_side import AppSide
from tests.sandbox.conftest import WEBHOOK
from tests.sandbox_process import BEN, CLIENT_ID, MARA, WEBHOOK_SECRET


@pytest.mark.parametrize("vector", VECTORS["zoom_signature"], ids=lambda vector: vector["name"])
def test_signatures_are_zooms(vector: dict[str, str]) -> None:
    body = vector["raw_body_utf8"].encode()
    signature = sign(VECTORS["zoom_webhook_secret"], vector["timestamp"], body)
    assert signature == vector["x-zm-signature"]


def test_a_removal_is_told_and_signed(zoom: AppSide, api: RequestsMock, clock: Traveller) -> None:
    api.post(WEBHOOK, status=204)
    pair = zoom.pair()
    shown = zoom.control("remove", {"user": MARA})
    assert (shown["status"], shown["next_at"]) == (204, None)
    request = api.calls[0].request
    timestamp = request.headers["x-zm-request-timestamp"]
    body = request.body
    assert isinstance(body, bytes)
    assert timestamp == str(int(utcnow().timestamp()))
    assert request.headers["x-zm-signature"] == sign(WEBHOOK_SECRET, timestamp, body)
    event = json.loads(body)
    assert event["event"] == "app_deauthorized"
    mara = zoom.state("users")[0]
    payload = event["payload"]
    assert (payload["user_id"], payload["account_id"]) == (mara["id"], mara["account_id"])
    assert payload["client_id"] == CLIENT_ID
    assert payload["deauthorization_time"] == "2027-03-01T08:00:00.000Z"
    assert (mara["added_at"], mara["grants_live"]) == (None, 0)
    assert zoom.refresh(pair["refresh_token"]).status_code == 400


def test_a_removal_uses_up_codes_on_their_way(zoom: AppSide, api: RequestsMock) -> None:
    api.post(WEBHOOK)
    code = zoom.code()
    zoom.control("remove", {"user": MARA})
    assert zoom.exchange(code).status_code == 400


def test_what_is_not_delivered_is_tried_three_times_more(
    zoom: AppSide, sandbox_app: Flask, api: RequestsMock, clock: Traveller
) -> None:
    here = sandbox_app.extensions["sandbox"]
    api.post(WEBHOOK, status=500)
    zoom.control("remove", {"user": MARA})
    for minutes in (5, 20, 60):
        clock.shift(timedelta(minutes=minutes, seconds=-1))
        assert deliver_due(here, utcnow()) == 0
        clock.shift(timedelta(seconds=1))
        assert deliver_due(here, utcnow()) == 1
    clock.shift(timedelta(days=1))
    assert deliver_due(here, utcnow()) == 0
    assert len(api.calls) == 4
    assert len({call.request.headers["x-zm-signature"] for call in api.calls}) == 1


def test_a_network_that_fails_is_written_down(
    zoom: AppSide, api: RequestsMock, clock: Traveller
) -> None:
    api.post(WEBHOOK, body=requests.ConnectTimeout("bookme.test"))
    shown = zoom.control("remove", {"user": MARA})
    assert (shown["status"], shown["answer"]) == (None, "ConnectTimeout")
    assert shown["next_at"] is not None


def test_a_revoke_is_told_too_a_little_later(
    zoom: AppSide, sandbox_app: Flask, api: RequestsMock, clock: Traveller
) -> None:
    here = sandbox_app.extensions["sandbox"]
    api.post(WEBHOOK)
    zoom.revoke(zoom.pair()["access_token"])
    assert deliver_due(here, utcnow()) == 0
    clock.shift(timedelta(seconds=1))
    assert deliver_due(here, utcnow()) == 1
    assert zoom.state("webhooks")[0]["event"] == "app_deauthorized"


def test_a_revoke_can_be_kept_quiet(zoom: AppSide) -> None:
    zoom.control("settings", {"event_on_revoke_seconds": None})
    zoom.revoke(zoom.pair()["access_token"])
    assert zoom.state("webhooks") == []


def test_an_event_can_be_kept_back_and_sent_twice(
    zoom: AppSide, sandbox_app: Flask, api: RequestsMock, clock: Traveller
) -> None:
    kept = zoom.control("remove", {"user": BEN, "delay": None})
    assert (kept["attempts"], kept["next_at"]) == (0, None)
    clock.shift(timedelta(hours=3))
    assert deliver_due(sandbox_app.extensions["sandbox"], utcnow()) == 0
    api.post(WEBHOOK)
    zoom.control(f"webhooks/{kept['id']}/again")
    shown = zoom.control(f"webhooks/{kept['id']}/again")
    assert shown["attempts"] == 2
    first, second = (call.request for call in api.calls)
    assert first.body == second.body
    assert first.headers["x-zm-signature"] == second.headers["x-zm-signature"]


def test_any_event_can_be_sent(zoom: AppSide, api: RequestsMock) -> None:
    api.post(WEBHOOK, body="thanks")
    shown = zoom.control("webhooks", {"body": {"event": "meeting.started"}})
    assert (shown["status"], shown["answer"]) == (200, "thanks")
    request = api.calls[0].request
    timestamp = request.headers["x-zm-request-timestamp"]
    assert isinstance(request.body, bytes)
    assert request.headers["x-zm-signature"] == sign(WEBHOOK_SECRET, timestamp, request.body)


def test_any_event_can_be_sent_wrongly(zoom: AppSide, api: RequestsMock) -> None:
    api.post(WEBHOOK, status=401)
    wrong = {
        "raw": "{broken",
        "timestamp": "1740439733",
        "secret": "another",
        "headers": {"Content-Type": "text/plain", "x-zm-trackingid": None},
    }
    zoom.control("webhooks", wrong)
    zoom.control("webhooks", {"raw": "{}", "signature": "v0=0", "headers": {}})
    first, second = (call.request for call in api.calls)
    assert first.body == b"{broken"
    assert first.headers["x-zm-signature"] == sign("another", "1740439733", b"{broken")
    assert first.headers["Content-Type"] == "text/plain"
    assert "x-zm-trackingid" not in first.headers
    assert second.headers["x-zm-signature"] == "v0=0"


@pytest.mark.parametrize("body", [{}, {"raw": "x", "body": {}}])
def test_an_event_has_one_body(zoom: AppSide, body: dict[str, Any]) -> None:
    assert zoom.client.post("/control/webhooks", json=body).status_code == 400


def _prove(request: Any) -> tuple[int, dict[str, str], str]:
    plain = json.loads(request.body)["payload"]["plainToken"]
    token = hmac.new(WEBHOOK_SECRET.encode(), plain.encode(), hashlib.sha256).hexdigest()
    return 200, {}, json.dumps({"plainToken": plain, "encryptedToken": token})


def test_an_endpoint_that_knows_the_secret_is_valid(zoom: AppSide, api: RequestsMock) -> None:
    api.add_callback("POST", WEBHOOK, callback=_prove)
    assert zoom.control("validate")["valid"] is True
    assert "x-zm-signature" in api.calls[0].request.headers


@pytest.mark.parametrize(
    ("status", "body"), [(200, "{}"), (200, "nonsense"), (401, ""), (200, '{"plainToken":"x"}')]
)
def test_an_endpoint_that_does_not_is_not(
    zoom: AppSide, api: RequestsMock, status: int, body: str
) -> None:
    api.post(WEBHOOK, status=status, body=body)
    assert zoom.control("validate")["valid"] is False
