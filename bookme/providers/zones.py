"""Time zones as calendars name them, and days and wall-clock times as instants."""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from bookme.availability import to_datetime
from bookme.availability.local import instant

_OWN_NAMES = {"tzone://Microsoft/Utc": "UTC", "Z": "UTC"}
#: A name that says how far its zone is from UTC, and often where it is.
_STATED = re.compile(
    r"\(?(?:UTC|GMT)(?: ?([+-]) ?(\d{1,2})(?:[:.]?(\d\d))?)?(?:\)| |$)(.*)", re.IGNORECASE
)
#: In summer, where clocks change, a zone is elsewhere than its name says.
_WINTER, _SUMMER = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 7, 1, tzinfo=UTC)


def zone_named(name: str | None) -> ZoneInfo | None:
    """The zone of an IANA name, or of one that only Windows knows; None if nobody knows it.

    Microsoft also has zones without any rules to be had, such as ``Customized Time Zone``.
    """
    for known in (_OWN_NAMES.get(name or "", name), WINDOWS_TO_OLSON.get(name or "")):
        try:
            return ZoneInfo(known or "")
        except (KeyError, ValueError, OSError):
            pass
    return None


@lru_cache(maxsize=512)
def zone_meant(name: str) -> tzinfo | None:
    """The zone that a name means which nobody has registered: with a program's own words before an
    IANA name, in other letters, or stating how far from UTC it is; None if it means none.

    ``/example.org/Europe/Berlin``, ``europe/berlin``, ``(UTC-05:00) Eastern Time (US & Canada)``.
    """
    words = name.strip().strip('"').strip()
    parts = words.split("/")
    for first in range(len(parts)):
        known = _iana().get("/".join(parts[first:]).casefold())
        if known is not None and (first == 0 or len(parts) - first > 1):
            return ZoneInfo(known)
    stated = _STATED.fullmatch(words)
    return zone_named(words) or (_stated(stated) if stated else None)


def _stated(found: re.Match[str]) -> tzinfo | None:
    hours, minutes = int(found[2] or 0), int(found[3] or 0)
    if hours > 14 or minutes > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if found[1] == "-" else 1)
    for place in _places(found[4]):
        zone = _iana_of(place)
        # Summer is in January where it is in the south.
        if zone is not None and offset == min(_offset(zone, _WINTER), _offset(zone, _SUMMER)):
            return zone
    return timezone(offset)


def _places(text: str) -> list[str]:
    """What may name the place, in ``Eastern Time (US & Canada)`` or ``Berlin, Rom, Wien``."""
    first = text.partition("(")[0].strip()
    listed = [part.strip() for part in re.split(r"[,/()]", text) if part.strip()]
    return [first.replace(" Time", " Standard Time"), first, *listed]


def _iana_of(place: str) -> ZoneInfo | None:
    known = WINDOWS_TO_OLSON.get(place) or _cities().get(place.casefold().replace(" ", "_"))
    return ZoneInfo(known) if known else None


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


@cache
def _iana() -> dict[str, str]:
    return {name.casefold(): name for name in sorted(available_timezones())}


@cache
def _cities() -> dict[str, str]:
    found = (name for name in _iana().values() if "/" in name and not name.startswith("Etc/"))
    return {name.rpartition("/")[2].casefold(): name for name in found}


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day begins; where a clock change skips midnight, the change itself."""
    return to_datetime(instant(day.toordinal(), 0, zone))


def as_instant(shown: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a time; one without a zone is what the clocks of ``zone`` show."""
    if shown.tzinfo is not None:
        return shown.astimezone(UTC)
    minute = shown.hour * 60 + shown.minute
    rest = timedelta(seconds=shown.second, microseconds=shown.microsecond)
    return to_datetime(instant(shown.toordinal(), minute, zone)) + rest
