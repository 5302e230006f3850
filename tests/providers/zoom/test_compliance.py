"""The data-compliance confirmation."""

import json
from typing import Any

import pytest
import requests
from responses import RequestsMock, matchers

from bookme.errors import ClientRefused, NotFound, ProviderError, ProviderUnavailable, Rejected
from bookme.providers.zoom.compliance import confirm_deletion
from tests import wire
from tests.contracts import VECTORS

URL = "https://api.zoom.us/oauth/data/compliance"
BASIC = VECTORS["zoom_basic_auth"]
PAYLOAD = json.loads(VECTORS["zoom_signature"][0]["raw_body_utf8"])["payload"]


def confirm(payload: dict[str, Any] = PAYLOAD) -> None:
    confirm_deletion(URL, BASIC["client_id"], BASIC["client_secret"], payload)


def test_the_whole_event_is_confirmed_with_basic_credentials(api: RequestsMock) -> None:
    body = {
        "client_id": BASIC["client_id"],
        "user_id": PAYLOAD["user_id"],
        "account_id": PAYLOAD["account_id"],
        "deauthorization_event_received": PAYLOAD,
        "compliance_completed": True,
    }
    sent = [
        matchers.json_params_matcher(body),
        matchers.header_matcher({"Authorization": BASIC["header"]}),
    ]
    api.post(URL, json={}, match=sent)
    confirm()


def test_any_success_is_one(api: RequestsMock) -> None:
    api.post(URL, status=204)
    confirm()
    assert len(api.calls) == 1


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"status": 404, "body": "<html>"}, NotFound),
        ({"status": 410}, NotFound),
        ({"status": 401}, ClientRefused),
        ({"status": 400, "json": {"code": 300}}, Rejected),
        ({"status": 302}, ProviderUnavailable),
        ({"status": 429}, ProviderUnavailable),
        ({"status": 503}, ProviderUnavailable),
        ({"body": requests.ReadTimeout(PAYLOAD["user_id"])}, ProviderUnavailable),
    ],
    ids=["withdrawn", "gone", "client", "rejected", "redirect", "limit", "outage", "silence"],
)
def test_what_did_not_work_says_what_to_do(
    api: RequestsMock, answer: dict[str, Any], expected: type[ProviderError]
) -> None:
    api.post(URL, **answer)
    with pytest.raises(ProviderError) as caught:
        confirm()
    assert type(caught.value) is expected
    for secret in (PAYLOAD["user_id"], PAYLOAD["account_id"], BASIC["client_secret"]):
        assert secret not in wire.shown(caught.value)
