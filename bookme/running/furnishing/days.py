"""The days of the demo's story, counted from today on the host's calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_WORKDAYS = range(5)


@dataclass(frozen=True, slots=True)
class Days:
    """:ivar now: the instant at which the story is told."""

    now: datetime
    zone: str

    def workday(self, nth: int) -> date:
        """The nth workday from today: -1 is the last one before today, 1 the first one after."""
        step, on = (1 if nth > 0 else -1), self.today
        for _each in range(abs(nth)):
            on += timedelta(days=step)
            while on.weekday() not in _WORKDAYS:
                on += timedelta(days=step)
        return on

    def at(self, on: date, clock: str) -> datetime:
        """The instant of a time on the wall clock of a day, such as ``09:30``."""
        return datetime.combine(on, time.fromisoformat(clock), ZoneInfo(self.zone)).astimezone(UTC)

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()
