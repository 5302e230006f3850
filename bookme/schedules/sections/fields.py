"""Fields that several sections have: whole numbers and lengths of time."""

from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice as Choice

from bookme.web.numbers import DAYS, MINUTES, NUMBER, Whole, whole, whole_if_any

__all__ = [
    "DAYS",
    "MINUTES",
    "NUMBER",
    "UNITS",
    "UNIT_CHOICES",
    "Whole",
    "in_units",
    "strip",
    "whole",
    "whole_if_any",
]

UNITS = {"minutes": 1, "hours": 60, "days": 24 * 60}
UNIT_CHOICES = [
    Choice("minutes", _l("minutes")),
    Choice("hours", _l("hours")),
    Choice("days", _l("days")),
]


def strip(text: str | None) -> str:
    """A filter: the text without white space around it."""
    return (text or "").strip()


def in_units(minutes: int | None, usual: str = "hours") -> tuple[int | None, str]:
    """A length of time as it would be typed: a number, and the greatest unit that has no rest.

    :param usual: the unit of nothing.
    """
    if not minutes:
        return minutes, usual
    unit = next(one for one in ("days", "hours", "minutes") if minutes % UNITS[one] == 0)
    return minutes // UNITS[unit], unit
