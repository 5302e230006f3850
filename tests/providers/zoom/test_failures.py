"""Every answer of Zoom's that we know has its class, its retry rule, and gives nothing away."""

from collections.abc import Callable
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
    WrongAccount,
)
from bookme.providers.http.oauth import OAuthClient
from bookme.providers.zoom.client import Zoom
from bookme.providers.zoom.facts import OAUTH_ERRORS
from tests import wire
from tests.contracts import FIXTURES, answer
from tests.providers.zoom.conftest import TOKEN, request
from tests.wire import serve

API = "https://api.zoom.us/v2"
OAUTH = "https://zoom.us/oauth"
MIDNIGHT = datetime(2027, 3, 9, tzinfo=UTC)
CLIENT = OAuthClient(
    "zoom",
    "id",
    "SECRET",
    f"{OAUTH}/authorize",
    f"{OAUTH}/token",
    f"{OAUTH}/revoke",
    errors=OAUTH_ERRORS,
)

Call = Callable[[Zoom], object]


def me(zoom: Zoom) -> object:
    return zoom.me()


def create(zoom: Zoom) -> object:
    return zoom.create(request())


def update(zoom: Zoom) -> object:
    return zoom.update("92674392836", request())


def get(zoom: Zoom) -> object:
    return zoom.get("92674392836")


def find(zoom: Zoom) -> object:
    return zoom.find(request(), attempted_at=MIDNIGHT)


def cancel(zoom: Zoom) -> object:
    return zoom.cancel("92674392836")


def exchange(zoom: Zoom) -> object:
    return CLIENT.exchange("SECRET", "SECRET", "https://bookme.example/")


def refresh(zoom: Zoom) -> object:
    return CLIENT.refresh("SECRET")


def revoke(zoom: Zoom) -> object:
    return CLIENT.revoke("SECRET")


#: Where Zoom puts its own words, which are not for logs.
WORDS = ("message", "reason", "errorMessage")
#: Every sample answer: who gets it, and what comes of it. None is success.
OUTCOMES: dict[str, list[tuple[Call, type[ProviderError] | None]]] = {
    "token_ok": [(exchange, None), (refresh, None)],
    "token_refresh_stale": [(refresh, ConnectionRevoked), (exchange, ConnectionRevoked)],
    "token_refresh_stale_2021_form": [(refresh, ConnectionRevoked), (exchange, Rejected)],
    "token_bad_client": [(refresh, ClientRefused), (exchange, ClientRefused)],
    "token_bad_request": [(refresh, Rejected), (exchange, Rejected)],
    "authorize_bad_redirect": [(exchange, Rejected)],
    "authorize_bad_client": [(exchange, ClientRefused)],
    "revoke_ok": [(revoke, None)],
    "api_token_expired": [(create, TokenRefused), (me, TokenRefused), (cancel, TokenRefused)],
    "api_token_invalid": [(create, TokenRefused), (find, TokenRefused)],
    "api_scope_missing": [(create, ScopeMissing), (find, ScopeMissing)],
    "api_validation": [(create, Rejected), (update, Rejected)],
    "api_bad_json": [(create, Rejected)],
    "api_user_missing": [(me, WrongAccount), (create, WrongAccount), (cancel, WrongAccount)],
    "api_meeting_missing": [(update, NotFound), (get, NotFound), (cancel, None)],
    "api_delete_in_progress": [(cancel, None), (update, NotAllowed)],
    "api_not_host": [(update, WrongAccount), (cancel, WrongAccount)],
    "api_update_started": [(update, NotAllowed), (cancel, NotAllowed)],
    "api_hosting_forbidden": [(create, NotAllowed)],
    "api_429_user_daily": [(create, ProviderUnavailable), (update, ProviderUnavailable)],
    "api_429_qps": [(create, ProviderUnavailable), (find, ProviderUnavailable)],
    "api_429_account_daily": [(create, ProviderUnavailable), (cancel, ProviderUnavailable)],
    "meeting_created": [(create, None), (get, None)],
    "user_me": [(me, None)],
    "meetings_list": [(find, None)],
}


