"""Times that come from an address or a form, and what to offer in place of one that is gone."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bookme.bookings import service as bookings
from bookme.bookings.slots import reach
from bookme.models import Booking, Schedule
from bookme.web.fields import instant_in

_MOST = 12
_NEAR = timedelta(days=7)


def offered(text: str) -> datetime | None:
    """The instant that an address names; None if it names none."""
    try:
        return instant_in(text.replace(" ", "+"))  # a plus sign that nobody escaped
    except ValueError:
        return None


def length_in(text: str | None) -> int | None:
    """The minutes that an address or a form names; None if it names none, 0 for nonsense."""
    if not text:
        return None
    return int(text) if re.fullmatch("[0-9]{1,4}", text) else 0


def fresh_times(
    schedule: Schedule,
    around: datetime | None,
    zone: str,
    *,
    now: datetime,
    moving: Booking | None = None,
    minutes: int | None = None,
) -> list[datetime]:
    """Some free times to offer in place of one that is not: those of its day, else of the week
    from there, else the next there are.
    """
    first, last = reach(schedule, now=now)
    local = max(min(around or now, last), first).astimezone(ZoneInfo(zone))
    day = datetime.combine(local.date(), time(), local.tzinfo)
    for begin, end in ((day, day + timedelta(days=1)), (day, day + _NEAR)):
        starts = bookings.open_slots(schedule, begin, end, now=now, moving=moving, minutes=minutes)
        if starts:
            return _nearest(starts, local)
    following = bookings.next_slot(schedule, now=now, moving=moving, minutes=minutes)
    if following is None:
        return []
    end = following + _NEAR
    starts = bookings.open_slots(schedule, following, end, now=now, moving=moving, minutes=minutes)
    return starts[:_MOST]


def _nearest(starts: list[datetime], to: datetime) -> list[datetime]:
    return sorted(sorted(starts, key=lambda start: abs(start - to))[:_MOST])
