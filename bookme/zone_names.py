"""Time zones in words: by their cities, as these are called today; what has no city by its distance
from UTC.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from flask_babel import get_locale
from flask_babel import gettext as _

#: Zones without a city are the same all year.
_ANY = datetime(2000, 1, 1, tzinfo=UTC)


def city(zone: str) -> str | None:
    """``Lisbon``, ``Kyiv``, ``St. John’s``; None for a zone that is no place's."""
    return _city(zone, str(get_locale() or "en"))


@lru_cache(maxsize=2048)
def _city(zone: str, locale: str) -> str | None:
    if zone.startswith("Etc/"):
        return None
    try:
        found = get_timezone_location(zone, locale=locale, return_city=True)
    except LookupError:
        found = zone
    return None if found in ("UTC", "GMT") else str(found).rsplit("/", 1)[-1].replace("_", " ")


def name(zone: str) -> str:
    """``Lisbon``, ``UTC``, ``UTC−8``. The sign in ``Etc/GMT+8`` is the other way round (POSIX), so
    it never comes from the name.
    """
    return city(zone) or distance(zone)


def time_of(zone: str) -> str:
    """What a time is read as: ``Lisbon time``, ``UTC``, ``UTC−8``."""
    place = city(zone)
    return _("%(city)s time", city=place) if place else distance(zone)


def distance(zone: str, at: datetime = _ANY) -> str:
    """How far a zone is from UTC at an instant: ``UTC``, ``UTC−8``, ``UTC+5:30``."""
    minutes = (at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "") if minutes else "UTC"
