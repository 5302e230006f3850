"""The provider's keys, and what it signs with them (RFC 7515, ES256)."""

import base64
import hashlib
import hmac
import json
import sqlite3
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from sandbox import settings
from sandbox.settings import setting

_BYTES = 32


def public(db: sqlite3.Connection) -> dict[str, str]:
    """The key that signs now, as a JSON Web Key. What was signed by earlier ones counts no more."""
    numbers = _key(db, setting(db, "openid_key")).public_key().public_numbers()
    return {
        "kty": "EC",
        "crv": "P-256",
        "use": "sig",
        "alg": "ES256",
        "kid": _name(setting(db, "openid_key")),
        "x": _b64(numbers.x.to_bytes(_BYTES, "big")),
        "y": _b64(numbers.y.to_bytes(_BYTES, "big")),
    }


def signed(db: sqlite3.Connection, claims: dict[str, Any], secret: str) -> str:
    """A token with these claims, signed as ``openid_signing`` says: as it should be, or not."""
    how, number = setting(db, "openid_signing"), setting(db, "openid_key")
    if how == "none":
        return _joined({"alg": "none", "typ": "JWT"}, claims) + "."
    if how == "secret":
        head = _joined({"alg": "HS256", "typ": "JWT", "kid": _name(number)}, claims)
        mac = hmac.new(secret.encode(), head.encode(), hashlib.sha256)
        return f"{head}.{_b64(mac.digest())}"
    by = number + 1000 if how in ("stranger", "forger") else number
    named = by if how == "stranger" else number
    head = _joined({"alg": "ES256", "typ": "JWT", "kid": _name(named)}, claims)
    r, s = decode_dss_signature(_key(db, by).sign(head.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{head}.{_b64(r.to_bytes(_BYTES, 'big') + s.to_bytes(_BYTES, 'big'))}"


def half_hash(text: str) -> str:
    """The left half of a hash, as ``at_hash`` has it (OpenID Connect Core, 3.1.3.6)."""
    return _b64(hashlib.sha256(text.encode()).digest()[:16])


def _key(db: sqlite3.Connection, number: int) -> ec.EllipticCurvePrivateKey:
    """The key of a number, made when it is first needed."""
    kept = settings.kept(db, f"openid_key_{number}")
    if kept is None:
        made = ec.generate_private_key(ec.SECP256R1())
        kept = made.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode()
        settings.keep(db, f"openid_key_{number}", kept)
    found = serialization.load_pem_private_key(kept.encode(), None)
    assert isinstance(found, ec.EllipticCurvePrivateKey)
    return found


def _joined(header: dict[str, str], claims: dict[str, Any]) -> str:
    return ".".join(_b64(json.dumps(part).encode()) for part in (header, claims))


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _name(number: int) -> str:
    return f"key-{number}"
