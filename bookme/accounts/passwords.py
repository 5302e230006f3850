"""Passwords: which are too easy, and the hashes of the others.

Hashes are Argon2id with the library's own parameters, which follow RFC 9106. What is easy is found
out here, with the lists of leaked passwords and of words that the package zxcvbn ships; nothing is
asked elsewhere.
"""

import re
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

SHORTEST = 10
LONGEST = 200
#: A password that is found in fewer guesses is easy. zxcvbn looks at so many characters: its time
#: grows faster than their number.
EASY, LOOKED_AT = 10**8, 40


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


def is_easy(password: str, *about: str) -> bool:
    """Whether a password has leaked, or is made of such a one, or of few words.

    :param about: words about the person, which make it easier, such as the name.
    """
    from zxcvbn import zxcvbn  # its lists take a dozen megabytes, which not every process needs

    known = [part for words in about for part in re.split(r"\W+", words) if part]
    found = zxcvbn(_same(password)[:LOOKED_AT], user_inputs=known[:20])
    return bool(found["guesses"] < EASY)


def _hasher() -> PasswordHasher:
    hasher: PasswordHasher = current_app.config.get("PASSWORD_HASHER") or PasswordHasher()
    return hasher


def _same(password: str) -> str:
    # One keyboard sends "é" as one character, another as two (NIST SP 800-63B, 3.1.1.2).
    return unicodedata.normalize("NFKC", password)
