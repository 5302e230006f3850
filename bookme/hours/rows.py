"""Opening hours and overrides as rows of a form."""

import re
from collections.abc import Iterator
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, HiddenField
from wtforms.validators import Optional

from bookme.availability import Window
from bookme.hours.time_fields import DAY, DAYS_A_WEEK, DayField, TimeOfDayField, weekdays
from bookme.web.filters import short_day

_MOST_ROWS = 200


class HoursForm(Form):
    """One window on a weekday. Empty rows don't count."""

    weekday = HiddenField()
    opens = TimeOfDayField(_l("From"), latest=DAY - 1)
    closes = TimeOfDayField(_l("To"), latest=DAY)

    @property
    def day(self) -> int:
        text = str(self.weekday.data)
        return int(text) if text in set("0123456") else 0

    def window(self) -> Window | None:
        return _window(self.opens, self.closes)

    def called(self, number: int) -> str:
        """What a list of errors calls the row."""
        return weekdays()[self.day]


class OverrideForm(Form):
    """Other hours on one date; without times the date is a day off. Rows without a date don't
    count.
    """

    on = DayField(_l("Date"), validators=[Optional()])
    opens = TimeOfDayField(_l("From"), latest=DAY - 1)
    closes = TimeOfDayField(_l("To"), latest=DAY)

    def window(self) -> Window | None:
        return _window(self.opens, self.closes)

    def called(self, number: int) -> str:
        """What a list of errors calls the row, if it has a date."""
        return short_day(self.on.data) if self.on.data else ""


class Rows(FieldList):
    """A list of rows that can grow while it is edited.

    :ivar acted: what the button that was pressed has done (such as ``add`` or ``remove``), and to
        which row: its place now, or that of the row that came into its place.
    """

    acted: tuple[str, int] | None = None

    def __init__(self, form: type[Form], label: LazyString, **kwargs: Any) -> None:
        super().__init__(FormField(form), label, max_entries=_MOST_ROWS, **kwargs)

    def add(self, row: dict[str, Any] | None = None) -> None:
        """One more row, in which whoever has pressed the button goes on."""
        self._begin_in(self.append_entry(row))
        self.acted = ("add", len(self) - 1)

    def remove(self, place: int) -> None:
        """One row less."""
        self.pop_entry(place)
        self.acted = ("remove", min(place, len(self) - 1))

    def is_at(self, place: int, act: str) -> bool:
        """Whether the button that was pressed has done this to the row at a place."""
        return self.acted == (act, place)

    @staticmethod
    def _begin_in(entry: FormField) -> None:
        first = next(field for field in entry.form if not isinstance(field, HiddenField))
        first.render_kw = {"autofocus": True}

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        """The numbers of the rows that were sent; what is none that a page of ours has is not."""
        named = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,6}})-")
        return (int(found[1]) for found in map(named.match, formdata) if found)


def copy_day(rows: Rows, source: int) -> None:
    """Give all other days the windows of one day, in a list of :class:`HoursForm`."""
    same = [(row.form.opens.data, row.form.closes.data) for row in rows if row.form.day == source]
    rows.entries = [row for row in rows if row.form.day == source]
    for day in set(range(DAYS_A_WEEK)) - {source}:
        for opens, closes in same:
            if len(rows.entries) < _MOST_ROWS:
                rows.append_entry({"weekday": str(day), "opens": opens, "closes": closes})


def _window(opens: TimeOfDayField, closes: TimeOfDayField) -> Window | None:
    if opens.data is None or closes.data is None:
        return None
    return Window(opens=opens.data, closes=closes.data or DAY)  # 00:00 ends the day
