"""The times that iCalendar entries take, those that repeat expanded."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event

from bookme.calendars.base import Busy
from bookme.calendars.ical import instant

log = logging.getLogger(__name__)

#: Days, and times that do not say their zone, are up to so far from where they seem to be.
_ZONES_DIFFER = timedelta(days=1)
#: A rule that names more times a day than this is no appointment's, and could take hours to expand.
_MOST_A_DAY = 96
_REPEATS = ("rrule", "rdate", "recurrence-id")
#: What the packages raise over values that make no sense.
_ODD = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError)


def busy(
    content: str, begin: datetime, end: datetime, *, zone: ZoneInfo, own: str
) -> Iterator[Busy]:
    """What one file of entries takes between two instants.

    A rule that cannot be followed counts as no rule: the entry takes its first time.

    :param zone: the host's own, for days and for times that do not say theirs.
    :param own: the host's address, to see whether he has declined.
    """
    try:
        file = Calendar.from_ical(content)
    except ValueError:
        log.warning("an entry of a calendar could not be read")
        return
    for event in _occurrences(file, begin - _ZONES_DIFFER, end + _ZONES_DIFFER):
        time = None if _is_free(event, own) else _time(event, zone)
        if time is not None and time[0] < min(time[1], end) and time[1] > begin:
            yield Busy(*time, str(event.get("uid", "")))


def _occurrences(file: Any, begin: datetime, end: datetime) -> list[Event]:
    events = list(file.walk("VEVENT"))
    repeats = any(name in event for event in events for name in _REPEATS)
    if not repeats or any(_has_odd_rule(event) for event in events):
        return events
    try:
        return recurring_ical_events.of(file, components=["VEVENT"]).between(begin, end)
    except _ODD:
        log.warning("an entry's repetitions could not be followed")
        return events


def _has_odd_rule(event: Event) -> bool:
    rules = _as_list(event.get("rrule", []))
    return any(not isinstance(rule, dict) or _times_a_day(rule) > _MOST_A_DAY for rule in rules)


def _times_a_day(rule: dict[str, Any]) -> int:
    often = {"SECONDLY": 86400, "MINUTELY": 1440}.get(
        str(_as_list(rule.get("freq", ""))[0]).upper()
    )
    if often:
        return often
    named = (len(_as_list(rule.get(name, ["only"]))) for name in ("byhour", "byminute", "bysecond"))
    hours, minutes, seconds = named
    return hours * minutes * seconds


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _time(event: Event, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    try:
        starts_at = instant(event.get("dtstart"), zone)
        ends_at = instant(event.get("dtend"), zone)
        if starts_at is not None and ends_at is None:
            ends_at = starts_at + _length(event)
    except _ODD:
        return None
    return (starts_at, ends_at) if starts_at is not None and ends_at is not None else None


def _length(event: Event) -> timedelta:
    duration = getattr(event.get("duration"), "dt", None)
    if isinstance(duration, timedelta):
        return duration
    # RFC 5545, 3.6.1: a day without an end is one day; a time without one takes no time.
    is_day = not isinstance(getattr(event.get("dtstart"), "dt", None), datetime)
    return timedelta(days=1 if is_day else 0)


def _is_free(event: Event, own: str) -> bool:
    return (
        str(event.get("transp", "")).upper() == "TRANSPARENT"
        or str(event.get("status", "")).upper() == "CANCELLED"
        or any(_has_declined(attendee, own) for attendee in _as_list(event.get("attendee", [])))
    )


def _has_declined(attendee: Any, own: str) -> bool:
    address = str(attendee).casefold().removeprefix("mailto:")
    answer = str(getattr(attendee, "params", {}).get("partstat", "")).upper()
    return address == own.casefold() and answer == "DECLINED"
