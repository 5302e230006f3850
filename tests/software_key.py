"""An authenticator in software: makes passkeys and signs with them, also as no real one would."""

import base64
import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

ORIGIN, SITE = "http://localhost", "localhost"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


class SoftwareKey:
    """One passkey.

    :ivar handle: what it was told of its account.
    :ivar count: how often it has signed.
    """

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.handle = b""
        self.count = 0

    def made(self, options: dict[str, Any], **said: Any) -> str:
        """The answer to the options of a registration.

        :param said: ``origin``, ``site`` or ``flags`` to lie about.
        """
        self.handle = _bytes(options["user"]["id"])
        length = len(self.id).to_bytes(2, "big")
        attested = bytes(16) + length + self.id + cbor2.dumps(self._public())
        data = self._data(said, PRESENT | VERIFIED | ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = _client("webauthn.create", options, said)
        response = {"clientDataJSON": _text(client), "attestationObject": _text(attestation)}
        return self._credential(response | {"transports": ["internal"]})

    def signed(self, options: dict[str, Any], **said: Any) -> str:
        """The answer to the options of a sign-in. The same words may lie."""
        self.count += said.pop("counts", 1)
        data = self._data(said, PRESENT | VERIFIED)
        client = _client("webauthn.get", options, said)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": _text(client),
            "authenticatorData": _text(data),
            "signature": _text(signature),
            "userHandle": _text(said.get("handle", self.handle)),
        }
        return self._credential(response)

    def _data(self, said: dict[str, Any], flags: int) -> bytes:
        site = hashlib.sha256(said.get("site", SITE).encode()).digest()
        return site + bytes([said.get("flags", flags)]) + self.count.to_bytes(4, "big")

    def _public(self) -> dict[int, Any]:
        numbers = self.key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        return {1: 2, 3: -7, -1: 1, -2: x, -3: y}

    def _credential(self, response: dict[str, Any]) -> str:
        name = _text(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def _client(kind: str, options: dict[str, Any], said: dict[str, Any]) -> bytes:
    words = {
        "type": kind,
        "challenge": said.get("challenge", options["challenge"]),
        "origin": said.get("origin", ORIGIN),
        "crossOrigin": False,
    }
    return json.dumps(words).encode()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
