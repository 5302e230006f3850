"""Time zones as calendars name them, and days and wall-clock times as instants."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from bookme.availability import to_datetime
from bookme.availability.local import instant

_OWN_NAMES = {"tzone://Microsoft/Utc": "UTC"}


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
