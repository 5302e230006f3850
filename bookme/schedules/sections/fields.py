"""Fields that several sections have: whole numbers and lengths of time."""

from contextlib import suppress
from typing import Any

from flask_babel import LazyString, format_decimal
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.fields.choices import SelectChoice as Choice
from wtforms.validators import InputRequired, NumberRange, Optional

MINUTES = _l("Enter a whole number of minutes from %(low)s to %(high)s.")
DAYS = _l("Enter a whole number of days from %(low)s to %(high)s.")
NUMBER = _l("Enter a whole number from %(low)s to %(high)s.")
UNITS = {"minutes": 1, "hours": 60, "days": 24 * 60}
UNIT_CHOICES = [
    Choice("minutes", _l("minutes")),
    Choice("hours", _l("hours")),
    Choice("days", _l("days")),
]


def strip(text: str | None) -> str:
    """A filter: the text without white space around it."""
    return (text or "").strip()


def whole(low: int, high: int, sentence: LazyString) -> list[Any]:
    """The checks of a whole number that must be given."""
    words = LazyString(lambda: sentence % {"low": low, "high": format_decimal(high)})
    return [InputRequired(words), NumberRange(low, high, message=words)]


def whole_if_any(low: int, high: int, sentence: LazyString) -> list[Any]:
    """The checks of a whole number that may be left out."""
    return [Optional(), *whole(low, high, sentence)[1:]]


class Whole(IntegerField):
    """A whole number; what is not one gets the words of the range check."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        with suppress(ValueError):
            super().process_formdata(valuelist)


def in_units(minutes: int | None, usual: str = "hours") -> tuple[int | None, str]:
    """A length of time as it would be typed: a number, and the greatest unit that has no rest.

    :param usual: the unit of nothing.
    """
    if not minutes:
        return minutes, usual
    unit = next(one for one in ("days", "hours", "minutes") if minutes % UNITS[one] == 0)
    return minutes // UNITS[unit], unit
