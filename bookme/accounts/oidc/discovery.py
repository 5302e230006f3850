"""What a provider says of itself (OpenID Connect Discovery 1.0), and its keys.

Both are kept in the process for an hour. They are asked for while somebody waits, so all calls of
one conversation share a few seconds.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import current_app

from bookme.errors import ProviderUnavailable
from bookme.providers.http.answers import objects, plain_text, reading
from bookme.providers.http.transport import fetch
from bookme.sign_in_settings import OpenIdProvider

_WHERE = "/.well-known/openid-configuration"
#: Seconds for all calls of one conversation: a page waits for them.
PATIENCE = 5.0
#: How long what was read counts.
KEPT_FOR = timedelta(hours=1)
#: The largest document, in bytes.
MOST = 256 * 1024
#: Signatures that take a provider's private key. What only takes our shared secret is none of them.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
#: Microsoft's for several organizations: its documents and tokens name each one's own issuer.
MICROSOFT, TENANT = "login.microsoftonline.com", "{tenantid}"
_SHARED = {"common", "organizations", "consumers"}

Kept = TypeVar("Kept")


class Budget:
    """Seconds for several calls together."""

    def __init__(self, seconds: float = PATIENCE) -> None:
        self._ends = monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds for the next call; so few once they are over that it fails."""
        return max(0.2, self._ends - monotonic())


@dataclass(frozen=True, slots=True)
class Metadata:
    """Where a provider is, and what it can do.

    :ivar issuer: whom its tokens are from; with :data:`TENANT` in it, that has to be filled in.
    :ivar sends_secret_in_body: it takes our credentials in the body only.
    """

    issuer: str
    authorize_url: str
    token_url: str
    keys_url: str
    userinfo_url: str | None
    sends_secret_in_body: bool
    algorithms: tuple[str, ...]


def metadata(provider: OpenIdProvider, budget: Budget, *, now: datetime) -> Metadata:
    """What the provider says of itself.

    :raises ProviderUnavailable: if it says nothing that can be used.
    """
    kept = _kept(provider, Metadata, now)
    if kept is not None:
        return kept
    body = _read(provider, provider.issuer.rstrip("/") + _WHERE, budget)
    with reading(provider.name):
        found = _metadata(provider, body)
    return _keep(provider, found, now)


def keys(
    provider: OpenIdProvider, budget: Budget, *, anew: bool = False, now: datetime
) -> list[dict[str, Any]]:
    """The provider's public keys, as JSON Web Keys.

    :param anew: ask also if some are kept.
    :raises ProviderUnavailable: if there are none to be had.
    """
    kept = None if anew else _kept(provider, list, now)
    if kept is not None:
        return kept
    body = _read(provider, metadata(provider, budget, now=now).keys_url, budget)
    with reading(provider.name):
        return _keep(provider, objects(body, "keys"), now)


def is_shared(issuer: str) -> bool:
    """Whether this is Microsoft's for several organizations."""
    parts = urlsplit(issuer)
    return parts.hostname == MICROSOFT and parts.path.split("/")[1:2] in [[one] for one in _SHARED]


def _metadata(provider: OpenIdProvider, body: dict[str, Any]) -> Metadata:
    issuer = plain_text(body, "issuer") or ""
    if issuer != provider.issuer and not _stands_for(issuer, provider.issuer):
        raise ValueError("issuer")  # or it could speak for others (section 4.3)
    ways = body.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    said = body.get("id_token_signing_alg_values_supported") or ["RS256"]
    userinfo = body.get("userinfo_endpoint")
    return Metadata(
        issuer=issuer,
        authorize_url=_address(provider, body, "authorization_endpoint"),
        token_url=_address(provider, body, "token_endpoint"),
        keys_url=_address(provider, body, "jwks_uri"),
        userinfo_url=_address(provider, body, "userinfo_endpoint") if userinfo else None,
        sends_secret_in_body="client_secret_basic" not in ways,
        algorithms=tuple(one for one in ALGORITHMS if one in said),
    )


def _stands_for(issuer: str, named: str) -> bool:
    parts = urlsplit(issuer)
    return is_shared(named) and (parts.scheme, parts.netloc) == ("https", MICROSOFT)


def _address(provider: OpenIdProvider, body: dict[str, Any], name: str) -> str:
    """An endpoint: with https, where the issuer has it."""
    url = plain_text(body, name, most=2000) or ""
    parts = urlsplit(url)
    allowed = {"https", urlsplit(provider.issuer).scheme}
    if parts.scheme not in allowed or not parts.hostname or "@" in parts.netloc:
        raise ValueError(name)
    return url


def _read(provider: OpenIdProvider, url: str, budget: Budget) -> dict[str, Any]:
    headers = {"Accept": "application/json"}
    answer = fetch(provider.name, "GET", url, deadline=budget.left, most=MOST, headers=headers)
    body = answer.json() if answer.ok else None
    if body is None:
        raise ProviderUnavailable(provider.name, f"answered {answer.status} without a document")
    return body


def _kept(provider: OpenIdProvider, kind: type[Kept], now: datetime) -> Kept | None:
    found, at = _all_kept().get((provider, kind), (None, now))
    return found if isinstance(found, kind) and abs(now - at) < KEPT_FOR else None


def _keep(provider: OpenIdProvider, found: Kept, now: datetime) -> Kept:
    _all_kept()[provider, type(found)] = found, now
    return found


def _all_kept() -> dict[Any, tuple[Any, datetime]]:
    kept: dict[Any, tuple[Any, datetime]] = current_app.extensions.setdefault("oidc", {})
    return kept
