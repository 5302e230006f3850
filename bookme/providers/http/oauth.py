"""OAuth 2.0 with any provider: consent, tokens, revocation. Authlib speaks the protocol.

Authlib's own sessions keep state in cookies and refresh by themselves, so only its protocol
functions are used, over our transport. Nothing is kept here: whoever calls stores states,
verifiers and tokens.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7009 import prepare_revoke_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from bookme.clock import utcnow
from bookme.errors import (
    ClientRefused,
    ConnectionRevoked,
    NotAllowed,
    ProviderError,
    ProviderUnavailable,
    Rejected,
    ScopeMissing,
)
from bookme.providers.http.answers import (
    Answer,
    error_code,
    plain_text,
    reading,
    request_id,
    retry_after,
)
from bookme.providers.http.transport import DEADLINE, fetch

_ERRORS: Mapping[int | str, type[ProviderError]] = {
    # RFC 6749, section 5.2, and RFC 7009, section 2.2.1
    "invalid_grant": ConnectionRevoked,
    "invalid_token": ConnectionRevoked,
    "invalid_client": ClientRefused,
    "unauthorized_client": ClientRefused,
    "temporarily_unavailable": ProviderUnavailable,
    "server_error": ProviderUnavailable,
    # Microsoft: the user has to sign in or to agree again
    "interaction_required": ConnectionRevoked,
    "consent_required": ConnectionRevoked,
    # Zoom numbers some: https://developers.zoom.us/docs/integrations/oauth/
    4702: ClientRefused,
    4704: ClientRefused,
    4711: ScopeMissing,
    4717: ClientRefused,  # the app is switched off
    4732: ProviderUnavailable,  # Zoom could not make a code
    4733: ConnectionRevoked,  # code expired
    4734: ConnectionRevoked,  # code invalid
    4735: ConnectionRevoked,  # the token's owner is no more
    4737: ConnectionRevoked,  # no such authorization
    4738: NotAllowed,  # the account's admin has switched the app off, and may switch it on again
    4740: ConnectionRevoked,  # a refresh token that has been replaced
    4741: ConnectionRevoked,  # a newer authorization exists
}
#: Microsoft's numbers for a consent that nobody has given, or that only an administrator may give.
_CONSENT_REQUIRED = frozenset({"65001", "90093", "90094", "90095"})
_REQUEST_ID_HEADERS = ("x-zm-trackingid", "x-ms-request-id")
#: What RFC 6749 (appendix A) allows in a token, and what a header can carry.
_TOKEN = re.compile(r"[\x21-\x7e]+")
#: Where a provider does not say; a token that ends earlier is refused and refreshed then.
_USUAL_LIFE = 3600
_LONGEST_LIFE = 10 * 365 * 86400


def new_state() -> str:
    """A state nobody guesses: 256 bits."""
    return secrets.token_urlsafe(32)


def new_verifier() -> str:
    """A PKCE code verifier (RFC 7636): 86 characters, 512 bits."""
    return secrets.token_urlsafe(64)


@dataclass(frozen=True, slots=True)
class Grant:
    """What the token endpoint gave. Its ``repr`` shows no token.

    :ivar refresh_token: None if the provider sent none, and the old one stays good.
    :ivar expires_in: seconds that the access token is good for.
    :ivar scopes: empty if the provider did not say, which means "as asked" (RFC 6749, 5.1).
    """

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_in: int
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """BookMe as a client of one provider.

    :ivar revoke_url: None where the provider has no revocation.
    :ivar revokes_by_token: the token alone is sent to be revoked, without our credentials.
    """

    provider: str
    client_id: str
    client_secret: str = field(repr=False)
    authorize_url: str
    token_url: str
    revoke_url: str | None
    token_auth: Literal["client_secret_basic", "client_secret_post"] = "client_secret_basic"
    revokes_by_token: bool = False

    def authorize(self, redirect_uri: str, state: str, code_verifier: str, **extra: str) -> str:
        """The address of the provider's consent page, with PKCE's S256 challenge.

        :param extra: further parameters, such as ``scope``; none is sent by default.
        """
        return prepare_grant_uri(
            self.authorize_url,
            self.client_id,
            "code",
            redirect_uri=redirect_uri,
            state=state,
            code_challenge=create_s256_code_challenge(code_verifier),
            code_challenge_method="S256",
            **extra,
        )

    def exchange(
        self, code: str, code_verifier: str, redirect_uri: str, *, deadline: float = DEADLINE
    ) -> Grant:
        """Exchange the code of a callback for the first tokens.

        :raises ConnectionRevoked: if the code is used, old, or not for this verifier and address.
        :raises ClientRefused: if BookMe's own credentials are wrong.
        :raises ProviderUnavailable: if there is no sensible answer.
        :raises Rejected: if the request was wrong otherwise.
        """
        body = prepare_token_request(
            "authorization_code", redirect_uri=redirect_uri, code=code, code_verifier=code_verifier
        )
        return self._grant(self._post(self.token_url, body, deadline))

    def refresh(self, refresh_token: str, *, deadline: float = DEADLINE) -> Grant:
        """Exchange a refresh token for a new pair. Where tokens rotate, the old one dies with it.

        :raises ConnectionRevoked: if the refresh token is dead, or somebody else has used it.
        :raises ClientRefused: if BookMe's own credentials are wrong.
        :raises ProviderUnavailable: if there is no sensible answer; with ``error.sent`` the token
            may be used up all the same, and the new pair lost.
        :raises Rejected: if the request was wrong otherwise.
        """
        body = prepare_token_request("refresh_token", refresh_token=refresh_token)
        return self._grant(self._post(self.token_url, body, deadline, has_token=True))

    def revoke(self, token: str, *, deadline: float = DEADLINE) -> None:
        """End the grant that a token belongs to. One that is dead already is success.

        :raises ProviderError: if the provider did not do it.
        """
        if self.revoke_url is None:
            return
        body, _ = prepare_revoke_token_request(token)
        try:
            self._post(
                self.revoke_url,
                body,
                deadline,
                has_token=True,
                with_secret=not self.revokes_by_token,
            )
        except ConnectionRevoked:
            pass  # nothing left to end

    def _post(
        self,
        url: str,
        body: str,
        deadline: float,
        *,
        has_token: bool = False,
        with_secret: bool = True,
    ) -> Answer:
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        if with_secret:
            auth = ClientAuth(self.client_id, self.client_secret, self.token_auth)
            url, headers, body = auth.prepare("POST", url, headers, body)
        answer = fetch(self.provider, "POST", url, deadline=deadline, headers=headers, data=body)
        if not answer.ok:
            raise self._failure(answer, has_token)
        return answer

    def _failure(self, answer: Answer, has_token: bool) -> ProviderError:
        body = answer.json()
        code = _code_in(body or {})
        kind: type[ProviderError]
        if body is None or answer.had_effect or answer.status in (408, 429):
            # A grant is never ended on the word of something that is out of order.
            kind = ProviderUnavailable
        elif has_token and _is_dead_token(body):
            kind = ConnectionRevoked
        else:
            unnamed = ClientRefused if answer.status == 401 else Rejected
            kind = unnamed if code is None else _ERRORS.get(code, unnamed)
        retry = {}
        if issubclass(kind, ProviderUnavailable):
            retry["retry_at"] = retry_after(answer, utcnow())
        return kind(
            self.provider,
            f"answered {answer.status}" + (f", code {code}" if code is not None else ""),
            request_id=_request_id(answer),
            sent=answer.had_effect,
            code=code,
            **retry,
        )

    def _grant(self, answer: Answer) -> Grant:
        with reading(self.provider):
            body = answer.json() or {}
            if (plain_text(body, "token_type") or "bearer").lower() != "bearer":
                raise ValueError("token_type")
            refresh_token = plain_text(body, "refresh_token")
            return Grant(
                access_token=_token(plain_text(body, "access_token")),
                refresh_token=refresh_token and _token(refresh_token),
                expires_in=_seconds(body.get("expires_in")),
                scopes=frozenset((plain_text(body, "scope") or "").split()),
            )


def _code_in(body: Mapping[str, Any]) -> int | str | None:
    numbers = body.get("error_codes")
    if isinstance(numbers, list) and not _CONSENT_REQUIRED.isdisjoint(map(str, numbers)):
        return "consent_required"  # where Microsoft says no more than "invalid_grant"
    # Zoom's authorize endpoint, and others of its family, number their errors.
    found = (error_code(body.get(key)) for key in ("error", "errorCode", "code"))
    return next((code for code in found if code is not None), None)


def _is_dead_token(body: Mapping[str, Any]) -> bool:
    # Zoom's older form of invalid_grant, still to be expected where a token was sent.
    return body.get("error") == "invalid_request" and body.get("reason") == "Invalid Token!"


def _request_id(answer: Answer) -> str | None:
    found = (request_id(answer, header) for header in _REQUEST_ID_HEADERS)
    return next((value for value in found if value), None)


def _token(value: str | None) -> str:
    if value is None or not _TOKEN.fullmatch(value):
        raise ValueError("token")
    return value


def _seconds(value: Any) -> int:
    if value is None:
        return _USUAL_LIFE
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise TypeError("expires_in")
    if not 0 < int(value) <= _LONGEST_LIFE:
        raise ValueError("expires_in")
    return int(value)
