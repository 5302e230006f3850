"""The rules of availability once more, slow and obvious: every minute is looked at on its own."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bookme.availability import (
    Hours,
    Limit,
    Refusal,
    Rules,
    Span,
    Window,
    to_datetime,
    to_minutes,
)
from tests.availability.strategies import Case

#: How far around the day under test the oracle looks.
BACK, AHEAD = timedelta(days=30), timedelta(days=12)


class Oracle:
    def __init__(self, hours: Hours, around: date) -> None:
        self.hours, self.around = hours, around
        self.first, self.walls = _walls(hours.zone, around)
        self.is_open = bytearray(len(self.walls))
        #: Where the grid begins anew although the host was open before.
        self.anew: list[int] = []
        self._open(around)

    def _open(self, around: date) -> None:
        always = _never_closes(self.hours)
        for days in range(2, (BACK + AHEAD).days - 3):
            day = around - BACK + timedelta(days=days)
            spans = [self._span(day, window) for window in _windows(self.hours, day)]
            spans = [(opens, closes) for opens, closes in spans if opens < closes]
            for opens, closes in spans:
                self.is_open[opens:closes] = b"\1" * (closes - opens)
            if spans and always:
                self.anew.append(min(spans)[0])

    def _begin(self, minute: int) -> int:
        """The beginning of the grid that an open minute is on."""
        opened = self.is_open.rfind(b"\0", 0, minute) + 1
        return max([opened, *(begin for begin in self.anew if begin <= minute)])

    def _span(self, day: date, window: Window) -> Span:
        midnight = datetime.combine(day, datetime.min.time())
        opens = midnight + timedelta(minutes=window.opens)
        closes = midnight + timedelta(minutes=window.closes)
        if window.closes <= window.opens:
            closes += timedelta(days=1)
        return self._reached(opens), self._reached(closes)

    def _reached(self, wall: datetime) -> int:
        return _clock_reaches(self.hours.zone, self.around, wall)

    def refusal(self, case: Case, start: int, taken: set[int]) -> Refusal | None:
        return self._too_early_or_late(case, start) or self._in_the_way(case, start, taken)

    def _too_early_or_late(self, case: Case, start: int) -> Refusal | None:
        rules, now = case.rules, case.now
        if start < now:
            return Refusal.PAST
        if start < now + rules.notice:
            return Refusal.NOTICE
        if isinstance(rules.horizon, int):
            if start > now + rules.horizon * 24 * 60:
                return Refusal.HORIZON
        elif not self._is_in_dates(rules, start):
            return Refusal.DATES
        return None

    def _in_the_way(self, case: Case, start: int, taken: set[int]) -> Refusal | None:
        rules, minute = case.rules, start - self.first
        hold = range(start - rules.before, start + rules.length + rules.after)
        if rules.max_per_booker is not None and case.held >= rules.max_per_booker:
            return Refusal.BOOKER_LIMIT
        if not all(self.is_open[minute : minute + rules.length]):
            return Refusal.OUTSIDE
        if (minute - self._begin(minute)) % rules.step != 0:
            return Refusal.OFF_GRID
        if _is_full(rules.limit, start, case.booked):
            return Refusal.LIMIT
        if _is_full(rules.host_limit, start, case.booked + case.elsewhere):
            return Refusal.HOST_LIMIT
        if not taken.isdisjoint(hold):
            return Refusal.TAKEN
        return None

    def _is_in_dates(self, rules: Rules, start: int) -> bool:
        """The clock on the wall has reached the first date, and none that is too late."""
        assert not isinstance(rules.horizon, int)
        midnight = datetime.min.time()
        first = self._reached(datetime.combine(rules.horizon.first, midnight))
        over = datetime.combine(rules.horizon.last + timedelta(days=1), midnight)
        return first <= start - self.first < self._reached(over)


def _is_full(limit: Limit, start: int, booked: list[int]) -> bool:
    day = _date(start, limit)
    days = [_date(other, limit) for other in booked]
    same_week = [other for other in days if other.isocalendar()[:2] == day.isocalendar()[:2]]
    return (limit.per_day is not None and days.count(day) >= limit.per_day) or (
        limit.per_week is not None and len(same_week) >= limit.per_week
    )


def _date(minute: int, limit: Limit) -> date:
    return to_datetime(minute).astimezone(limit.zone).date()


@lru_cache(maxsize=32)
def _walls(zone: ZoneInfo, around: date) -> tuple[int, list[datetime]]:
    """What the clock on the wall shows at each minute, and which minute is the first."""
    first = datetime.combine(around - BACK, datetime.min.time(), ZoneInfo("UTC"))
    return to_minutes(first), [
        (first + timedelta(minutes=minute)).astimezone(zone).replace(tzinfo=None)
        for minute in range((BACK + AHEAD) // timedelta(minutes=1))
    ]


@lru_cache(maxsize=50_000)
def _clock_reaches(zone: ZoneInfo, around: date, wall: datetime) -> int:
    """The first minute at which the clock on the wall shows a time, or is past it."""
    walls = _walls(zone, around)[1]
    # However clocks are changed, they are never moved by more than a day.
    minute = (wall - walls[0]) // timedelta(minutes=1) - 26 * 60
    while walls[minute] < wall:
        minute += 1
    return minute


def _windows(hours: Hours, day: date) -> tuple[Window, ...]:
    return hours.overrides[day] if day in hours.overrides else hours.week[day.weekday()]


def _never_closes(hours: Hours) -> bool:
    minutes = set()
    for day, windows in enumerate(hours.week):
        for window in windows:
            closes = window.closes + (1440 if window.closes <= window.opens else 0)
            minutes |= {(day * 1440 + minute) % 10080 for minute in range(window.opens, closes)}
    return len(minutes) == 10080
