"""The days that numbers are asked for, on the host's own calendar."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bookme.bookings import months

#: Numbers of two years are the most there are.
LONGEST = timedelta(days=731)


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both of them in it."""

    since: date
    until: date
    zone: str

    @classmethod
    def last(cls, weeks: int, today: date, zone: str) -> "Period":
        """So many weeks that end with today, this week as far as it has come."""
        return cls(monday(today) - timedelta(weeks=weeks - 1), today, zone)

    def begun(self, on: date) -> "Period":
        """The same without the days before one."""
        return replace(self, since=max(self.since, min(on, self.until)))

    @property
    def begins_at(self) -> datetime:
        return months.midnight(self.since, self.zone)

    @property
    def ends_at(self) -> datetime:
        return months.midnight(self.until + timedelta(days=1), self.zone)

    @property
    def weeks(self) -> list[date]:
        """The Mondays whose weeks have a day in it."""
        first = monday(self.since)
        return [first + timedelta(days=day) for day in range(0, (self.until - first).days + 1, 7)]


def monday(on: date) -> date:
    """The first day of a week."""
    return on - timedelta(days=on.weekday())
