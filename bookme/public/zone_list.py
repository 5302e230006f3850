"""The list of zones that a booker chooses from; it comes when it is asked for."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from bookme import zone_names
from bookme.accounts import zones
from bookme.public.reader import Reader
from bookme.web.filters import clock


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone to choose.

    :ivar place: its city, with its country.
    :ivar now: what time it is there.
    :ivar offset: how far it is from UTC now.
    """

    name: str
    place: str
    now: str
    offset: str


def zone_list(reader: Reader, at: datetime) -> dict[str, list[Zone]]:
    """Today's zones by region."""
    minute = at.replace(second=0, microsecond=0)
    return {
        region: [
            Zone(name, _place(name, city), *_now(name, minute, reader.hours))
            for name, city in cities
        ]
        for region, cities in zones.choices(reader.zone).items()
    }


def _place(name: str, city: str) -> str:
    country = zone_names.country(zone_names.today(name))
    return f"{city}, {country}" if country else city


@lru_cache(maxsize=2048)  # Python keeps eight zones ready and reads the others' files again
def _now(name: str, at: datetime, hours: int) -> tuple[str, str]:
    return clock(at, name, hours), zone_names.offset(name, at)
