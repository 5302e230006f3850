"""The times to which a host can move a booking, a month at a time."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bookme.availability import Refusal
from bookme.bookings import months, service
from bookme.bookings.slots import BLIND, CLOSED
from bookme.models import Booking

#: Why a time is not to be had, in words.
REASONS: dict[str, str] = {
    Refusal.PAST: "That time is past.",
    Refusal.NOTICE: "That time is closer than the schedule's notice allows.",
    Refusal.HORIZON: "That time is further ahead than the schedule allows.",
    Refusal.OUTSIDE: "That time is outside the schedule's opening hours.",
    Refusal.OFF_GRID: "The schedule has no appointment that starts at that time.",
    Refusal.LIMIT: "The schedule has as many bookings as it takes then.",
    Refusal.TAKEN: "That time has just been taken.",
    "taken": "That time has just been taken.",
    CLOSED: "The schedule is switched off or deleted, so it has no times.",
    BLIND: (
        "One of your calendars cannot be read, so no times are offered. The Connections page says "
        "which one."
    ),
}


#: No schedule can be booked further ahead.
_YEARS = 3


def month_of(text: str, booking: Booking, zone: str, now: datetime) -> date:
    """The first day of the month asked for (``2027-03``), else of the booking's month."""
    today = now.astimezone(ZoneInfo(zone)).date()
    try:
        asked = date.fromisoformat(f"{text}-01")
        if abs(asked.year - today.year) <= _YEARS:
            return asked
    except ValueError:
        pass  # not a month
    return max(booking.starts_at, now).astimezone(ZoneInfo(zone)).date().replace(day=1)


def days(
    booking: Booking, month: date, zone: str, *, now: datetime
) -> list[tuple[date, list[datetime]]]:
    """The month's days that have times, with their times, on the wall calendar of a zone."""
    begin, end = months.span(month, zone)
    starts = service.open_slots(booking.schedule, begin, end, now=now, moving=booking)
    return list(months.by_day(starts, zone).items())


def neighbours(
    booking: Booking, month: date, zone: str, now: datetime
) -> tuple[date | None, date | None]:
    """The months before and after that can have times; None where there are none."""
    today = now.astimezone(ZoneInfo(zone)).date()
    last = today + timedelta(days=booking.schedule.horizon_days)
    before, after = months.before(month), months.after(month)
    return (before if before >= today.replace(day=1) else None), (after if after <= last else None)
