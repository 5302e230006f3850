"""Time zones to choose from."""

from functools import cache
from zoneinfo import available_timezones

from bookme import zone_names

_REGIONS = (
    "Europe",
    "America",
    "Asia",
    "Africa",
    "Australia",
    "Pacific",
    "Atlantic",
    "Indian",
    "Arctic",
    "Antarctica",
)

#: Names for what this machine's zone is, or is not set to.
_NO_ZONES = {"localtime", "Factory"}


def is_zone(name: str | None) -> bool:
    """Whether this is the name of a time zone, old names included."""
    return name in _known()


def choices(current: str) -> dict[str, list[tuple[str, str]]]:
    """Zones by region, as (name, words), for a select; ``current`` is always among them."""
    found = {region: list(cities) for region, cities in _grouped().items()}
    mine = (current, _words(current))
    if not any(mine in cities for cities in found.values()):
        found["Elsewhere"].append(mine)
    return found


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones()) - _NO_ZONES


@cache
def _grouped() -> dict[str, tuple[tuple[str, str], ...]]:
    named = {
        region: tuple(
            (name, _words(name)) for name in sorted(_known()) if name.startswith(f"{region}/")
        )
        for region in _REGIONS
    }
    return named | {"Elsewhere": (("UTC", "UTC"),)}


def _words(name: str) -> str:
    region, _, city = name.partition("/")
    return (
        city.replace("_", " ").replace("/", ", ") if region in _REGIONS else zone_names.name(name)
    )
