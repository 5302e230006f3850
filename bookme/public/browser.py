"""What a booker's browser says of how its reader reads times: the header Accept-Language."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale, UnknownLocaleError

#: Enough for whom it is true; the rest of an endless header is not read.
_LONGEST, _MOST = 1000, 12
_RANGE = re.compile(r"\s*([a-z]{2,3}(?:[-_][a-z0-9]{1,8})*)\s*(?:;\s*q=([01](?:\.\d*)?))?\s*", re.I)
#: A list of our own: to ask babel would load the data of every language that somebody names.
_TWELVE_HOURS = Path(__file__).with_name("twelve_hours.txt")


@dataclass(frozen=True, slots=True)
class Custom:
    """How people who read a language write times.

    :ivar locale: the language as Babel names it, such as ``en_GB``.
    :ivar hours: of their clocks, 12 or 24.
    """

    locale: str
    hours: int


def custom_of(header: str | None) -> Custom | None:
    """The custom of the first language that is known; None if the browser names none."""
    return _first_known(header[:_LONGEST]) if header else None


@lru_cache(maxsize=512)
def _first_known(header: str) -> Custom | None:
    wishes = []
    for place, part in enumerate(header.split(",")[:_MOST]):
        found = _RANGE.fullmatch(part)
        weight = float(found[2] or 1) if found else 0
        if found and 0 < weight <= 1:
            wishes.append((-weight, place, found[1].lower()))
    return next((custom for *_, tag in sorted(wishes) if (custom := _custom(tag))), None)


@lru_cache(maxsize=512)
def _custom(tag: str) -> Custom | None:
    """The custom of a language tag, of as much of it as is known: ``de-DE-1996`` is ``de_DE``."""
    parts = tag.replace("_", "-").split("-")
    if parts[0] == "und":
        return None
    for length in range(len(parts), 0, -1):
        try:
            locale = Locale.parse("-".join(parts[:length]), sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        # Without a variant, such as en_US_POSIX.
        name = str(Locale(locale.language, territory=locale.territory, script=locale.script))
        return Custom(name, 12 if name in _twelve_hours() else 24)
    return None


@cache
def _twelve_hours() -> frozenset[str]:
    lines = _TWELVE_HOURS.read_text("ascii").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())
