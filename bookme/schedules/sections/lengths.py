"""Lengths that people may choose from, typed as a list."""

import re
from typing import Any

from flask_babel import gettext as _
from wtforms import StringField, ValidationError

from bookme.web.numbers import Whole

#: What is offered to tick; others are typed.
USUAL = (15, 20, 30, 45, 60, 90)
#: How many lengths a schedule may have.
MOST = 6
_LOW, _HIGH = 5, 1440


class LengthField(Whole):
    """The usual length in minutes: one of those offered, or another that is typed beside them."""

    def own(self) -> str:
        """What is typed, or stored, that is none of those offered."""
        if self.data in USUAL:
            return ""
        return str(self.raw_data[-1]) if self.raw_data else str(self.data or "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        given = [value for value in valuelist if value.strip()]
        self.raw_data = given[:1] or valuelist
        super().process_formdata(self.raw_data)


class LengthsField(StringField):
    """Other lengths in minutes: those that are ticked, and what is typed, separated by commas or
    spaces; ``data`` is the list of them.
    """

    def own(self) -> str:
        """What is typed, or stored, besides those to tick."""
        if self.errors and self.raw_data:
            return str(self.raw_data[-1])
        return ", ".join(str(length) for length in self.data or [] if length not in USUAL)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data: list[int] = []
        parts = re.split(r"[\s,;]+", " ".join(valuelist).strip())
        for part in filter(None, parts):
            if not re.fullmatch("[0-9]{1,4}", part) or not _LOW <= int(part) <= _HIGH:
                raise ValueError(
                    _("Enter minutes from 5 to 1,440, separated by commas, such as 15, 60.")
                )
            if int(part) not in self.data:
                self.data.append(int(part))


def few_enough(form: Any, field: LengthsField) -> None:
    """A check that together with the usual one they aren't too many."""
    others = {*(field.data or [])} - {form.duration_minutes.data}
    if len(others) >= MOST:
        raise ValidationError(_("Enter at most five other lengths."))
