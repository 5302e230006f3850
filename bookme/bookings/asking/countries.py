"""Countries as a phone number needs them: by name, with their calling codes."""

import unicodedata
from functools import lru_cache
from typing import TypeGuard

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from flask_babel import get_locale

#: Whom a number belongs to that nothing says more about.
_ANY = "GB"


def choices() -> tuple[tuple[str, str], ...]:
    """Every country's code and words such as ``Portugal +351``, by name in the page's language."""
    return _choices(str(get_locale() or "en"))


@lru_cache(maxsize=32)
def _choices(locale: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(locale).territories
    named = ((names.get(one, one), one) for one in phonenumbers.SUPPORTED_REGIONS)
    return tuple((one, f"{name} +{calling(one)}") for name, one in sorted(named, key=_place))


def _place(named: tuple[str, str]) -> str:
    """Where a name stands among others: ``Österreich`` beside ``Oman``."""
    parts = unicodedata.normalize("NFKD", named[0])
    return "".join(one for one in parts if not unicodedata.combining(one)).casefold()


def calling(country: str) -> int:
    """A country's calling code."""
    return phonenumbers.country_code_for_region(country)


def is_country(code: str | None) -> TypeGuard[str]:
    """Whether phone numbers have this country."""
    return code in phonenumbers.SUPPORTED_REGIONS


def country_of(zone: str, locale: str = "") -> str:
    """The country where somebody most likely has their phone: that of their zone, else that of
    their language.
    """
    likely = _of_zone(zone), _of_locale(locale)
    return next((one for one in likely if is_country(one)), _ANY)


def _of_zone(zone: str) -> str:
    today = get_global("zone_aliases").get(zone, zone)
    return str(get_global("zone_territories").get(today) or "")


def _of_locale(locale: str) -> str:
    try:
        return str(Locale.parse(locale).territory or "") if locale else ""
    except (UnknownLocaleError, ValueError):
        return ""
