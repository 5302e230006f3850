"""ID tokens by themselves: kinds of keys and signatures, and Microsoft's shared issuer."""

import base64
import hmac
import json
from collections.abc import Mapping
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, RSAKey

from bookme.accounts.oidc import id_token
from bookme.accounts.oidc.discovery import ALGORITHMS, Metadata
from bookme.accounts.oidc.id_token import Asked, Claims, UnknownKey
from bookme.accounts.oidc.refusal import NotSignedIn
from bookme.sign_in_settings import OpenIdProvider
from tests.factories import NOW

SECONDS = int(NOW.timestamp())
ISSUER, CLIENT = "https://id.example.com", "our app"
TENANT, OTHER = "9188040d-6c67-4c5b-b112-36a304b66dad", "11111111-2222-3333-4444-555555555555"
MICROSOFT = "https://login.microsoftonline.com/{tenantid}/v2.0"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
CURVE = ECKey.generate_key("P-256", {"kid": "curve"})


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def public(key: RSAKey | ECKey, **said: Any) -> dict[str, Any]:
    return {**key.as_dict(private=False), **said}


def asked(issuer: str = ISSUER) -> Asked:
    named = issuer.replace("{tenantid}", "common")
    provider = OpenIdProvider("work", "Work", named, CLIENT, "hush")
    urls = f"{ISSUER}/a", f"{ISSUER}/t", f"{ISSUER}/k", None
    return Asked(provider, Metadata(issuer, *urls, False, ALGORITHMS), "the nonce", "the token")


def claims(**changes: Any) -> dict[str, Any]:
    usual = {"iss": ISSUER, "aud": CLIENT, "sub": "s", "nonce": "the nonce"}
    usual |= {"iat": SECONDS, "exp": SECONDS + 300, "email": "a@example.com"}
    return {name: value for name, value in {**usual, **changes}.items() if value is not None}


def signed(said: Mapping[str, Any], alg: str = "RS256", key: Any = KEY, **header: Any) -> str:
    named = {"alg": alg, "kid": key.kid or "one", **header}
    return jwt.encode(
        {name: value for name, value in named.items() if value is not None},
        dict(said),
        key,
        algorithms=[alg],
    )


def read(token: str, *keys: dict[str, Any], issuer: str = ISSUER) -> Claims:
    return id_token.read(token, asked(issuer), list(keys or (public(KEY),)), now=NOW)


@pytest.mark.parametrize("alg", ["RS256", "RS512", "PS256"])
def test_what_the_provider_s_key_has_signed_is_believed(alg: str) -> None:
    found = read(signed(claims(email_verified=True, name="Ana"), alg))
    assert (found.issuer, found.subject, found.email) == (ISSUER, "s", "a@example.com")
    assert (found.is_verified, found.name) == (True, "Ana")
    assert read(signed(claims(), "ES256", CURVE), public(CURVE)).is_verified is False


def test_clocks_may_be_a_minute_apart() -> None:
    assert read(signed(claims(exp=SECONDS - 59, iat=SECONDS + 59))).subject == "s"
    with pytest.raises(NotSignedIn):
        read(signed(claims(exp=SECONDS - 61)))


def test_several_audiences_are_fine_if_we_are_who_asked() -> None:
    assert read(signed(claims(aud=[CLIENT, "other"], azp=CLIENT))).subject == "s"
    assert read(signed(claims(aud=[CLIENT]))).subject == "s"


def test_the_provider_s_public_key_is_no_shared_secret() -> None:
    """The oldest trick: HS256 with the public key, as text, for a secret."""
    parts = ({"alg": "HS256", "kid": "one"}, claims())
    head = ".".join(b64(json.dumps(part).encode()) for part in parts)
    mac = hmac.digest(KEY.as_pem(private=False), head.encode(), "sha256")
    with pytest.raises(NotSignedIn):
        read(f"{head}.{b64(mac)}")


def test_a_key_within_the_token_is_not_looked_at() -> None:
    stranger = RSAKey.generate_key(2048, {"kid": "one"})
    token = signed(claims(), key=stranger, jwk=public(stranger))
    with pytest.raises(NotSignedIn):
        read(token)


@pytest.mark.parametrize(
    "keys",
    [
        [],
        [public(KEY, kid="another")],
        [public(KEY, use="enc")],
        [public(KEY, alg="RS512")],
        [public(CURVE, kid="one")],
        [{"kty": "oct", "kid": "one", "k": "c2VjcmV0"}],
    ],
    ids=["none", "another name", "for encrypting", "for another", "another kind", "shared"],
)
def test_no_other_key_serves(keys: list[dict[str, Any]]) -> None:
    with pytest.raises(UnknownKey):
        id_token.read(signed(claims()), asked(), keys, now=NOW)


def test_a_token_without_a_key_s_name_takes_the_only_one_there_is() -> None:
    token = signed(claims(), kid=None)
    assert read(token, public(KEY, kid="x"), public(CURVE)).subject == "s"
    with pytest.raises(UnknownKey):
        read(token, public(KEY), public(KEY, kid="x"))


@pytest.mark.parametrize(
    "token",
    ["", "x", "a.b.c", "..", "é.é.é", "a.b.c.d.e", "[]", "x" * 30_000, "e30.e30.e30"],
)
def test_what_is_no_token_is_not_believed(token: str) -> None:
    with pytest.raises(NotSignedIn):
        read(token)


def test_claims_that_are_no_object_are_not_believed() -> None:
    token = jws.serialize_compact({"alg": "RS256", "kid": "one"}, b"[1]", KEY)
    with pytest.raises(NotSignedIn):
        read(token)


@pytest.mark.parametrize("value", [None, False, "true", 1, "yes", [True]])
def test_verified_is_true_and_nothing_else(value: Any) -> None:
    assert read(signed(claims(email_verified=value))).is_verified is False


def microsoft(tenant: str = TENANT, **changes: Any) -> dict[str, Any]:
    usual = {"iss": MICROSOFT.replace("{tenantid}", tenant), "tid": tenant}
    return claims(**{**usual, **changes})


def test_microsoft_s_shared_issuer_is_that_of_each_organization() -> None:
    found = read(signed(microsoft()), public(KEY, issuer=MICROSOFT), issuer=MICROSOFT)
    assert found.issuer == f"https://login.microsoftonline.com/{TENANT}/v2.0"
    own = public(KEY, issuer=found.issuer)
    assert read(signed(microsoft()), own, issuer=MICROSOFT).issuer == found.issuer


@pytest.mark.parametrize(
    "said",
    [
        microsoft(tid=OTHER),
        microsoft(tid=None),
        microsoft(iss=MICROSOFT),
        microsoft("x/../y"),
        microsoft(iss=ISSUER),
    ],
    ids=["another's", "nobody's", "the template", "no id", "elsewhere"],
)
def test_an_organization_speaks_for_itself_only(said: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        read(signed(said), public(KEY, issuer=MICROSOFT), issuer=MICROSOFT)


def test_a_key_of_one_organization_signs_for_no_other() -> None:
    theirs = public(KEY, issuer=MICROSOFT.replace("{tenantid}", OTHER))
    with pytest.raises(NotSignedIn):
        read(signed(microsoft()), theirs, issuer=MICROSOFT)


def test_microsoft_says_in_its_own_words_that_an_address_is_verified() -> None:
    for value, counts in ((True, True), ("1", True), (False, False), (None, False), ("0", False)):
        said = signed(microsoft(xms_edov=value))
        assert read(said, public(KEY), issuer=MICROSOFT).is_verified is counts
    assert read(signed(claims(xms_edov=True))).is_verified is False
