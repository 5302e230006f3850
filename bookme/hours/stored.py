"""A week's hours and those of single dates: as rows of a form, and as they are stored."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from bookme.hours.rows import HoursForm, OverrideForm
from bookme.hours.time_fields import DAY, DAYS_A_WEEK

#: Nine to five.
_USUAL = [9 * 60, 17 * 60]


def week_of(rows: Iterable[HoursForm]) -> list[list[list[int]]]:
    """A schedule's ``week`` from its rows."""
    week: list[list[list[int]]] = [[] for _day in range(DAYS_A_WEEK)]
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
