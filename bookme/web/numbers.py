"""Whole numbers that people type, and what is said where they aren't."""

from contextlib import suppress
from typing import Any

from flask_babel import LazyString, format_decimal
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange, Optional

MINUTES = _l("Enter a whole number of minutes from %(low)s to %(high)s.")
DAYS = _l("Enter a whole number of days from %(low)s to %(high)s.")
NUMBER = _l("Enter a whole number from %(low)s to %(high)s.")


def whole(low: int, high: int, sentence: LazyString) -> list[Any]:
    """The checks of a whole number that must be given."""
    words = LazyString(lambda: sentence % {"low": low, "high": format_decimal(high)})
    return [InputRequired(words), NumberRange(low, high, message=words)]


def whole_if_any(low: int, high: int, sentence: LazyString) -> list[Any]:
    """The checks of a whole number that may be left out."""
    return [Optional(), *whole(low, high, sentence)[1:]]


class Whole(IntegerField):
    """A whole number; what is not one gets the words of the range check.

    :cvar is_named_in_errors: such words fit any number, so a list of errors names the field.
    """

    is_named_in_errors = True

    def process_formdata(self, valuelist: list[Any]) -> None:
        with suppress(ValueError):
            super().process_formdata(valuelist)
