"""Times and lengths as iCalendar files have them, and as programs write them that never read it."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

_MOMENT = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)? ?(Z|[+-]\d\d:?\d\d)?)?",
    re.IGNORECASE | re.ASCII,
)
_LENGTH = re.compile(
    r"[+-]?P?(?:(\d{1,9})W)?(?:T?(\d{1,9})D)?(?:T?(\d{1,9})H)?(?:T?(\d{1,9})M)?(?:T?(\d{1,9})S)?",
    re.IGNORECASE | re.ASCII,
)


def moment(text: str, *, is_day: bool = False) -> date | datetime:
    """A day or a time; one without a zone has no ``tzinfo``.

    :param is_day: the line says so; then midnight is a day, as some programs write it.
    :raises ValueError: if it is neither.
    """
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        raise ValueError("neither a day nor a time")
    year, month, day = (int(part) for part in found.groups()[:3])
    hour, minute, second = (int(part or 0) for part in found.groups()[3:6])
    on = date(year, month, day)
    if found[4] is None or (is_day and not (hour or minute or second)):
        return on
    at = datetime(year, month, day, tzinfo=_offset(found[7]))
    at += timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError("no time of a day")
    return at


def _offset(text: str | None) -> timezone | None:
    if text is None:
        return None
    return UTC if text in "Zz" else timezone(offset(text))


def offset(text: str) -> timedelta:
    """How far a zone is from UTC, such as ``+0100``.

    :raises ValueError: if it says nothing of the kind.
    """
    found = re.fullmatch(r"([+-]?)(\d{1,2}):?(\d\d)(?::?(\d\d))?", text.strip(), re.ASCII)
    if found is None:
        raise ValueError("no offset")
    length = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    if length >= timedelta(days=1):
        raise ValueError("no offset")
    return -length if found[1] == "-" else length


def length(text: str) -> timedelta:
    """A length of time; its sign is not looked at, for nothing ends before it begins.

    :raises ValueError: if it is none.
    """
    found = _LENGTH.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        raise ValueError("no length")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    try:
        return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        raise ValueError("no length") from None
