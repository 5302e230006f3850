"""Where the wall clock meets the time line. Days are ordinals of the calendar, as
``date.toordinal`` counts them.
"""

from bisect import bisect_left
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bookme.availability.minutes import to_datetime

DAY = 1440
_EPOCH = date(1970, 1, 1).toordinal()
_MINUTE = timedelta(minutes=1)


@lru_cache(maxsize=8192)
def instant(day: int, minute: int, zone: ZoneInfo) -> int:
    """The instant at which the clocks of a zone show a minute of a local day.

    A time that a clock change skips is the change itself, the end of the gap; of a time that
    happens twice it is the first. So a later wall-clock time is never an earlier instant.

    :param minute: of the day, from 0; 1440 is midnight at its end.
    """
    on = date.fromordinal(day + minute // DAY)
    hour, minute_of_hour = divmod(minute % DAY, 60)
    # PEP 495: in a gap, fold 0 has the offset from before the change and fold 1 that from after it.
    before = _offset(datetime.combine(on, time(hour, minute_of_hour), zone))
    after = _offset(datetime.combine(on, time(hour, minute_of_hour, fold=1), zone))
    as_utc = (day - _EPOCH) * DAY + minute
    if before < after:
        around = range(as_utc - after, as_utc - before + 1)
        return around[bisect_left(around, True, key=lambda at: _offset_at(at, zone) != before)]
    return as_utc - before


def local_day(at: int, zone: ZoneInfo) -> int:
    """The day on the wall calendar of a zone at an instant."""
    return to_datetime(at).astimezone(zone).toordinal()


def _offset_at(at: int, zone: ZoneInfo) -> int:
    return _offset(to_datetime(at).astimezone(zone))


def _offset(at: datetime) -> int:
    return (at.utcoffset() or timedelta()) // _MINUTE