def answer_everything(api: RequestsMock, **sample: Any) -> None:
    api.assert_all_requests_are_fired = False
    for method in ("GET", "POST", "PATCH", "DELETE"):
        for path in ("/users/me", "/users/me/meetings", "/meetings/92674392836"):
            api.add(method, API + path, **sample)
    for path in ("/token", "/revoke"):
        api.post(OAUTH + path, **sample)


def outcome(call: Call, zoom: Zoom) -> ProviderError | None:
    try:
        call(zoom)
    except ProviderError as error:
        shown = wire.shown(error)
        assert TOKEN not in shown
        assert "SECRET" not in shown
        return error
    return None


def test_a_user_of_another_account_is_as_one_that_does_not_exist(
    zoom: Zoom, api: RequestsMock
) -> None:
    answer_everything(api, status=404, json={"code": 1010, "message": "User not found."})
    for call in (me, create, update, get, find, cancel):
        error = outcome(call, zoom)
        assert type(error) is WrongAccount
        assert error.code == 1010


@pytest.mark.parametrize("name", FIXTURES["zoom"])
def test_every_known_answer_has_its_class(zoom: Zoom, api: RequestsMock, name: str) -> None:
    answer_everything(api, **answer(name))
    for call, expected in OUTCOMES[name]:
        error = outcome(call, zoom)
        assert (type(error) if error else None) is expected, call.__name__
        if error:
            assert not error.sent
            words = [FIXTURES["zoom"][name]["body"].get(key) for key in WORDS]
            assert not [word for word in words if word and word in wire.shown(error)]


@pytest.mark.parametrize(
    ("name", "retry_at", "account_limit"),
    [
        ("api_429_user_daily", MIDNIGHT, True),
        ("api_429_qps", None, False),
        ("api_429_account_daily", MIDNIGHT, True),
    ],
)
def test_the_three_limits_are_told_apart(
    zoom: Zoom, api: RequestsMock, name: str, retry_at: datetime | None, account_limit: bool
) -> None:
    answer_everything(api, **answer(name))
    error = outcome(create, zoom)
    assert isinstance(error, ProviderUnavailable)
    assert (error.retry_at, error.account_limit) == (retry_at, account_limit)


@pytest.mark.parametrize(
    ("headers", "retry_at", "account_limit"),
    [
        ({}, None, False),
        ({"Retry-After": "30"}, datetime(2027, 3, 8, 12, 0, 30, tzinfo=UTC), False),
        ({"Retry-After": "soon"}, None, False),
        ({"X-RateLimit-Type": "QPS", "Retry-After": "soon"}, None, False),
        ({"X-RateLimit-Type": "Daily-limit"}, MIDNIGHT, True),
        ({"X-RateLimit-Type": "Daily-limit", "Retry-After": "soon"}, MIDNIGHT, True),
        (
            {"X-RateLimit-Type": "Daily-limit", "Retry-After": "2027-03-10T00:00:00Z"},
            datetime(2027, 3, 10, tzinfo=UTC),
            True,
        ),
    ],
    ids=str,
)
@pytest.mark.parametrize("body", ['{"code": 429, "message": "Slow down"}', "", "<html>", "{}"])
def test_a_limit_is_read_from_the_headers_if_they_make_sense(
    zoom: Zoom,
    api: RequestsMock,
    headers: dict[str, str],
    retry_at: datetime | None,
    account_limit: bool,
    body: str,
) -> None:
    answer_everything(api, status=429, body=body, headers=headers)
    error = outcome(create, zoom)
    assert isinstance(error, ProviderUnavailable)
    assert not error.sent
    assert (error.retry_at, error.account_limit) == (retry_at, account_limit)


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (401, 124, TokenRefused),
        (400, 124, TokenRefused),
        (401, 999, TokenRefused),
        (400, 200, NotAllowed),
        (404, 300, Rejected),
        (400, 1001, WrongAccount),
        (400, 3001, NotFound),
        (400, 3007, NotAllowed),
        (403, 4711, ScopeMissing),
        (400, 4700, ScopeMissing),
        (401, 4700, ScopeMissing),
        (400, 4717, ClientRefused),
        (401, 4724, TokenRefused),
        (400, 4735, ConnectionRevoked),
        (400, 4737, ConnectionRevoked),
        (400, 4738, NotAllowed),
        (401, 4741, ConnectionRevoked),
        (400, 429, ProviderUnavailable),
        (400, 999, Rejected),
        (403, 999, NotAllowed),
        (404, 999, NotFound),
        (500, 999, ProviderUnavailable),
    ],
)
def test_the_code_decides_and_only_an_unknown_one_leaves_it_to_the_status(
    zoom: Zoom, api: RequestsMock, status: int, code: int, expected: type[ProviderError]
) -> None:
    answer_everything(api, status=status, json={"code": code, "message": "SECRET"})
    error = outcome(create, zoom)
    assert type(error) is expected
    assert error.code == code


