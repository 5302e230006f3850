"""What is wrong with rows of hours, said beside the rows at fault."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from wtforms import Field

from bookme.availability import ProblemKind, Window, problems_of, problems_of_day
from bookme.hours.rows import HoursForm, OverrideForm
from bookme.hours.time_fields import DAY, DAYS_A_WEEK, clock, weekdays


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


def say(field: Field, words: str) -> None:
    """Put an error beside a field."""
    field.errors = [*field.errors, words]


def _check(rows: list[Any], week: bool = False) -> bool:
    halves = [row for row in rows if not _both_ends_are_given(row)]
    days: list[list[Window]] = [[] for _day in range(DAYS_A_WEEK)]
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
