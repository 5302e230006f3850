"""The times that a host can choose from, a month at a time."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from bookme.availability import Refusal
from bookme.bookings import months, service
from bookme.bookings.slots import BLIND, CLOSED, LENGTH, reach
from bookme.models import Booking, Schedule

_TAKEN = _l("That time has just been taken. Choose another one.")
#: Why a time is not to be had, in words.
REASONS: dict[str, LazyString] = {
    Refusal.PAST: _l("That time is in the past. Choose a later one."),
    Refusal.NOTICE: _l(
        "That time is too soon for the schedule's minimum notice. Choose a later one."
    ),
    Refusal.HORIZON: _l(
        "That time is further ahead than the schedule allows. Choose an earlier one."
    ),
    Refusal.DATES: _l("That date is none of the schedule's dates. Choose another one."),
    Refusal.OUTSIDE: _l("That time is outside the schedule's opening hours. Choose one of these."),
    Refusal.OFF_GRID: _l("No appointment starts at that time. Choose one of these."),
    Refusal.LIMIT: _l(
        "The schedule has reached its limit of bookings for then. Choose another time."
    ),
    Refusal.HOST_LIMIT: _l(
        "You've reached your limit of bookings for then. Choose another time, or change the limit "
        "under Hours."
    ),
    Refusal.BOOKER_LIMIT: _l("This person has as many upcoming appointments as you allow."),
    LENGTH: _l("The schedule doesn't offer this length."),
    Refusal.TAKEN: _TAKEN,
    "taken": _TAKEN,
    CLOSED: _l("The schedule is switched off or deleted, so it has no times."),
    BLIND: _l(
        "We can't read one of your calendars, so no times are offered. The Connections page says "
        "which one."
    ),
}

#: No schedule can be booked further ahead.
_YEARS = 3


def month_of(text: str, booking: Booking, zone: str, now: datetime) -> date:
    """The first day of the month asked for (``2027-03``), else of the booking's month."""
    return month_for(text, max(booking.starts_at, now), zone, now)


def month_for(text: str, around: datetime, zone: str, now: datetime) -> date:
    """The first day of the month asked for (``2027-03``), else of the month of an instant."""
    today = now.astimezone(ZoneInfo(zone)).date()
    try:
        asked = date.fromisoformat(f"{text}-01")
        if abs(asked.year - today.year) <= _YEARS:
            return asked
    except ValueError:
        pass  # not a month
    return around.astimezone(ZoneInfo(zone)).date().replace(day=1)


def free_days(
    schedule: Schedule,
    month: date,
    zone: str,
    *,
    now: datetime,
    moving: Booking | None = None,
    minutes: int | None = None,
) -> list[tuple[date, list[datetime]]]:
    """The month's days that have times, with their times, on the wall calendar of a zone."""
    begin, end = months.span(month, zone)
    starts = service.open_slots(schedule, begin, end, now=now, moving=moving, minutes=minutes)
    return list(months.by_day(starts, zone).items())


def neighbours(
    schedule: Schedule, month: date, zone: str, now: datetime
) -> tuple[date | None, date | None]:
    """The months before and after that can have times; None where there are none."""
    today = now.astimezone(ZoneInfo(zone)).date()
    last = reach(schedule, now=now)[1].astimezone(ZoneInfo(zone)).date()
    before, after = months.before(month), months.after(month)
    return (before if before >= today.replace(day=1) else None), (after if after <= last else None)
