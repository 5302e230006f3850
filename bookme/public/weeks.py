"""Which day a week begins with, for whom."""

from datetime import date, timedelta
from functools import lru_cache

from babel.core import get_global
from babel.dates import get_day_names
from flask_babel import get_locale

#: Countries whose weeks don't begin on Monday, as the CLDR has it. A list of our own, as for clocks
#: (browser.py).
_BEGINS = {
    6: "AG AO AS BD BR BS BT BW BZ CA CO CV DM DO ET GQ GT GU GW HK HN ID IL IN JM JP KE KH KR LA"
    " MH MM MO MT MX MZ NI NP PA PE PH PK PR PT PY SA SG ST SV TH TL TT TW UM US VE VI WS YE ZA ZW",
    5: "AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY",
    4: "MV",
}
_FIRST = {country: day for day, listed in _BEGINS.items() for country in listed.split()}


def first_weekday(locale: str) -> int:
    """The day that a reader's weeks begin with; Monday is 0.

    :param locale: such as ``en_US``. Without a country, that of most who speak the language counts.
    """
    return _FIRST.get(_country(locale), 0)


def week_of(on: date, first: int) -> date:
    """The day on which a date's week begins.

    :param first: the day that weeks begin with; Monday is 0.
    """
    return on - timedelta(days=(on.weekday() - first) % 7)


def heads(first: int) -> list[tuple[str, str]]:
    """The heads of a calendar's columns: each day's name, and the same in short."""
    return list(_heads(first, str(get_locale() or "en")))


@lru_cache(maxsize=128)
def _heads(first: int, spoken: str) -> tuple[tuple[str, str], ...]:
    names, shorts = (
        get_day_names(width, context="stand-alone", locale=spoken) for width in ("wide", "short")
    )
    return tuple((names[day % 7], shorts[day % 7]) for day in range(first, first + 7))


def _country(locale: str) -> str:
    parts = locale.split("_")
    found = [part for part in parts[1:] if len(part) == 2 and part.isupper()]
    if found:
        return found[0]
    likely = get_global("likely_subtags")
    return str(likely.get(locale) or likely.get(parts[0]) or "").rpartition("_")[2]
