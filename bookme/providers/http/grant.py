"""What a token endpoint gives."""

import re
from dataclasses import dataclass, field
from typing import Any

from bookme.providers.http.answers import (
    Answer,
    plain_text,
    reading,
)

#: What RFC 6749 (appendix A) allows in a token, and what a header can carry.
_TOKEN = re.compile(r"[\x21-\x7e]+")
#: Where a provider does not say; a token that ends earlier is refused and refreshed then.
_USUAL_LIFE = 3600
_LONGEST_LIFE = 10 * 365 * 86400


@dataclass(frozen=True, slots=True)
class Grant:
    """What the token endpoint gave. Its ``repr`` shows no token.

    :ivar refresh_token: None if the provider sent none, and the old one stays good.
    :ivar expires_in: seconds that the access token is good for.
    :ivar scopes: empty if the provider did not say, which means "as asked" (RFC 6749, 5.1).
    """

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_in: int
    scopes: frozenset[str]


def _token(value: str | None) -> str:
    if value is None or not _TOKEN.fullmatch(value):
        raise ValueError("token")
    return value


def _seconds(value: Any) -> int:
    if value is None:
        return _USUAL_LIFE
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise TypeError("expires_in")
    if not 0 < int(value) <= _LONGEST_LIFE:
        raise ValueError("expires_in")
    return int(value)


def read(provider: str, answer: Answer) -> Grant:
    """The grant in a token endpoint's answer.

    :raises ProviderUnavailable: if the answer makes no sense.
    """
    with reading(provider):
        body = answer.json() or {}
        if (plain_text(body, "token_type") or "bearer").lower() != "bearer":
            raise ValueError("token_type")
        refresh_token = plain_text(body, "refresh_token")
        return Grant(
            access_token=_token(plain_text(body, "access_token")),
            refresh_token=refresh_token and _token(refresh_token),
            expires_in=_seconds(body.get("expires_in")),
            scopes=frozenset((plain_text(body, "scope") or "").split()),
        )
