"""Codes of authenticator apps: six digits every 30 seconds (RFC 6238), with SHA-1 as all apps
have it.
"""

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

DIGITS, SECONDS = 6, 30
#: A clock may be off by so many steps.
TOLERANCE = 1
ISSUER = "BookMe"


def new_secret() -> str:
    """A random secret of 160 bits, in base32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def step_at(now: datetime) -> int:
    """The number of the 30 seconds that an instant is in."""
    return int(now.timestamp()) // SECONDS


def code_of(secret: str, step: int) -> str:
    """The code of a step."""
    return HOTP(base64.b32decode(secret), DIGITS, SHA1()).generate(step).decode()


def matching_step(secret: str, code: str, *, now: datetime) -> int | None:
    """The newest step near now that has this code; None if there is none."""
    here = step_at(now)
    for step in range(here + TOLERANCE, here - TOLERANCE - 1, -1):
        if hmac.compare_digest(code_of(secret, step), code):
            return step
    return None


def address(secret: str, email: str) -> str:
    """What an app reads from the QR code
    (https://github.com/google/google-authenticator/wiki/Key-Uri-Format).
    """
    named = f"{ISSUER}:{quote(email)}"
    return f"otpauth://totp/{named}?{urlencode({'secret': secret, 'issuer': ISSUER})}"


def spaced(secret: str) -> str:
    """The secret as people type it, four characters at a time."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
