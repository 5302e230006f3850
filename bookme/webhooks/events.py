"""What Zoom tells us, read without trusting its shape."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Removal:
    """A host has removed BookMe at Zoom's side. Its ``repr`` is fit for a log.

    :ivar at: when, by Zoom's clock; never later than it was heard of.
    :ivar key: what tells this event from others, the same in each of its repeats.
    :ivar payload: as it came; the confirmation quotes it.
    """

    user_id: str = field(repr=False)
    at: datetime
    key: str = field(repr=False)
    payload: dict[str, Any] = field(repr=False)


def removal(event: dict[str, Any], client_id: str, *, now: datetime) -> Removal | None:
    """The removal that an ``app_deauthorized`` tells of; None if it names another app."""
    payload = event.get("payload")
    if not client_id or not isinstance(payload, dict) or payload.get("client_id") != client_id:
        return None
    user_id = _text(payload.get("user_id"))
    if user_id is None:
        return None
    told = payload.get("deauthorization_time")
    stamp = event.get("event_ts", payload.get("event_ts"))
    at = _instant(told) or _from_milliseconds(stamp) or now
    return Removal(user_id, min(at, now), json.dumps([user_id, told or stamp]), payload)


def plain_token(event: dict[str, Any]) -> str | None:
    """The challenge of an ``endpoint.url_validation``."""
    payload = event.get("payload")
    return _text(payload.get("plainToken")) if isinstance(payload, dict) else None


def _text(value: Any) -> str | None:
    """A text that can be written as UTF-8, which half of a surrogate pair can not."""
    if not isinstance(value, str) or not value:
        return None
    try:
        value.encode()
    except UnicodeEncodeError:
        return None
    return value


def _instant(value: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(value)
        return _sensible(at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC))
    except (TypeError, ValueError, OverflowError):
        return None


def _from_milliseconds(value: Any) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    try:
        return _sensible(datetime.fromtimestamp(value / 1000, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _sensible(at: datetime) -> datetime | None:
    """None for an instant at which there was nothing to remove, some too early to count from."""
    return at if at >= _EARLIEST else None
