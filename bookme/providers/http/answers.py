"""What a provider answered, and how to read it without trusting it."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from bookme.errors import ProviderUnavailable

_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered. Its ``repr`` is fit for a log."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def had_effect(self) -> bool:
        """Whether the request may have been carried out: a 4xx is a refusal, a 5xx an accident."""
        return not 400 <= self.status < 500

    def json(self) -> dict[str, Any] | None:
        """The body, if it is a JSON object; None if it is anything else."""
        try:
            body = json.loads(self.content)
        except (ValueError, RecursionError):
            return None
        return body if isinstance(body, dict) else None


def error_code(value: Any) -> int | str | None:
    """A code fit for a table and a log, or None: strangers' text is not let through as one."""
    if isinstance(value, str):
        return value if _CODE.fullmatch(value) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def request_id(answer: Answer, header: str) -> str | None:
    """The provider's id for the request, if it sent one that can be printed."""
    value = answer.headers.get(header, "")[:128]
    return value if value and value.isascii() and value.isprintable() else None


def retry_after(answer: Answer, now: datetime) -> datetime | None:
    """The instant in ``Retry-After``: seconds or a date (RFC 9110), or ISO 8601 as Zoom sends it.

    None if there is none or it makes no sense.
    """
    value = answer.headers.get("Retry-After", "").strip()
    try:
        if value.isascii() and value.isdigit():
            return now + timedelta(seconds=int(value))
        at = datetime.fromisoformat(value) if value[:1].isdigit() else parsedate_to_datetime(value)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def plain_text(body: Mapping[str, Any], key: str, *, most: int | None = None) -> str | None:
    """A string of a decoded body; None if it is absent, null or empty.

    :param most: characters that its column takes.
    :raises ValueError: if it is something else, longer, or what no database would store.
    """
    value = body.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or "\0" in value or (most is not None and len(value) > most):
        raise ValueError(key)
    value.encode()  # half of a surrogate pair is a UnicodeEncodeError, which is a ValueError
    return value


def nested(body: Mapping[str, Any], key: str) -> dict[str, Any]:
    """An object within a decoded body; empty if it is absent or null.

    :raises ValueError: if it is something else.
    """
    value = body.get(key)
    if value is not None and not isinstance(value, dict):
        raise ValueError(key)
    return value or {}


def objects(body: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """A list of objects within a decoded body; empty if it is absent or null.

    :raises ValueError: if it is something else.
    """
    value = body.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError(key)
    return value


@contextmanager
def reading(provider: str) -> Iterator[None]:
    """Turn what goes wrong while the fields of a successful answer are read into our error."""
    try:
        yield
    except (KeyError, TypeError, ValueError, OverflowError):
        # Without its cause, which quotes the body.
        raise ProviderUnavailable(provider, "answered with wrong fields", sent=True) from None
