"""Which starts are open between two instants? Pure: no clock, no database, only the standard
library.

Inside this package every integer is minutes; an instant is whole minutes since the epoch, UTC, and
a span of time is half-open. Date-times become instants, and instants date-times, in
:mod:`bookme.availability.minutes`.
"""

from bookme.availability.hours import Hours, Window, longest_stretch, windows_between, windows_on
from bookme.availability.intervals import Span, gaps, merge, overlaps
from bookme.availability.minutes import (
    span_of,
    to_datetime,
    to_datetimes,
    to_minutes,
    to_minutes_up,
)
from bookme.availability.problems import Problem, ProblemKind, problems_of, problems_of_day
from bookme.availability.rules import Dates, Limit, Refusal, Rules
from bookme.availability.slots import Plans, open_slots, open_starts, refusal

__all__ = [
    "Dates",
    "Hours",
    "Limit",
    "Plans",
    "Problem",
    "ProblemKind",
    "Refusal",
    "Rules",
    "Span",
    "Window",
    "gaps",
    "longest_stretch",
    "merge",
    "open_slots",
    "open_starts",
    "overlaps",
    "problems_of",
    "problems_of_day",
    "refusal",
    "span_of",
    "to_datetime",
    "to_datetimes",
    "to_minutes",
    "to_minutes_up",
    "windows_between",
    "windows_on",
]
