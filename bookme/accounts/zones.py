"""Time zones to choose from."""

import unicodedata
from functools import cache, lru_cache
from zoneinfo import available_timezones

from flask_babel import get_locale
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
    """Today's zones by region, as (name, words), for a select.

    ``current`` is always among them: an old name in the place of today's.
    """
    found = {str(_REGIONS[region]): list(cities) for region, cities in _grouped(_spoken())}
    elsewhere = found[str(_NOWHERE)] = [("UTC", "UTC")]
    now = zone_names.today(current)
    for cities in found.values():
        names = [name for name, _words in cities]
        if now in names:
            cities[names.index(now)] = (current, cities[names.index(now)][1])
            return found
    elsewhere.append((current, zone_names.name(current)))
    return found


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones()) - _NO_ZONES


def _spoken() -> str:
    return str(get_locale() or "en")


@lru_cache(maxsize=32)
def _grouped(spoken: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The zones of each region, by their words in the language that is spoken now."""
    listed = sorted((_plain(words), name, words) for name, words in _named())
    return tuple(
        (region, tuple((name, words) for _key, name, words in listed if _is_in(name, region)))
        for region in _REGIONS
    )


def _named() -> list[tuple[str, str]]:
    return [(name, zone_names.name(name)) for name in zone_names.places() if is_zone(name)]


def _is_in(name: str, region: str) -> bool:
    return name.startswith(f"{region}/")


def _plain(words: str) -> str:
    """Words without accents, for their order."""
    return unicodedata.normalize("NFKD", words).casefold()
