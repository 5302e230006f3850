"""What a provider says of itself, and of its keys."""

from datetime import timedelta
from typing import Any

import pytest
import requests
import responses
from flask import Flask
from flask.testing import FlaskClient

from bookme.accounts.oidc import discovery
from bookme.accounts.oidc.discovery import Budget, Metadata
from bookme.errors import ProviderUnavailable
from bookme.sign_in_settings import OpenIdProvider
from tests.accounts.oidc import stand_in
from tests.accounts.oidc.stand_in import EXAMPLE
from tests.factories import NOW

ISSUER = "https://id.example.com/realm"
WHERE = f"{ISSUER}/.well-known/openid-configuration"
WORK = OpenIdProvider("work", "Work", ISSUER, "app", "hush")
SAID = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
}


def read(provider: OpenIdProvider = WORK, at: Any = NOW) -> Metadata:
    return discovery.metadata(provider, Budget(), now=at)


def test_it_is_asked_once_an_hour(app: Flask, api: responses.RequestsMock) -> None:
    api.get(WHERE, json=SAID)
    found = read()
    assert found.authorize_url == f"{ISSUER}/authorize"
    assert (found.userinfo_url, found.sends_secret_in_body) == (None, False)
    assert found.algorithms == ("RS256",)
    assert read(at=NOW + timedelta(minutes=59)) == found
    assert len(api.calls) == 1
    read(at=NOW + timedelta(minutes=60))
    assert len(api.calls) == 2


def test_a_secret_goes_into_the_body_only_where_it_must(
    app: Flask, api: responses.RequestsMock
) -> None:
    ways = ["client_secret_post", "private_key_jwt"]
    api.get(WHERE, json=SAID | {"token_endpoint_auth_methods_supported": ways})
    assert read().sends_secret_in_body


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://id.example.com"},
        {"issuer": f"{ISSUER}/"},
        {"issuer": None},
        {"issuer": "https://login.microsoftonline.com/{tenantid}/v2.0"},
        {"token_endpoint": "http://id.example.com/token"},
        {"token_endpoint": "https://u:p@id.example.com/token"},
        {"token_endpoint": 7},
        {"jwks_uri": None},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"userinfo_endpoint": "http://id.example.com/me"},
    ],
    ids=str,
)
def test_a_document_that_isn_t_its_own_is_not_used(
    app: Flask, api: responses.RequestsMock, changes: dict[str, Any]
) -> None:
    api.get(WHERE, json=SAID | changes)
    with pytest.raises(ProviderUnavailable):
        read()


@pytest.mark.parametrize(
    ("named", "said", "fine"),
    [
        ("common", "{tenantid}", True),
        ("organizations", "{tenantid}", True),
        ("consumers", "9188040d-6c67-4c5b-b112-36a304b66dad", True),
        ("11111111-2222-3333-4444-555555555555", "{tenantid}", False),
    ],
)
def test_microsoft_s_shared_addresses_name_each_organization(
    app: Flask, api: responses.RequestsMock, named: str, said: str, fine: bool
) -> None:
    at = "https://login.microsoftonline.com"
    provider = OpenIdProvider("ms", "Microsoft", f"{at}/{named}/v2.0", "app", "hush")
    document = SAID | {"issuer": f"{at}/{said}/v2.0"}
    api.get(f"{provider.issuer}/.well-known/openid-configuration", json=document)
    if fine:
        assert read(provider).issuer == f"{at}/{said}/v2.0"
        return
    with pytest.raises(ProviderUnavailable):
        read(provider)


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 500},
        {"status": 404, "json": {}},
        {"body": "<html>"},
        {"json": []},
        {"body": requests.ConnectionError()},
        {"body": b"{" + b" " * discovery.MOST + b"}"},
        {"status": 302, "headers": {"Location": "https://evil.example/"}},
    ],
    ids=["broken", "nothing", "a page", "a list", "away", "huge", "elsewhere"],
)
def test_a_provider_that_is_away_leaves_the_page_as_it_was(
    app: Flask, client: FlaskClient, api: responses.RequestsMock, answer: dict[str, Any]
) -> None:
    app.config["OIDC_PROVIDERS"] = (WORK,)
    api.get(WHERE, **answer)
    back = client.post("/sign-in/with/work?next=/bookings")
    assert (back.status_code, back.location) == (303, "/sign-in")
    assert "Work didn’t answer" in stand_in.notices(client)


def test_the_stand_in_is_one(app: Flask, provider: stand_in.StandIn) -> None:
    found = read(EXAMPLE)
    assert found.algorithms == ("ES256",)
    [key] = discovery.keys(EXAMPLE, Budget(), now=NOW)
    assert (key["kty"], key["kid"], key["use"]) == ("EC", "key-1", "sig")
