"""Errors are translated once, here; nothing of requests leaks out."""

from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
import requests
from responses import RequestsMock, matchers

from bookme.errors import (
    NotAllowed,
    NotFound,
    ProviderError,
    ProviderUnavailable,
    Rejected,
    TokenRefused,
)
from bookme.providers.http.remote import Remote
from tests import wire
from tests.wire import serve

NOW = datetime(2027, 3, 8, 12, 0, tzinfo=UTC)
BASE = "https://api.example.com/v1"
TOKEN = "SECRET-TOKEN"
HTML = "<html>SECRET</html>"


class Example(Remote):
    name: ClassVar[str] = "example"
    codes: ClassVar[dict[int | str, type[ProviderError]]] = {7: NotFound, "gone": NotFound}


@pytest.fixture
def remote() -> Example:
    return Example(BASE + "/", TOKEN, clock=lambda: NOW)


def failure(remote: Remote, method: str = "POST") -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        remote.call(method, "/things")
    assert TOKEN not in wire.shown(caught.value)
    assert "SECRET" not in wire.shown(caught.value)
    return caught.value


def test_a_call_carries_the_bearer_token_and_returns_the_body(
    remote: Example, api: RequestsMock
) -> None:
    bearer = matchers.header_matcher({"Authorization": f"Bearer {TOKEN}"})
    asked = matchers.query_param_matcher({"q": "1"})
    api.get(f"{BASE}/things", json={"id": 1}, match=[bearer, asked])
    assert remote.call("GET", "/things", params={"q": "1"}) == {"id": 1}


def test_a_call_without_an_answering_body_returns_nothing(
    remote: Example, api: RequestsMock
) -> None:
    api.patch(f"{BASE}/things", status=204)
    assert remote.call("PATCH", "/things") == {}


def test_the_bare_answer_has_the_headers(remote: Example, api: RequestsMock) -> None:
    api.get(f"{BASE}/things", body=b"text", headers={"ETag": '"e1"'})
    answer = remote.send("GET", "/things")
    assert (answer.headers["etag"], answer.content) == ('"e1"', b"text")


@pytest.mark.parametrize(
    ("status", "expected", "sent"),
    [
        (302, ProviderUnavailable, True),
        (400, Rejected, False),
        (401, TokenRefused, False),
        (403, NotAllowed, False),
        (404, NotFound, False),
        (408, ProviderUnavailable, False),
        (409, Rejected, False),
        (410, NotFound, False),
        (418, Rejected, False),
        (429, ProviderUnavailable, False),
        (500, ProviderUnavailable, True),
        (503, ProviderUnavailable, True),
    ],
)
@pytest.mark.parametrize("body", ["", "{}", '{"code": 999}', '{"code": [1]}', '{"code": "a b"}'])
def test_without_a_known_code_the_status_decides(
    remote: Example,
    api: RequestsMock,
    status: int,
    expected: type[ProviderError],
    sent: bool,
    body: str,
) -> None:
    api.post(f"{BASE}/things", status=status, body=body)
    error = failure(remote)
    assert type(error) is expected
    assert error.sent is sent


@pytest.mark.parametrize("code", [7, "gone"])
@pytest.mark.parametrize("status", [400, 403, 429, 500])
def test_a_known_code_decides_before_the_status(
    remote: Example, api: RequestsMock, code: int | str, status: int
) -> None:
    api.post(f"{BASE}/things", status=status, json={"code": code, "message": "SECRET"})
    error = failure(remote)
    assert type(error) is NotFound
    assert error.code == code


@pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 502])
@pytest.mark.parametrize("body", [HTML, "[]", '{"code": '], ids=["HTML", "list", "cut"])
def test_an_error_page_of_something_in_front_is_an_outage(
    remote: Example, api: RequestsMock, status: int, body: str
) -> None:
    api.post(f"{BASE}/things", status=status, body=body)
    assert type(failure(remote)) is ProviderUnavailable


def test_a_401_refuses_the_token_whatever_its_body(remote: Example, api: RequestsMock) -> None:
    api.post(f"{BASE}/things", status=401, body=HTML)
    assert type(failure(remote)) is TokenRefused


@pytest.mark.parametrize("body", [HTML, "[]", "null", '{"id": '])
def test_a_success_that_is_no_json_object_may_have_had_effect(
    remote: Example, api: RequestsMock, body: str
) -> None:
    api.post(f"{BASE}/things", status=201, body=body)
    error = failure(remote)
    assert type(error) is ProviderUnavailable
    assert error.sent


@pytest.mark.parametrize(
    ("raised", "sent"),
    [
        (requests.ConnectTimeout(), False),
        (requests.ReadTimeout(TOKEN), True),
        (requests.ConnectionError(f"reset at {BASE}?t={TOKEN}"), True),
    ],
    ids=["no connection", "no answer", "reset"],
)
def test_an_exception_of_requests_never_comes_out(
    remote: Example, api: RequestsMock, raised: requests.RequestException, sent: bool
) -> None:
    api.post(f"{BASE}/things", body=raised)
    error = failure(remote)
    assert type(error) is ProviderUnavailable
    assert error.sent is sent
    assert error.__context__ is None


def test_an_outage_says_when_to_try_again_if_it_was_told(
    remote: Example, api: RequestsMock
) -> None:
    api.post(f"{BASE}/things", status=503, headers={"Retry-After": "60"})
    error = failure(remote)
    assert error.retry_at == datetime(2027, 3, 8, 12, 1, tzinfo=UTC)
    assert isinstance(error, ProviderUnavailable)
    assert not error.account_limit


@pytest.mark.parametrize("answer", [{"status": 404}, {"status": 201, "body": "[]"}])
def test_an_error_names_the_request_for_the_providers_support(
    remote: Example, api: RequestsMock, answer: dict[str, Any]
) -> None:
    api.post(f"{BASE}/things", headers={"X-Request-Id": "r-17"}, **answer)
    error = failure(remote)
    assert error.request_id == "r-17"
    assert "r-17" in str(error)


def test_the_deadline_is_the_remotes_own() -> None:
    drip = wire.drips(b"HTTP/1.1 200 OK\r\n\r\n{", b" ", b"}")
    with serve(drip) as server:
        error = failure(Example(server.url, TOKEN, deadline=0.3))
    assert type(error) is ProviderUnavailable
    assert error.sent


def test_a_token_that_is_no_header_is_not_shown() -> None:
    with pytest.raises(Rejected) as caught:
        Example("http://127.0.0.1:9", f"{TOKEN}\r\nX: 1").call("GET", "/things")
    assert TOKEN not in wire.shown(caught.value)
