"""Time zones to choose from."""

from functools import cache
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l

from bookme import zone_names

#: What regions are called, in the order in which they are shown.
_REGIONS = {
    "Europe": _l("Europe"),
    "America": _l("America"),
    "Asia": _l("Asia"),
    "Africa": _l("Africa"),
    "Australia": _l("Australia"),
    "Pacific": _l("Pacific"),
    "Atlantic": _l("Atlantic"),
    "Indian": _l("Indian Ocean"),
    "Arctic": _l("Arctic"),
    "Antarctica": _l("Antarctica"),
}
#: The region of what is in none of them.
_NOWHERE = _l("Elsewhere")

#: Names for what this machine's zone is, or is not set to.
_NO_ZONES = {"localtime", "Factory"}


def is_zone(name: str | None) -> bool:
    """Whether this is the name of a time zone, old names included."""
    return name in _known()


def choices(current: str) -> dict[str, list[tuple[str, str]]]:
    """Zones by region, as (name, words), for a select; ``current`` is always among them."""
    found = {str(_REGIONS[region]): list(cities) for region, cities in _grouped().items()}
    found[str(_NOWHERE)] = [("UTC", "UTC")]
    mine = (current, _words(current))
    if not any(mine in cities for cities in found.values()):
        found[str(_NOWHERE)].append(mine)
    return found


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones()) - _NO_ZONES


@cache
def _grouped() -> dict[str, tuple[tuple[str, str], ...]]:
    return {
        region: tuple(
            (name, _words(name)) for name in sorted(_known()) if name.startswith(f"{region}/")
        )
        for region in _REGIONS
    }


def _words(name: str) -> str:
    region, _, city = name.partition("/")
    return (
        city.replace("_", " ").replace("/", ", ") if region in _REGIONS else zone_names.name(name)
    )
