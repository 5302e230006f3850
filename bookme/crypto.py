"""Secrets at rest: AES-256-GCM under a key ring, each value bound to the row and column it
belongs to.
"""

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_VERSION = b"\x01"
#: Where in a sealed value its key's id begins, counted from 0, and how long that is.
KEY_ID_AT, KEY_ID = len(_VERSION), 4


class Unreadable(Exception):
    """A sealed value that no key of the ring opens, or that belongs to another row."""


class KeyRing:
    """Seals and opens texts. The first key seals, all of them open, so that keys can be changed.

    :param keys: 32 bytes each, at least one.
    """

    def __init__(self, keys: list[bytes]) -> None:
        self._keys = {_key_id(key): key for key in keys}
        self._first = keys[0]

    def seal(self, text: str, belongs_to: str) -> bytes:
        """Encrypt ``text`` so that it opens only for the same ``belongs_to``, such as
        ``connection:7:access``.
        """
        nonce = secrets.token_bytes(_NONCE)
        sealed = AESGCM(self._first).encrypt(nonce, text.encode(), belongs_to.encode())
        return _VERSION + _key_id(self._first) + nonce + sealed

    def open(self, sealed: bytes, belongs_to: str) -> str:
        """Decrypt what :meth:`seal` made.

        :raises Unreadable: if the key is not in the ring, or the value was changed or moved to
            another row.
        """
        start = KEY_ID_AT + KEY_ID
        key = self._keys.get(sealed[KEY_ID_AT:start])
        if sealed[:1] != _VERSION or key is None:
            raise Unreadable(f"no key for {belongs_to}")
        nonce, body = sealed[start:][:_NONCE], sealed[start + _NONCE :]
        try:
            return AESGCM(key).decrypt(nonce, body, belongs_to.encode()).decode()
        except InvalidTag as error:
            raise Unreadable(f"damaged or moved: {belongs_to}") from error

    @property
    def ids(self) -> list[bytes]:
        """The id that each key's sealed values carry in clear, the first key's first."""
        return list(self._keys)

    def digest(self, text: str, purpose: str) -> str:
        """A keyed hash to look a value up by, without keeping the value.

        Made with the first key.
        """
        return _digest(self._first, text, purpose)

    def digests(self, text: str, purpose: str) -> list[str]:
        """The hashes under every key of the ring: what a look-up must search for after a change
        of keys.
        """
        return [_digest(key, text, purpose) for key in self._keys.values()]


def decode_keys(value: str) -> list[bytes]:
    """Keys from their text form: comma-separated, URL-safe base64 of 32 bytes each.

    :raises ValueError: if one of them is anything else, or there is none.
    """
    keys = [
        base64.urlsafe_b64decode(part.strip() + "=" * (-len(part.strip()) % 4))
        for part in value.split(",")
    ]
    if any(len(key) != 32 for key in keys):
        raise ValueError("a key must be 32 bytes")
    return keys


def new_key() -> str:
    """A fresh key in its text form."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def new_token() -> str:
    """An unguessable token for an address or a cookie: 192 bits, URL-safe."""
    return secrets.token_urlsafe(24)


def fingerprint(token: str) -> str:
    """The hash under which an unguessable token is kept.

    Such a token needs neither salt nor stretching.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"bookme key id" + key).digest()[:KEY_ID]


def _digest(key: bytes, text: str, purpose: str) -> str:
    return hmac.new(key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()
