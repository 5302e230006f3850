"""The items of a provider's list of events: one that cannot be read is told of, and hides no other.

What is understood of it takes time all the same.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from bookme.providers.calendar import Busy, Found, Unclear
from bookme.providers.http.answers import plain_text

_Value = TypeVar("_Value")
#: What reading a value raises that is not as it should be.
_ODD = (KeyError, TypeError, ValueError, OverflowError, AttributeError)


def take(
    event: Any,
    found: Found,
    *,
    is_free: Callable[[Any], bool],
    begin: Callable[[Any], datetime],
    end: Callable[[Any], datetime],
) -> None:
    """Add one item to what is found.

    :param is_free: whether it takes no time; one of which nobody can tell takes it.
    """
    free = _read(is_free, event)
    if free:
        return
    starts_at, ends_at, event_id = _read(begin, event), _read(end, event), _read(_id, event)
    is_clear = free is not None and event_id is not None
    if starts_at is None or ends_at is None or ends_at < starts_at:
        is_clear = False
    elif starts_at < ends_at:
        found.busy.append(Busy(starts_at, ends_at, event_id or ""))
    if not is_clear:
        found.unclear.append(Unclear(event_id or "", starts_at))


def listed(page: dict[str, Any], key: str) -> list[Any]:
    """A list of whatever; empty if it is absent or null.

    :raises ValueError: if it is no list.
    """
    value = page.get(key)
    if value is not None and not isinstance(value, list):
        raise ValueError(key)
    return value or []


def _id(event: Any) -> str:
    value = plain_text(event, "id", most=1024)
    if value is None:
        raise ValueError("id")
    return value


def _read(read: Callable[[Any], _Value], event: Any) -> _Value | None:
    try:
        return read(event)
    except _ODD:
        return None
