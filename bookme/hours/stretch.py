"""Time off as people say it: from the first day to the last, whole or in part."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bookme.availability import to_datetime
from bookme.availability.local import DAY, instant
from bookme.models import TimeOff


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on the wall calendar of a zone.

    :ivar opens: the minute of the first day at which it begins; 0 for the whole day.
    :ivar closes: the minute of the last day at which it ends; 1440 for the whole day.
    """

    first: date
    last: date
    opens: int = 0
    closes: int = DAY

    def ends(self, zone: str) -> tuple[datetime, datetime]:
        """From when to when it is."""
        return _at(self.first, self.opens, zone), _at(self.last, self.closes, zone)

    @property
    def is_whole(self) -> bool:
        """Whether it is whole days."""
        return self.opens == 0 and self.closes == DAY

    @classmethod
    def of(cls, off: TimeOff) -> "Stretch":
        """Time off as it was typed."""
        begin, end = (at.astimezone(ZoneInfo(off.zone)) for at in (off.starts_at, off.ends_at))
        last = date.fromordinal(end.toordinal() - 1)
        if _at(last, DAY, off.zone) == off.ends_at:
            closes = DAY
        else:
            last, closes = end.date(), end.hour * 60 + end.minute
        is_midnight = _at(begin.date(), 0, off.zone) == off.starts_at
        opens = 0 if is_midnight else begin.hour * 60 + begin.minute
        return cls(begin.date(), last, opens, closes)


def _at(day: date, minute: int, zone: str) -> datetime:
    return to_datetime(instant(day.toordinal(), minute, ZoneInfo(zone)))
