"""Password hashes: Argon2id with the library's own parameters, which follow RFC 9106."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

SHORTEST = 10
LONGEST = 200


def hash_password(password: str) -> str:
    """The hash to keep. Takes long on purpose: call it while no transaction is open."""
    return _hasher().hash(_same(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one that was hashed.

    Without a hash the answer is no, and takes as long, so that nobody can tell from the time
    whether there is an account.
    """
    if password_hash is None:
        hash_password(password)
        return False
    try:
        return _hasher().verify(password_hash, _same(password))
    except (VerificationError, InvalidHashError):
        return False


def _hasher() -> PasswordHasher:
    hasher: PasswordHasher = current_app.config.get("PASSWORD_HASHER") or PasswordHasher()
    return hasher


def _same(password: str) -> str:
    # One keyboard sends "é" as one character, another as two (NIST SP 800-63B, 3.1.1.2).
    return unicodedata.normalize("NFKC", password)
