"""The free times of a schedule that a host can tick, some days of them at a time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bookme.bookings import months, service
from bookme.bookings.slots import reach
from bookme.models import Schedule

#: So many days with times are shown at once, and fewer if they have very many times.
_DAYS, _TIMES = 7, 120
#: So far ahead a page looks for them.
_SPAN = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Offer:
    """:ivar days: the days with their free times, on the host's calendar.
    :ivar later: the day on which the next page begins; None on the last one.
    """

    days: dict[date, list[datetime]]
    later: date | None


def offer(schedule: Schedule, since: date | None, minutes: int, *, now: datetime) -> Offer:
    """Free times from a day on; without one, from the next there is."""
    zone = schedule.host.zone
    first, last = reach(schedule, now=now)
    if since is None:
        following = service.next_slot(schedule, now=now, minutes=minutes)
        begin = following or first
    else:
        begin = max(first, min(months.midnight(since, zone), last))
    end = months.midnight(begin.astimezone(ZoneInfo(zone)).date(), zone) + _SPAN
    starts = service.open_slots(schedule, begin, end, now=now, minutes=minutes)
    days = months.by_day(starts, zone)
    shown, count = dict[date, list[datetime]](), 0
    for on, times in days.items():
        if shown and (len(shown) == _DAYS or count + len(times) > _TIMES):
            return Offer(shown, on)
        shown[on], count = times, count + len(times)
    return Offer(shown, end.astimezone(ZoneInfo(zone)).date() if end <= last else None)


def still_free(
    schedule: Schedule, starts: list[datetime], minutes: int, *, now: datetime
) -> list[datetime]:
    """Those of some starts that are on offer, each once and in order. One query."""
    if not starts:
        return []
    end = max(starts) + timedelta(minutes=1)
    free = service.open_slots(schedule, min(starts), end, now=now, minutes=minutes)
    return sorted(set(starts) & set(free))
