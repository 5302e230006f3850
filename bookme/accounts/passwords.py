"""Passwords: which are too easy, and the hashes of the others.

Hashes are Argon2id with the library's own parameters, which follow RFC 9106. Each takes 64 MiB and
several cores on purpose. So a process makes two at a time, a few more wait a moment, and whoever
comes beyond that is asked to come again: a flood of sign-ins costs those who sign in a while, and
leaves all other pages as they are.

What is easy is found out here, with the lists of leaked passwords and of words that the package
zxcvbn ships; nothing is asked elsewhere.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app

from bookme.errors import Busy

SHORTEST = 10
LONGEST = 200
#: A password that is found in fewer guesses is easy. zxcvbn looks at so many characters: its time
#: grows faster than their number.
EASY, LOOKED_AT = 10**8, 40
#: Hashes that a process makes at a time, and those that may wait for their turn. Each takes one of
#: the threads that answer requests (``running/web.py`` has four), so one is always left for others.
AT_ONCE, WAITING = 2, 1
#: How long one waits for its turn, in seconds.
PATIENCE = 2.0
#: In how many seconds it is worth another try.
AGAIN_AFTER = 5

_turns = threading.BoundedSemaphore(AT_ONCE)
_places = threading.BoundedSemaphore(AT_ONCE + WAITING)


def hash_password(password: str) -> str:
    """The hash to keep. Takes long on purpose: call it while no transaction is open.

    :raises Busy: if too many ask for one at once.
    """
    with _turn():
        return _hasher().hash(_same(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is the one that was hashed.

    Without a hash the answer is no, and takes as long, so that nobody can tell from the time
    whether there is an account.

    :raises Busy: if too many ask for one at once.
    """
    if not password_hash:
        hash_password(password)
        return False
    with _turn():
        try:
            return _hasher().verify(password_hash, _same(password))
        except (VerificationError, InvalidHashError):
            return False


@contextmanager
def _turn() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise Busy("too many passwords at once")
    try:
        if not _turns.acquire(timeout=PATIENCE):
            raise Busy("passwords take too long")
        try:
            yield
        finally:
            _turns.release()
    finally:
        _places.release()


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
