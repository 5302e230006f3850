"""OAuth 2.0 with any provider: consent, tokens, revocation. Authlib speaks the protocol.

Authlib's own sessions keep state in cookies and refresh by themselves, so only its protocol
functions are used, over our transport. Nothing is kept here: whoever calls stores states,
verifiers and tokens.
"""

import secrets
from dataclasses import dataclass, field
from typing import Literal

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7009 import prepare_revoke_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from bookme.errors import (
    ConnectionRevoked,
)
from bookme.providers.http import grant, refusal
from bookme.providers.http.answers import (
    Answer,
)
from bookme.providers.http.grant import Grant
from bookme.providers.http.refusal import Errors
from bookme.providers.http.transport import DEADLINE, fetch


def new_state() -> str:
    """A state nobody guesses: 256 bits."""
    return secrets.token_urlsafe(32)


def new_verifier() -> str:
    """A PKCE code verifier (RFC 7636): 86 characters, 512 bits."""
    return secrets.token_urlsafe(64)


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """BookMe as a client of one provider.

    :ivar revoke_url: None where the provider has no revocation.
    :ivar revokes_by_token: the token alone is sent to be revoked, without our credentials.
    :ivar errors: what the provider's own error codes mean, besides those of the standard.
    """

    provider: str
    client_id: str
    client_secret: str = field(repr=False)
    authorize_url: str
    token_url: str
    revoke_url: str | None
    token_auth: Literal["client_secret_basic", "client_secret_post"] = "client_secret_basic"
    revokes_by_token: bool = False
    errors: Errors = field(default_factory=dict)

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
        return grant.read(self.provider, self._post(self.token_url, body, deadline))

    def refresh(self, refresh_token: str, *, deadline: float = DEADLINE) -> Grant:
        """Exchange a refresh token for a new pair. Where tokens rotate, the old one dies with it.

        :raises ConnectionRevoked: if the refresh token is dead, or somebody else has used it.
        :raises ClientRefused: if BookMe's own credentials are wrong.
        :raises ProviderUnavailable: if there is no sensible answer; with ``error.sent`` the token
            may be used up all the same, and the new pair lost.
        :raises Rejected: if the request was wrong otherwise.
        """
        body = prepare_token_request("refresh_token", refresh_token=refresh_token)
        return grant.read(self.provider, self._post(self.token_url, body, deadline, has_token=True))

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
            raise refusal.failure(self.provider, answer, self.errors, has_token=has_token)
        return answer
