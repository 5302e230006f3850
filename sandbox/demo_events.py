"""What stands in the demo people's calendars from the first day on, relative to that day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.entries import Entry, days_later, midnight

#: Names of calendars beside everybody's main one: of whom, and whether they can be written.
SECOND, READ_ONLY = "Family", "Holidays"


@dataclass(frozen=True, slots=True)
class _Plan:
    title: str
    day: int
    at: str = ""
    minutes: int = 60
    days: int = 0
    calendar: str = ""
    more: tuple[tuple[str, Any], ...] = ()


_WORKDAYS = ("rule", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")
_BUSY_PERSON = [
    _Plan("Stand-up", -7, "09:15", 15, more=(_WORKDAYS,)),
    _Plan("Lunch with Ines", 1, "12:30", 60, more=(("place", "Café Rosa"),)),
    _Plan("Quarterly report, if time allows", 1, "14:00", 120, more=(("shows", "free"),)),
    _Plan("Dentist", 2, "15:00", 45),
    _Plan("Project review", 2, "10:00", 60, more=(("cancelled", True),)),
    _Plan("Sales pitch of Olga’s", 3, "11:00", 60, more=(("declined", True),)),
    _Plan("Lea’s birthday", 4, days=1, more=(("shows", "free"),)),
    _Plan("Conference in Lisbon", 9, days=2),
    _Plan("School play", 5, "16:00", 90, calendar=SECOND),
    _Plan("Day of the bridge", 6, days=1, calendar=READ_ONLY, more=(("shows", "free"),)),
]
_OTHERS = [
    _Plan("Yoga", -3, "17:00", 60, more=(("rule", "FREQ=WEEKLY"),)),
    _Plan("Out of the office", 8, days=1),
]


def entries(email: str, zone: str, now: datetime) -> Iterator[tuple[str, Entry]]:
    """A person's entries, each with the name of its calendar; empty for the main one."""
    today = midnight(now, zone)
    for plan in _BUSY_PERSON if email.startswith("mara@") else _OTHERS:
        day = days_later(today, plan.day, zone)
        if plan.days:
            start, end = day, days_later(day, plan.days, zone)
        else:
            hours, minutes = map(int, plan.at.split(":"))
            start = days_later(day, 0, zone) + timedelta(hours=hours, minutes=minutes)
            end = start + timedelta(minutes=plan.minutes)
        more = dict(plan.more)
        yield (
            plan.calendar,
            Entry(plan.title, start, end, zone, all_day=bool(plan.days), **more),
        )


def calendar_names(email: str) -> list[str]:
    """The calendars of a person beside the main one."""
    return [SECOND, READ_ONLY] if email.startswith("mara@") else []
