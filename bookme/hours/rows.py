"""Opening hours and overrides as rows of a form."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from babel.dates import get_day_names
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, FieldList, Form, FormField, HiddenField
from wtforms.validators import Optional
from wtforms.widgets import TimeInput

from bookme.availability import ProblemKind, Window, problems_of, problems_of_day
from bookme.web.filters import short_day

DAY = 24 * 60
_DAYS_A_WEEK = 7
_MOST_ROWS = 200
#: Nine to five.
_USUAL = [9 * 60, 17 * 60]


def weekdays() -> list[str]:
    """The names of the days, Monday first."""
    names = get_day_names("wide", "stand-alone", get_locale())
    return [names[day] for day in range(_DAYS_A_WEEK)]


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
    for day in set(range(_DAYS_A_WEEK)) - {source}:
        for opens, closes in same:
            if len(rows.entries) < _MOST_ROWS:
                rows.append_entry({"weekday": str(day), "opens": opens, "closes": closes})


def forgive(rows: Iterable[HoursForm | OverrideForm]) -> None:
    """Nothing is wrong with rows that don't count."""
    for field in (field for row in rows for field in row):
        field.errors = []


def check_week(rows: Iterable[HoursForm]) -> bool:
    """Put what is wrong with a week's hours beside the rows at fault; say whether it is fine."""
    return _check(list(rows), week=True)


def check_overrides(rows: Iterable[OverrideForm]) -> bool:
    """The same for dates with hours of their own."""
    given = list(rows)
    undated = [row for row in given if not _date_is_given(row)]
    dates = sorted({row.on.data for row in given if row.on.data})
    wrong = [on for on in dates if not _check([row for row in given if row.on.data == on])]
    return not undated and not wrong


def week_of(rows: Iterable[HoursForm]) -> list[list[list[int]]]:
    """A schedule's ``week`` from its rows."""
    week: list[list[list[int]]] = [[] for _day in range(_DAYS_A_WEEK)]
    for row in rows:
        if window := row.window():
            week[row.day].append([window.opens, window.closes])
    return [sorted(day) for day in week]


def overrides_of(rows: Iterable[OverrideForm]) -> dict[str, list[list[int]]]:
    """A schedule's ``overrides`` from their rows."""
    overrides: dict[str, list[list[int]]] = {}
    for row in rows:
        if row.on.data is None:
            continue
        day = overrides.setdefault(row.on.data.isoformat(), [])
        if window := row.window():
            day.append([window.opens, window.closes])
    return {on: sorted(day) for on, day in sorted(overrides.items())}


def week_rows(week: list[list[list[Any]]]) -> list[dict[str, Any]]:
    """A schedule's ``week`` as rows; a day off has the row that it begins with once it is none."""
    return [
        {"weekday": str(day), "opens": opens, "closes": closes % DAY}
        for day, windows in enumerate(week)
        for opens, closes in windows or [_USUAL]
    ]


def override_rows(overrides: dict[str, list[list[Any]]]) -> list[dict[str, Any]]:
    """A schedule's ``overrides`` as rows."""
    return [
        {"on": date.fromisoformat(on), "opens": opens, "closes": closes and closes % DAY}
        for on, windows in sorted(overrides.items())
        for opens, closes in windows or [[None, None]]
    ]


def clock(minutes: int) -> str:
    """Minutes of the day as ``09:30``."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _window(opens: TimeOfDayField, closes: TimeOfDayField) -> Window | None:
    if opens.data is None or closes.data is None:
        return None
    return Window(opens=opens.data, closes=closes.data or DAY)  # 00:00 ends the day


def _check(rows: list[Any], week: bool = False) -> bool:
    halves = [row for row in rows if not _both_ends_are_given(row)]
    days: list[list[Window]] = [[] for _day in range(_DAYS_A_WEEK)]
    places: dict[tuple[int, int], Any] = {}
    for row in rows:
        day = row.day if week else 0
        if window := row.window():
            places[day, len(days[day])] = row
            days[day].append(window)
    problems = problems_of(days) if week else problems_of_day(days[0])
    for problem in problems:
        row = places[problem.day, problem.index]
        if problem.kind is ProblemKind.ENDS_AT_START:
            say(row.closes, _("Enter an end time other than the start, such as 17:00."))
        elif problem.other is not None:
            say(row.opens, _overlap(places[problem.other], problem.other[0] if week else None))
    return not halves and not problems


def _overlap(other: Any, day: int | None) -> str:
    start, end = clock(other.opens.data), clock(other.closes.data % DAY)
    if day is None:
        return _("This overlaps %(start)s to %(end)s.", start=start, end=end)
    return _(
        "This overlaps %(start)s to %(end)s on %(weekday)s.",
        start=start,
        end=end,
        weekday=weekdays()[day],
    )


def _both_ends_are_given(row: Any) -> bool:
    opens, closes = row.opens, row.closes
    if opens.errors or closes.errors:
        return False
    if (opens.data is None) == (closes.data is None):
        return True
    if opens.data is None:
        say(opens, _("Enter a start time, such as 09:00."))
    else:
        say(closes, _("Enter an end time, such as 17:00."))
    return False


def _date_is_given(row: OverrideForm) -> bool:
    if row.on.data is None and row.window() and not row.on.errors:
        say(row.on, _("Enter the date of these hours, such as 2027-12-24."))
        return False
    return True


def say(field: Field, words: str) -> None:
    """Put an error beside a field."""
    field.errors = [*field.errors, words]
