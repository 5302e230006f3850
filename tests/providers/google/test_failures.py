"""Every answer of Google's that we know has its class, its retry rule, and gives nothing away."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
from responses import RequestsMock

from bookme.errors import (
    ClientRefused,
    ConnectionRevoked,
    NotAllowed,
    NotFound,
    ProviderError,
    ProviderUnavailable,
    Rejected,
    ScopeMissing,
    TokenRefused,
)
from bookme.providers.google.client import GoogleCalendar
from bookme.providers.google.facts import oauth_client
from tests import wire
from tests.contracts import FIXTURES, answer
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

API = "https://www.googleapis.com/calendar/v3"
TOKENS = "https://oauth2.googleapis.com/token"
CLIENT = oauth_client(
    {
        "GOOGLE_CLIENT_ID": "id",
        "GOOGLE_CLIENT_SECRET": "SECRET",
        "GOOGLE_AUTHORIZE_URL": "https://accounts.google.com/o/oauth2/v2/auth",
        "GOOGLE_TOKEN_URL": TOKENS,
        "GOOGLE_REVOKE_URL": "https://oauth2.googleapis.com/revoke",
    }
)


def refresh(_: Any) -> object:
    return CLIENT.refresh("SECRET")


#: Every sample answer: who gets it, and what comes of it. None is success.
OUTCOMES: dict[str, list[tuple[Call, type[ProviderError] | None]]] = {
    "401": [(create, TokenRefused), (busy, TokenRefused), (delete, TokenRefused)],
    "400_range": [(busy, Rejected)],
    "403_user_rate": [(create, ProviderUnavailable), (calendars, ProviderUnavailable)],
    "403_rate": [(update, ProviderUnavailable), (busy, ProviderUnavailable)],
    "429_rate": [(delete, ProviderUnavailable), (busy, ProviderUnavailable)],
    "403_scope": [(create, ScopeMissing), (calendars, ScopeMissing), (me, ScopeMissing)],
    "404": [(get, NotFound), (update, NotFound), (busy, NotFound), (delete, None)],
    "409": [(create, Rejected)],  # whoever asks for that event gets the same answer
    "410": [(get, NotFound), (update, NotFound), (delete, None)],
    "412": [(update, ProviderUnavailable)],
    "token_invalid_grant": [(refresh, ConnectionRevoked)],
    "insert_meet_pending": [(create_meeting, None), (get, None)],
    "insert_meet_ok": [(create_meeting, None), (get, None), (update, None)],
    "freebusy": [],  # never asked for: it would not tell our own entries apart
}


def answer_everything(api: RequestsMock, **sample: Any) -> None:
    api.assert_all_requests_are_fired = False
    for method in ("GET", "POST", "PATCH", "DELETE"):
        api.add(method, re.compile(f"{API}/.*"), **sample)
    api.post(TOKENS, **sample)


def test_no_sample_answer_is_without_an_expectation() -> None:
    assert FIXTURES["google"].keys() == OUTCOMES.keys()


@pytest.mark.parametrize("name", OUTCOMES)
def test_every_known_answer_has_its_class(api: RequestsMock, name: str) -> None:
    google = GoogleCalendar(API, "SECRET-TOKEN")
    answer_everything(api, **answer(name, "google"))
    for call, expected in OUTCOMES[name]:
        error = outcome(lambda call=call: call(google))
        assert isinstance(error, expected or type(None)), call.__name__
        if error:
            assert not error.sent
            assert not _words(FIXTURES["google"][name]["body"], wire.shown(error))


def _words(body: dict[str, Any], shown: str) -> bool:
    error = body["error"]
    message = error["message"] if isinstance(error, dict) else body["error_description"]
    return message in shown


@pytest.mark.parametrize(
    ("status", "reason", "expected"),
    [
        (403, "userRateLimitExceeded", ProviderUnavailable),
        (403, "quotaExceeded", ProviderUnavailable),
        (403, "dailyLimitExceeded", ProviderUnavailable),
        (403, "insufficientPermissions", ScopeMissing),
        (403, "accessNotConfigured", ClientRefused),
        (403, "forbiddenForNonOrganizer", NotAllowed),
        (403, "requiredAccessLevel", NotAllowed),
        (401, "authError", TokenRefused),
        (401, "whatever", TokenRefused),
        (400, "whatever", Rejected),
        (404, "whatever", NotFound),
        (410, "whatever", NotFound),
        (429, "whatever", ProviderUnavailable),
        (500, "backendError", ProviderUnavailable),
        (503, "whatever", ProviderUnavailable),
    ],
)
def test_the_reason_decides_and_only_an_unknown_one_leaves_it_to_the_status(
    google: GoogleCalendar,
    api: RequestsMock,
    status: int,
    reason: str,
    expected: type[ProviderError],
) -> None:
    error = {"code": status, "message": "SECRET", "errors": [{"reason": reason}]}
    answer_everything(api, status=status, json={"error": error})
    caught = outcome(lambda: get(google))
    assert type(caught) is expected
    assert caught.code == reason


@pytest.mark.parametrize(
    "body",
    [
        {"error": "SECRET"},
        {"error": {"errors": "SECRET"}},
        {"error": {"errors": []}},
        {"error": {"errors": ["SECRET"]}},
        {"error": {"errors": [{"reason": ["SECRET"]}]}},
        {},
    ],
    ids=str,
)
def test_an_error_without_a_reason_is_judged_by_its_status(
    google: GoogleCalendar, api: RequestsMock, body: dict[str, Any]
) -> None:
    answer_everything(api, status=404, json=body)
    caught = outcome(lambda: get(google))
    assert type(caught) is NotFound
    assert caught.code is None


def test_a_time_to_try_again_is_told(google: GoogleCalendar, api: RequestsMock) -> None:
    answer_everything(api, status=429, json={}, headers={"Retry-After": "30"})
    error = outcome(lambda: create(google))
    assert isinstance(error, ProviderUnavailable)
    assert error.retry_at == datetime(2027, 3, 8, 12, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sample", "sent"),
    [
        ({"body": requests.ConnectTimeout()}, False),
        ({"body": requests.ReadTimeout()}, True),
        ({"status": 500}, True),
        ({"status": 502, "body": "<html>"}, True),
        ({"status": 403, "body": "<html>"}, False),
        ({"status": 200, "body": "<html>"}, True),
    ],
    ids=str,
)
def test_an_outage_says_whether_there_may_be_an_entry(
    google: GoogleCalendar, api: RequestsMock, sample: dict[str, Any], sent: bool
) -> None:
    answer_everything(api, **sample)
    error = outcome(lambda: create(google))
    assert type(error) is ProviderUnavailable
    assert error.sent is sent
