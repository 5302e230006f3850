"""Time zones: which there are today, and in words by their cities; what has no city by its distance
from UTC.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel import Locale
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


def offset(zone: str, at: datetime) -> str:
    """The same in a form that lists can be searched by: ``UTC+5:30``; ``UTC+0`` for none."""
    found = distance(zone, at)
    return found if found != "UTC" else "UTC+0"


def country(zone: str) -> str:
    """The name of the country that a zone's city is in; empty for none, or for a city that is
    called the same."""
    code, spoken = places().get(zone), str(get_locale() or "en")
    name = Locale.parse(spoken).territories.get(code, "") if code else ""
    return "" if name == city(zone) else str(name)


@cache
def places() -> Mapping[str, str]:
    """Today's names of all zones that are a city's, and the country that each is in.

    Only they are offered: none of the links by which old names lead to them.
    """
    rows = (line.split("\t") for line in _lines("zone.tab") if not line.startswith("#"))
    return {row[2]: row[0] for row in rows}


def same_clock(at: datetime, *zones: str) -> bool:
    """Whether the clocks of these zones show the same at an instant."""
    return len({at.astimezone(ZoneInfo(zone)).utcoffset() for zone in zones}) == 1


def today(zone: str) -> str:
    """What a zone is called today: ``Europe/Kyiv`` for ``Europe/Kiev``."""
    known, links = places(), _links()
    name = zone
    while name not in known and name in links:
        name = links[name]
    return name if name in known else zone


@cache
def _links() -> dict[str, str]:
    """Other names of zones, and what they lead to."""
    found = (line.split() for line in _lines("tzdata.zi") if line.startswith("L "))
    return {old: new for _L, new, old in found}


def _lines(name: str) -> Iterator[str]:
    return iter((files("tzdata") / "zoneinfo" / name).read_text("utf-8").splitlines())
