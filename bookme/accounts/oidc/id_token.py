"""What a provider says of somebody: an ID token, believed only once all of it has been checked
(OpenID Connect Core 1.0, section 3.1.3.7).

Signatures are checked by joserfc and claims by Authlib; what they leave to their caller is here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwk, jws
from joserfc.errors import JoseError
from joserfc.jwt import decode

from bookme.accounts.oidc import discovery
from bookme.accounts.oidc.discovery import Metadata
from bookme.accounts.oidc.refusal import NotSignedIn, Refusal
from bookme.sign_in_settings import OpenIdProvider

#: The longest token that is looked at, in characters, and the longest name of a person there.
LONGEST, LONGEST_SUBJECT = 20_000, 255
#: How far the provider's clock may be from ours.
LEEWAY = timedelta(minutes=1)
#: The kind of key that each kind of signature takes.
_TYPES = {"RS": "RSA", "PS": "RSA", "ES": "EC"}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: What joserfc and Authlib say of what is no token.
_UNREADABLE = (JoseError, ValueError, TypeError, LookupError, AttributeError, RecursionError)


class UnknownKey(NotSignedIn):
    """The token is signed by a key that isn't among those we have."""

    def __init__(self) -> None:
        super().__init__(Refusal.NOT_BELIEVED, "signed by an unknown key")


@dataclass(frozen=True, slots=True)
class Claims:
    """What a provider says of somebody.

    :ivar issuer: who says so, for good.
    :ivar subject: what it calls them, for good.
    :ivar email: as it was said; empty if it wasn't.
    :ivar authenticated_at: when they showed it who they are, if it says that.
    """

    issuer: str
    subject: str = field(repr=False)
    email: str = field(repr=False)
    is_verified: bool
    name: str = field(repr=False)
    authenticated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a token has to answer."""

    provider: OpenIdProvider
    metadata: Metadata
    nonce: str = field(repr=False)
    access_token: str = field(repr=False)


def read(
    token: str,
    asked: Asked,
    keys: list[dict[str, Any]],
    *,
    more: Callable[[str], dict[str, Any]] = lambda _subject: {},
    now: datetime,
) -> Claims:
    """Check a token, and say what is in it.

    :param more: further claims of the person with this subject, where the token has no address.
    :raises UnknownKey: if none of the keys has signed it.
    :raises NotSignedIn: if anything else about it isn't as it must be.
    """
    try:
        header = _header(token, asked.metadata.algorithms)
        key = _key(header, keys)
        signed = decode(token, jwk.import_key(_bare(key)), algorithms=[header["alg"]])
        said = dict(signed.claims)
        issuer = _issuer(asked.metadata.issuer, said, key)
        _check(CodeIDToken(said, signed.header, _options(asked, issuer), _params(asked)), now)
        return _claims(issuer, said, more)
    except _UNREADABLE as error:
        raise NotSignedIn(Refusal.NOT_BELIEVED, f"ID token: {type(error).__name__}") from None


def _header(token: str, algorithms: tuple[str, ...]) -> dict[str, Any]:
    if len(token) > LONGEST:
        raise ValueError("too long")
    header = dict(jws.extract_compact(token.encode()).headers())
    if header.get("alg") not in algorithms:
        raise ValueError("alg")  # "none", or one that a shared secret is enough for
    return header


def _key(header: dict[str, Any], keys: list[dict[str, Any]]) -> dict[str, Any]:
    """The key that the token names; without a name, the only one that can be meant."""
    kid, kind = header.get("kid"), _TYPES[header["alg"][:2]]
    fitting = [
        one
        for one in keys
        if one.get("kty") == kind
        and one.get("use", "sig") == "sig"
        and one.get("alg", header["alg"]) == header["alg"]
        and (kid is None or one.get("kid") == kid)
    ]
    if not fitting or (kid is None and len(fitting) > 1):
        raise UnknownKey
    return fitting[0]


def _bare(key: dict[str, Any]) -> dict[str, Any]:
    """What makes the key, without what is said beside it, which libraries read differently."""
    return {part: key[part] for part in ("kty", "n", "e", "crv", "x", "y") if part in key}


def _issuer(named: str, said: dict[str, Any], key: dict[str, Any]) -> str:
    """Whom the token must be from. Microsoft's for several organizations is each one's own, and
    some of its keys serve one of them only.
    """
    if discovery.TENANT not in named:
        return named
    tenant = str(said.get("tid"))
    if not _UUID.fullmatch(tenant):
        raise ValueError("tid")
    issuer = named.replace(discovery.TENANT, tenant)
    if str(key.get("issuer", issuer)).replace(discovery.TENANT, tenant) != issuer:
        raise ValueError("a key of another organization")
    return issuer


def _options(asked: Asked, issuer: str) -> dict[str, Any]:
    return {
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": asked.provider.client_id},
        "nonce": {"essential": True, "value": asked.nonce},
    }


def _params(asked: Asked) -> dict[str, Any]:
    return {
        "nonce": asked.nonce,
        "client_id": asked.provider.client_id,
        "access_token": asked.access_token,
    }


def _check(token: CodeIDToken, now: datetime) -> None:
    """All that Authlib checks, and what it takes from whoever sends it."""
    token.validate(now=int(now.timestamp()), leeway=int(LEEWAY.total_seconds()))
    audience = token["aud"]
    if isinstance(audience, list) and len(audience) > 1 and "azp" not in token:
        raise ValueError("azp")
    for name in ("exp", "iat"):
        if isinstance(token[name], bool) or not isinstance(token[name], int | float):
            raise ValueError(name)


def _claims(issuer: str, said: dict[str, Any], more: Callable[[str], dict[str, Any]]) -> Claims:
    subject = said["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise ValueError("sub")
    if not subject.isprintable():
        raise ValueError("sub")
    if not said.get("email"):
        said = {**more(subject), **said}
    at = said.get("auth_time")
    return Claims(
        issuer=issuer,
        subject=subject,
        email=_text(said.get("email")),
        is_verified=_is_verified(issuer, said),
        name=_text(said.get("name")),
        authenticated_at=datetime.fromtimestamp(at, UTC) if at else None,
    )


def _is_verified(issuer: str, said: dict[str, Any]) -> bool:
    """Whether the provider has checked the address: it says so with true and nothing else.

    Microsoft says it in a claim of its own, if the app asks for it
    (learn.microsoft.com/entra/identity-platform/optional-claims-reference).
    """
    if said.get("email_verified") is True:
        return True
    theirs = issuer.startswith(f"https://{discovery.MICROSOFT}/")
    return theirs and said.get("xms_edov") in (True, "1", "true")


def _text(value: Any) -> str:
    return value if isinstance(value, str) and len(value) <= 1000 else ""
