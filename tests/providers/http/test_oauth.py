"""OAuth with Zoom's and others' answers, at the wire."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from responses import RequestsMock, matchers

from bookme.errors import (
    ClientRefused,
    ConnectionRevoked,
    NotAllowed,
    ProviderError,
    ProviderUnavailable,
    Rejected,
    ScopeMissing,
)
from bookme.providers.http.grant import Grant
from bookme.providers.http.oauth import OAuthClient, new_state, new_verifier
from bookme.providers.zoom.facts import OAUTH_ERRORS
from tests import wire
from tests.contracts import FIXTURES, VECTORS, answer
from tests.wire import serve

TOKEN_URL = "https://zoom.us/oauth/token"
REVOKE_URL = "https://zoom.us/oauth/revoke"
CALLBACK = "https://bookme.example/connections/zoom/callback"
BASIC = VECTORS["zoom_basic_auth"]
PKCE = VECTORS["pkce_rfc7636_appendix_B"]
TOKENS = FIXTURES["zoom"]["token_ok"]["body"]


def make_client(**fields: Any) -> OAuthClient:
    defaults: dict[str, Any] = dict(
        provider="zoom",
        client_id=BASIC["client_id"],
        client_secret=BASIC["client_secret"],
        authorize_url="https://zoom.us/oauth/authorize",
        token_url=TOKEN_URL,
        revoke_url=REVOKE_URL,
        errors=OAUTH_ERRORS,
    )
    return OAuthClient(**{**defaults, **fields})


ZOOM = make_client()


def exchange() -> Grant:
    return ZOOM.exchange("SECRET-CODE", "SECRET-VERIFIER", CALLBACK)


def refresh() -> Grant:
    return ZOOM.refresh("SECRET-REFRESH")


def failure_of(call: Any) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        call()
    assert "SECRET" not in wire.shown(caught.value)
    assert BASIC["client_secret"] not in wire.shown(caught.value)
    return caught.value


def query_of(url: str) -> dict[str, str]:
    return {name: value for name, [value] in parse_qs(urlsplit(url).query).items()}


def test_the_consent_page_is_asked_with_state_and_challenge_and_no_scope() -> None:
    url = ZOOM.authorize(CALLBACK, "the-state", PKCE["code_verifier"])
    assert url.startswith("https://zoom.us/oauth/authorize?")
    assert query_of(url) == {
        "response_type": "code",
        "client_id": BASIC["client_id"],
        "redirect_uri": CALLBACK,
        "state": "the-state",
        "code_challenge": PKCE["code_challenge_S256"],
        "code_challenge_method": "S256",
    }


def test_what_a_provider_needs_besides_is_added_to_its_consent_page() -> None:
    google = make_client(authorize_url="https://accounts.example/auth?hd=x")
    url = google.authorize(CALLBACK, "s", new_verifier(), scope="a b", access_type="offline")
    asked = query_of(url)
    assert (asked["hd"], asked["scope"], asked["access_type"]) == ("x", "a b", "offline")


def test_states_and_verifiers_are_long_fit_for_pkce_and_never_the_same() -> None:
    verifier = new_verifier()
    assert re.fullmatch(r"[A-Za-z0-9_.~-]{43,128}", verifier)
    assert len(new_state()) >= 43
    assert len({new_state(), new_state(), new_verifier(), verifier}) == 4


def test_a_code_is_exchanged_in_the_body_with_basic_credentials(api: RequestsMock) -> None:
    form = {
        "grant_type": "authorization_code",
        "code": "SECRET-CODE",
        "code_verifier": "SECRET-VERIFIER",
        "redirect_uri": CALLBACK,
    }
    sent = [
        matchers.urlencoded_params_matcher(form),
        matchers.header_matcher({"Authorization": BASIC["header"]}),
        matchers.query_param_matcher({}),
    ]
    api.post(TOKEN_URL, match=sent, **answer("token_ok"))
    assert exchange() == Grant("AT1", "RT1", 3599, frozenset(TOKENS["scope"].split()))


def test_a_refresh_token_is_exchanged_in_the_body(api: RequestsMock) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": "SECRET-REFRESH"}
    api.post(TOKEN_URL, match=[matchers.urlencoded_params_matcher(form)], **answer("token_ok"))
    assert refresh().refresh_token == "RT1"


def test_credentials_go_into_the_body_where_a_provider_wants_them_there(api: RequestsMock) -> None:
    form = {
        "grant_type": "refresh_token",
        "refresh_token": "r",
        "client_id": BASIC["client_id"],
        "client_secret": "a+b~&c=",
    }
    api.post(
        TOKEN_URL,
        match=[matchers.urlencoded_params_matcher(form)],
        **answer("token_ok", "microsoft"),
    )
    client = make_client(token_auth="client_secret_post", client_secret="a+b~&c=")
    assert client.refresh("r").scopes == {"Calendars.ReadWrite", "User.Read"}
    assert "Authorization" not in api.calls[0].request.headers


def test_a_provider_may_keep_the_refresh_token_and_say_no_scope_or_life(api: RequestsMock) -> None:
    api.post(TOKEN_URL, json={"access_token": "AT", "token_type": "Bearer"})
    assert refresh() == Grant("AT", None, 3600, frozenset())


def test_a_life_in_digits_is_understood(api: RequestsMock) -> None:
    api.post(TOKEN_URL, json={**TOKENS, "expires_in": "3599"})
    assert refresh().expires_in == 3599


@pytest.mark.parametrize(
    "fields",
    [
        {"access_token": None},
        {"access_token": 5},
        {"access_token": "two words"},
        {"access_token": "SECRET\r\nX: 1"},
        {"refresh_token": ["SECRET"]},
        {"refresh_token": "SECRET\n"},
        {"expires_in": "soon"},
        {"expires_in": True},
        {"expires_in": 0},
        {"expires_in": -1},
        {"expires_in": 10**30},
        {"expires_in": 3599.5},
        {"scope": ["SECRET"]},
        {"token_type": "mac"},
        {"token_type": {}},
    ],
    ids=str,
)
@pytest.mark.parametrize("call", [exchange, refresh])
def test_wrong_fields_in_a_200_are_an_outage_that_used_the_token_up(
    api: RequestsMock, call: Any, fields: dict[str, Any]
) -> None:
    api.post(TOKEN_URL, json={**TOKENS, **fields})
    error = failure_of(call)
    assert type(error) is ProviderUnavailable
    assert error.sent


@pytest.mark.parametrize(
    ("status", "body", "sent"),
    [
        (200, "", True),
        (200, "<xml>SECRET</xml>", True),
        (200, '["SECRET"]', True),
        (200, '{"access_token": "SEC', True),
        (200, '{"error": "invalid_grant"}', True),
        (302, "", True),
        (400, "<xml>SECRET</xml>", False),
        (401, "<html>SECRET</html>", False),
        (408, "{}", False),
        (429, '{"error": "invalid_grant"}', False),
        (500, '{"error": "invalid_grant"}', True),
        (503, "<html>SECRET</html>", True),
        (400, '{"error": "temporarily_unavailable"}', False),
    ],
)
@pytest.mark.parametrize("call", [exchange, refresh])
def test_an_endpoint_out_of_order_ends_no_grant(
    api: RequestsMock, call: Any, status: int, body: str, sent: bool
) -> None:
    api.post(TOKEN_URL, status=status, body=body)
    error = failure_of(call)
    assert type(error) is ProviderUnavailable
    assert error.sent is sent


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("invalid_grant", ConnectionRevoked),
        ("invalid_client", ClientRefused),
        ("unauthorized_client", ClientRefused),
        ("interaction_required", ConnectionRevoked),
        ("consent_required", ConnectionRevoked),
        ("invalid_request", Rejected),
        ("unsupported_grant_type", Rejected),
        ("never_heard_of", Rejected),
        (["invalid_grant"], Rejected),
        (None, Rejected),
    ],
    ids=str,
)
@pytest.mark.parametrize("call", [exchange, refresh])
def test_the_error_decides_what_is_to_be_done(
    api: RequestsMock, call: Any, error: Any, expected: type[ProviderError]
) -> None:
    api.post(TOKEN_URL, status=400, json={"error": error, "reason": "SECRET"})
    assert type(failure_of(call)) is expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (4700, Rejected),
        (4702, ClientRefused),
        (4704, ClientRefused),
        (4705, Rejected),
        (4706, Rejected),
        (4709, Rejected),
        (4711, ScopeMissing),
        (4717, ClientRefused),
        (4724, Rejected),
        (4732, ProviderUnavailable),
        (4733, ConnectionRevoked),
        (4734, ConnectionRevoked),
        (4735, ConnectionRevoked),
        (4737, ConnectionRevoked),
        (4738, NotAllowed),
        (4740, ConnectionRevoked),
        (4741, ConnectionRevoked),
    ],
)
@pytest.mark.parametrize("key", ["errorCode", "code"])
def test_zooms_numbers_are_understood_wherever_they_stand(
    api: RequestsMock, key: str, number: int, expected: type[ProviderError]
) -> None:
    api.post(TOKEN_URL, status=400, json={"status": False, key: number, "errorMessage": "SECRET"})
    error = failure_of(refresh)
    assert type(error) is expected
    assert error.code == number


@pytest.mark.parametrize("status", [400, 401])
def test_a_refused_client_ends_no_grant(api: RequestsMock, status: int) -> None:
    api.post(TOKEN_URL, **{**answer("token_bad_client"), "status": status})
    assert type(failure_of(refresh)) is ClientRefused


def test_a_401_that_says_nothing_refuses_the_client(api: RequestsMock) -> None:
    api.post(TOKEN_URL, status=401, json={})
    assert type(failure_of(refresh)) is ClientRefused


def test_the_older_form_of_a_dead_token_counts_only_where_a_token_was_sent(
    api: RequestsMock,
) -> None:
    api.post(TOKEN_URL, **answer("token_refresh_stale_2021_form"))
    assert type(failure_of(refresh)) is ConnectionRevoked
    assert type(failure_of(exchange)) is Rejected


def test_an_error_names_the_request_and_the_time_to_try_again(api: RequestsMock) -> None:
    headers = {"x-zm-trackingid": "v=2.0;rid=1", "Retry-After": "2027-03-09T00:00:00Z"}
    api.post(TOKEN_URL, status=429, json={}, headers=headers)
    error = failure_of(refresh)
    assert error.request_id == "v=2.0;rid=1"
    assert error.retry_at is not None
    assert error.retry_at.isoformat() == "2027-03-09T00:00:00+00:00"


@pytest.mark.parametrize(
    ("raised", "sent"),
    [(requests.ConnectTimeout("SECRET"), False), (requests.ReadTimeout("SECRET"), True)],
)
def test_a_dead_network_is_an_outage(api: RequestsMock, raised: Exception, sent: bool) -> None:
    api.post(TOKEN_URL, body=raised)
    error = failure_of(refresh)
    assert type(error) is ProviderUnavailable
    assert error.sent is sent


def test_the_deadline_holds_for_the_token_endpoint() -> None:
    with serve(wire.drips(b"HTTP/1.1 200 OK\r\n\r\n{", b" ", b"}")) as server:
        client = make_client(token_url=server.url)
        error = failure_of(lambda: client.refresh("SECRET-REFRESH", deadline=0.3))
    assert type(error) is ProviderUnavailable
    assert error.sent


def test_a_token_is_revoked_in_the_body(api: RequestsMock) -> None:
    sent = [
        matchers.urlencoded_params_matcher({"token": "SECRET"}),
        matchers.header_matcher({"Authorization": BASIC["header"]}),
    ]
    api.post(REVOKE_URL, match=sent, **answer("revoke_ok"))
    ZOOM.revoke("SECRET")


@pytest.mark.parametrize(
    "body",
    [
        {"error": "invalid_token"},
        {"error": "invalid_grant", "reason": "Invalid Token!"},
        {"error": "invalid_request", "reason": "Invalid Token!"},
        {"code": 4741},
    ],
)
def test_revoking_a_dead_token_is_success(api: RequestsMock, body: dict[str, Any]) -> None:
    api.post(REVOKE_URL, status=400, json=body)
    ZOOM.revoke("SECRET")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("token_bad_client", ClientRefused), ("token_bad_request", Rejected)],
)
def test_a_revocation_that_failed_is_told(
    api: RequestsMock, name: str, expected: type[ProviderError]
) -> None:
    api.post(REVOKE_URL, **answer(name))
    assert type(failure_of(lambda: ZOOM.revoke("SECRET"))) is expected


def test_without_a_revocation_endpoint_nothing_is_called(api: RequestsMock) -> None:
    make_client(revoke_url=None).revoke("SECRET")
    assert len(api.calls) == 0


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_a_dead_grant_at_the_other_providers(api: RequestsMock, provider: str) -> None:
    api.post(TOKEN_URL, **answer("token_invalid_grant", provider))
    assert type(failure_of(refresh)) is ConnectionRevoked


def test_neither_a_grant_nor_a_client_shows_its_secrets() -> None:
    grant = Grant("SECRET-ACCESS", "SECRET-REFRESH", 3600, frozenset({"user:read:user"}))
    assert "SECRET" not in repr(grant) + str(grant)
    assert BASIC["client_secret"] not in repr(ZOOM) + str(ZOOM)