@pytest.mark.parametrize("name", ["api_user_missing", "api_not_host"])
def test_a_meeting_out_of_reach_says_which_way(zoom: Zoom, api: RequestsMock, name: str) -> None:
    answer_everything(api, **answer(name))
    error = outcome(update, zoom)
    assert isinstance(error, ConnectionRevoked)
    assert error.code == FIXTURES["zoom"][name]["body"]["code"]


@pytest.mark.parametrize(
    ("sample", "sent"),
    [
        ({"body": requests.ConnectTimeout()}, False),
        ({"body": requests.ReadTimeout()}, True),
        ({"body": requests.ConnectionError()}, True),
        ({"status": 500}, True),
        ({"status": 502, "body": "<html>"}, True),
        ({"status": 504, "json": {"code": 5000}}, True),
        ({"status": 302, "headers": {"Location": "https://example.com/"}}, True),
        ({"status": 403, "body": "<html>"}, False),
        ({"status": 200, "body": "<html>"}, True),
        ({"status": 201, "body": '{"id": 926'}, True),
    ],
    ids=str,
)
def test_an_outage_says_whether_there_may_be_a_meeting(
    zoom: Zoom, api: RequestsMock, sample: dict[str, Any], sent: bool
) -> None:
    answer_everything(api, **sample)
    error = outcome(create, zoom)
    assert type(error) is ProviderUnavailable
    assert error.sent is sent


@pytest.mark.parametrize(
    "script",
    [
        wire.resets,
        wire.is_silent,
        wire.drips(b"HTTP/1.1 201 Created\r\nX-Slow: ", b"a", b"\r\n\r\n"),
        wire.drips(b"HTTP/1.1 201 Created\r\n\r\n{", b" ", b"}"),
        wire.says(b"HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n{"),
    ],
    ids=["reset", "silence", "dripping headers", "dripping body", "cut body"],
)
def test_a_create_cut_off_on_the_wire_may_have_made_a_meeting(script: wire.Script) -> None:
    with serve(script) as server:
        error = outcome(create, Zoom(server.url, TOKEN, deadline=0.4))
    assert type(error) is ProviderUnavailable
    assert error.sent
    assert server.requests[0].startswith(b"POST /users/me/meetings ")


def test_an_error_names_zooms_tracking_id(zoom: Zoom, api: RequestsMock) -> None:
    answer_everything(api, status=500, headers={"x-zm-trackingid": "v=2.0;clid=us06;rid=WEB_1"})
    error = outcome(create, zoom)
    assert error is not None
    assert error.request_id == "v=2.0;clid=us06;rid=WEB_1"
