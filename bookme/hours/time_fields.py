"""Times of the day, days and weekdays, as forms have them."""

import re
from typing import Any

from babel.dates import get_day_names
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from wtforms import DateField, Field
from wtforms.widgets import TimeInput

DAY = 24 * 60
DAYS_A_WEEK = 7


def weekdays() -> list[str]:
    """The names of the days, Monday first."""
    names = get_day_names("wide", "stand-alone", get_locale())
    return [names[day] for day in range(DAYS_A_WEEK)]


def clock(minutes: int) -> str:
    """Minutes of the day as ``09:30``."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


class TimeOfDayField(Field):
    """A time on the wall clock as minutes of the day.

    :param latest: the last one it takes: a window may end at 24:00, but not begin then.
    """

    widget = TimeInput()

    def __init__(self, label: LazyString, latest: int, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.latest = latest

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else clock(self.data % DAY)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        found = re.fullmatch(r"(\d{1,2}):(\d{2})(?::\d{2})?", text)
        minutes = int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else None
        if minutes is None or minutes > self.latest:
            raise ValueError(_("Enter a time, such as 09:30."))
        self.data = minutes


class DayField(DateField):
    """A date, refused in words that say what to enter."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Enter a date, such as 2027-12-24.")) from None
