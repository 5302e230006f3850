"""Lengths that people may choose from, typed as a list."""

import re
from typing import Any

from flask_babel import gettext as _
from wtforms import StringField, ValidationError

#: How many lengths a schedule may have.
MOST = 6
_LOW, _HIGH = 5, 1440


class LengthsField(StringField):
    """Other lengths in minutes, separated by commas or spaces; ``data`` is the list of them."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return ", ".join(str(length) for length in self.data or [])

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data: list[int] = []
        parts = re.split(r"[\s,;]+", valuelist[0].strip()) if valuelist else []
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
