"""Every answer of Microsoft's that we know has its class and its retry rule, and gives nothing
away.
"""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from responses import RequestsMock

from bookme.errors import (
    ConnectionRevoked,
    NotAllowed,
    NotFound,
    ProviderError,
    ProviderUnavailable,
    Rejected,
    ScopeMissing,
    TokenRefused,
)
from bookme.providers.microsoft.client import OutlookCalendar
from bookme.providers.microsoft.facts import oauth_client
from tests import wire
from tests.contracts import FIXTURES, answer
from tests.providers.conftest import TOKEN
from tests.providers.outcomes import (
    Call,
    busy,
    calendars,
    create,
    create_meeting,
    delete,
    get,
    me,
    outcome,
    update,
)

API = "https://graph.microsoft.com/v1.0"
OAUTH = "https://login.microsoftonline.com/common/oauth2/v2.0"
CLIENT = oauth_client(
    {
        "MICROSOFT_CLIENT_ID": "id",
        "MICROSOFT_CLIENT_SECRET": "SECRET",
        "MICROSOFT_OAUTH_URL": OAUTH,
    }
)


def refresh(_: Any) -> object:
    return CLIENT.refresh("SECRET")


def exchange(_: Any) -> object:
    return CLIENT.exchange("SECRET", "SECRET", "https://bookme.example/")


#: Every sample answer: who gets it, and what comes of it. None is success.
OUTCOMES: dict[str, list[tuple[Call, type[ProviderError] | None]]] = {
    "token_ok": [(refresh, None), (exchange, None)],
    "token_invalid_grant": [(refresh, ConnectionRevoked), (exchange, ConnectionRevoked)],
    "401": [(create, TokenRefused), (busy, TokenRefused), (delete, TokenRefused)],
    "404": [(get, NotFound), (update, NotFound), (busy, NotFound), (delete, None)],
    "403": [(create, NotAllowed), (busy, NotAllowed)],
    "429": [(create, ProviderUnavailable), (busy, ProviderUnavailable)],
    "personal_no_teams": [(create_meeting, NotAllowed), (create, None), (get, None)],
    "teams_ok": [(create_meeting, None), (get, None), (update, None)],
}


def answer_everything(api: RequestsMock, **sample: Any) -> None:
    api.assert_all_requests_are_fired = False
    for method in ("GET", "POST", "PATCH", "DELETE"):
        api.add(method, re.compile(f"{API}/.*"), **sample)
    api.post(f"{OAUTH}/token", **sample)


def test_no_sample_answer_is_without_an_expectation() -> None:
    assert FIXTURES["microsoft"].keys() == OUTCOMES.keys()


@pytest.mark.parametrize("name", OUTCOMES)
def test_every_known_answer_has_its_class(api: RequestsMock, name: str) -> None:
    outlook = OutlookCalendar(API, TOKEN)
    answer_everything(api, **answer(name, "microsoft"))
    for call, expected in OUTCOMES[name]:
        error = outcome(lambda call=call: call(outlook))
        assert isinstance(error, expected or type(None)), call.__name__
        if error:
            assert not error.sent
            shown = wire.shown(error)
            body = FIXTURES["microsoft"][name]["body"]
            assert str(body.get("error_description", "the description")) not in shown
            assert "Access is denied" not in shown


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (404, "MailboxNotEnabledForRESTAPI", NotAllowed),
        (403, "Authorization_RequestDenied", ScopeMissing),
        (401, "InvalidAuthenticationToken", TokenRefused),
        (401, "whatever", TokenRefused),
        (404, "ErrorFolderNotFound", NotFound),
        (507, "ErrorQuotaExceeded", NotAllowed),
        (400, "ErrorInvalidRequest", Rejected),
        (503, "ErrorServerBusy", ProviderUnavailable),
        (409, "ErrorIrresolvableConflict", ProviderUnavailable),
        (429, "whatever", ProviderUnavailable),
        (500, "whatever", ProviderUnavailable),
    ],
)
def test_the_code_decides_and_only_an_unknown_one_leaves_it_to_the_status(
    outlook: OutlookCalendar,
    api: RequestsMock,
    status: int,
    code: str,
    expected: type[ProviderError],
) -> None:
    answer_everything(api, status=status, json={"error": {"code": code, "message": "SECRET"}})
    for call in (calendars, me):
        caught = outcome(lambda call=call: call(outlook))
        assert type(caught) is expected
        assert caught.code == code


@pytest.mark.parametrize(
    "body", [{"error": "SECRET"}, {"error": {"code": ["SECRET"]}}, {}], ids=str
)
def test_an_error_without_a_code_is_judged_by_its_status(
    outlook: OutlookCalendar, api: RequestsMock, body: dict[str, Any]
) -> None:
    answer_everything(api, status=404, json=body)
    caught = outcome(lambda: me(outlook))
    assert type(caught) is NotFound


@pytest.mark.parametrize(
    ("status", "whole_account"), [(429, True), (503, False)], ids=["throttled", "busy"]
)
def test_a_time_to_try_again_is_told_and_whom_it_is_for(
    outlook: OutlookCalendar, api: RequestsMock, status: int, whole_account: bool
) -> None:
    throttled = answer("429", "microsoft") | {"status": status}
    answer_everything(api, **throttled)
    error = outcome(lambda: create(outlook))
    assert isinstance(error, ProviderUnavailable)
    assert error.retry_at == datetime(2027, 3, 8, 12, 0, 10, tzinfo=UTC)
    assert error.account_limit is whole_account


def test_an_error_names_microsofts_id_of_the_request(
    outlook: OutlookCalendar, api: RequestsMock
) -> None:
    answer_everything(api, status=500, headers={"request-id": "0000-0001"})
    error = outcome(lambda: me(outlook))
    assert error is not None
    assert error.request_id == "0000-0001"


@pytest.mark.parametrize(
    ("sample", "sent"),
    [
        ({"body": requests.ConnectTimeout()}, False),
        ({"body": requests.ReadTimeout()}, True),
        ({"status": 502, "body": "<html>"}, True),
        ({"status": 201, "body": "<html>"}, True),
    ],
    ids=str,
)
def test_an_outage_says_whether_there_may_be_an_entry(
    outlook: OutlookCalendar, api: RequestsMock, sample: dict[str, Any], sent: bool
) -> None:
    api.get(re.compile(f"{API}/.*"), json={"value": []})
    api.post(re.compile(f"{API}/.*"), **sample)
    error = outcome(lambda: create(outlook))
    assert type(error) is ProviderUnavailable
    assert error.sent is sent
