"""The conversation with a provider: where to send somebody, and what it says of whoever comes back.

Somebody waits meanwhile, five seconds at most. No transaction may span a call, so whoever calls
these has none open.
"""

import logging
from datetime import datetime
from typing import Any

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_token_request

from bookme.accounts.oidc import discovery, id_token
from bookme.accounts.oidc.attempts import Attempt, Begun
from bookme.accounts.oidc.discovery import Budget, Metadata
from bookme.accounts.oidc.id_token import Asked, Claims, UnknownKey
from bookme.accounts.oidc.providers import redirect_uri
from bookme.accounts.oidc.refusal import NotSignedIn, Refusal
from bookme.errors import (
    ClientRefused,
    ConnectionRevoked,
    ProviderError,
    ProviderUnavailable,
    Rejected,
)
from bookme.models import Purpose
from bookme.providers.http import oauth, refusal
from bookme.providers.http.answers import plain_text, reading
from bookme.providers.http.oauth import OAuthClient
from bookme.providers.http.transport import fetch
from bookme.sign_in_settings import OpenIdProvider

log = logging.getLogger(__name__)

SCOPES = "openid email profile"
#: What asks for signing in anew. Google takes no "login"
#: (developers.google.com/identity/openid-connect/openid-connect#authenticationuriparameters).
_AGAIN = {"https://accounts.google.com": "select_account"}


def look(provider: OpenIdProvider, *, now: datetime) -> Metadata:
    """What the provider says of itself, asked for if it isn't known.

    :raises NotSignedIn: if it doesn't answer as it should.
    """
    try:
        return discovery.metadata(provider, Budget(), now=now)
    except ProviderError as error:
        log.warning("signing in: %s", error)
        raise NotSignedIn(Refusal.UNAVAILABLE, "no discovery document") from None


def address(provider: OpenIdProvider, found: Metadata, begun: Begun, purpose: Purpose) -> str:
    """Where to send somebody. Who shows again who they are is asked to sign in anew there."""
    more = {"scope": SCOPES, "nonce": begun.nonce}
    if purpose is Purpose.PROVE:
        more |= {"prompt": _AGAIN.get(provider.issuer, "login"), "max_age": "0"}
    client = _client(provider, found)
    return client.authorize(redirect_uri(provider.name), begun.state, begun.verifier, **more)


def knows_us(provider: OpenIdProvider, budget: Budget, *, now: datetime) -> bool:
    """Whether the provider takes our id and secret: it is asked for tokens for a code that nobody
    has, and refuses the code if it knows who asks.

    :raises ProviderError: if it doesn't answer as it should.
    """
    found = discovery.metadata(provider, budget, now=now)
    try:
        _exchanged(provider, found, "bookme-doctor", oauth.new_verifier(), budget)
    except ClientRefused:
        return False
    except (ConnectionRevoked, Rejected):
        pass
    return True


def finish(provider: OpenIdProvider, attempt: Attempt, code: str, *, now: datetime) -> Claims:
    """Exchange the code of a callback, and read what the provider says of somebody.

    :raises NotSignedIn: with the reason.
    """
    budget = Budget()
    try:
        found = discovery.metadata(provider, budget, now=now)
        access_token, token = _exchanged(provider, found, code, attempt.verifier, budget)
        asked = Asked(provider, found, attempt.nonce, access_token)
        return _believed(token, asked, budget, now=now)
    except ProviderError as error:
        log.warning("signing in: %s", error)
        raise NotSignedIn(Refusal.UNAVAILABLE, "no answer to go on with") from None


def _exchanged(
    provider: OpenIdProvider, found: Metadata, code: str, verifier: str, budget: Budget
) -> tuple[str, str]:
    """The access token and the ID token for a code."""
    body = prepare_token_request(
        "authorization_code",
        redirect_uri=redirect_uri(provider.name),
        code=code,
        code_verifier=verifier,
    )
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    way = "client_secret_post" if found.sends_secret_in_body else "client_secret_basic"
    auth = ClientAuth(provider.client_id, provider.client_secret, way)
    url, headers, body = auth.prepare("POST", found.token_url, headers, body)
    answer = fetch(provider.name, "POST", url, deadline=budget.left, headers=headers, data=body)
    if not answer.ok:
        raise refusal.failure(provider.name, answer, {}, has_token=False)
    with reading(provider.name):
        given = answer.json() or {}
        tokens = plain_text(given, "access_token"), plain_text(given, "id_token")
        if tokens[1] is None:
            raise ValueError("id_token")
        return tokens[0] or "", tokens[1]


def _believed(token: str, asked: Asked, budget: Budget, *, now: datetime) -> Claims:
    """What the token says. If its key is unknown, the keys may have changed: they are asked for
    anew, once.
    """

    def more(subject: str) -> dict[str, Any]:
        return _userinfo(asked, subject, budget)

    known = discovery.keys(asked.provider, budget, now=now)
    try:
        return id_token.read(token, asked, known, more=more, now=now)
    except UnknownKey:
        fresh = discovery.keys(asked.provider, budget, anew=True, now=now)
        return id_token.read(token, asked, fresh, more=more, now=now)


def _userinfo(asked: Asked, subject: str, budget: Budget) -> dict[str, Any]:
    """What the provider says of the person elsewhere (section 5.3), where its token says too
    little. It counts only if it is about the same person.
    """
    url = asked.metadata.userinfo_url
    if url is None or not asked.access_token:
        return {}
    headers = {"Accept": "application/json", "Authorization": f"Bearer {asked.access_token}"}
    name = asked.provider.name
    answer = fetch(name, "GET", url, deadline=budget.left, most=discovery.MOST, headers=headers)
    body = answer.json() if answer.ok else None
    if body is None:
        raise ProviderUnavailable(name, f"answered {answer.status} about somebody")
    if body.get("sub") != subject:
        raise NotSignedIn(Refusal.NOT_BELIEVED, "userinfo is about somebody else")
    return {part: body[part] for part in ("email", "email_verified", "name") if part in body}


def _client(provider: OpenIdProvider, found: Metadata) -> OAuthClient:
    return OAuthClient(
        provider=provider.name,
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        authorize_url=found.authorize_url,
        token_url=found.token_url,
        revoke_url=None,
    )
