"""The times that a rule names, on the clocks of its own zone.

Periods are walked one by one, and each day that is looked at is a step of a budget; those before
the stretch that is asked for are skipped, unless their times have to be counted.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import product

from bookme.providers.icloud.ics.budget import Budget
from bookme.providers.icloud.ics.rules import Often, Rule

#: On the clocks of any zone, the end of what a calendar has.
LAST = datetime.combine(date.max, time.max)
_DAY = timedelta(days=1)
_UNITS = {
    Often.HOURLY: timedelta(hours=1),
    Often.MINUTELY: timedelta(minutes=1),
    Often.SECONDLY: timedelta(seconds=1),
}
_CLOCK = ("BYHOUR", "BYMINUTE", "BYSECOND")
_DATES = frozenset(("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"))


def times(
    rule: Rule, start: datetime, first: datetime, last: datetime, budget: Budget
) -> Iterator[datetime]:
    """The times between two others, both included, in order; all without a zone.

    The start of a series is its first time by itself, and named here only if it follows the rule.

    :raises bookme.providers.icloud.ics.budget.OverBudget: when the steps are spent.
    """
    named = _Walk(rule, start, budget).times(start if rule.count else first, last)
    for counted, at in enumerate(named, 1):
        if first <= at <= last:
            yield at
        if at > last or counted == rule.count:
            return


class _Walk:
    def __init__(self, rule: Rule, start: datetime, budget: Budget) -> None:
        self._rule = rule
        self._start = start
        self._budget = budget
        self._by = dict(rule.by)
        self._days = rule.days
        if not self._days and not self._by.keys() & _DATES:
            self._complete()
        shown = (start.hour, start.minute, start.second)
        # What is finer than the period comes from the rule, or else from the start.
        coarse = max(rule.often - Often.DAILY, 0)
        listed = [sorted(self._by.get(n, {s})) for n, s in zip(_CLOCK, shown, strict=True)]
        self._finer = listed[coarse:]

    def _complete(self) -> None:
        """What a rule does not say is as its start is."""
        often, start = self._rule.often, self._start
        if often is Often.YEARLY:
            self._by.setdefault("BYMONTH", frozenset({start.month}))
        if often in (Often.YEARLY, Often.MONTHLY):
            self._by["BYMONTHDAY"] = frozenset({start.day})
        elif often is Often.WEEKLY:
            self._days = frozenset({(0, start.weekday())})

    def times(self, first: datetime, last: datetime) -> Iterator[datetime]:
        """All from the period of ``first`` on, in order, to that of ``last``."""
        number = max(self._number(first) - 1, 0)
        number -= number % self._rule.interval
        try:
            while self._begin(number) <= last:
                for at in self._in_period(number):
                    if at >= self._start:
                        yield at
                number += self._rule.interval
        except (ValueError, OverflowError):
            return  # a calendar ends with the year 9999

    def _number(self, at: datetime) -> int:
        """How many periods lie between the start and a later time."""
        often, start = self._rule.often, self._start
        if often is Often.YEARLY:
            return at.year - start.year
        if often is Often.MONTHLY:
            return (at.year - start.year) * 12 + at.month - start.month
        if often in _UNITS:
            return (at - start) // _UNITS[often]
        days = at.toordinal() - start.toordinal()
        return days // 7 if often is Often.WEEKLY else days

    def _begin(self, number: int) -> datetime:
        """When a period begins."""
        often, start = self._rule.often, self._start
        if often in _UNITS:
            return start + number * _UNITS[often]
        if often is Often.YEARLY:
            return datetime.combine(date(start.year + number, 1, 1), time())
        if often is Often.MONTHLY:
            years, month = divmod(start.month - 1 + number, 12)
            return datetime.combine(date(start.year + years, month + 1, 1), time())
        midnight = datetime.combine(start.date(), time())
        if often is Often.DAILY:
            return midnight + number * _DAY
        back = (start.weekday() - self._rule.week_start) % 7
        return midnight + (number * 7 - back) * _DAY

    def _in_period(self, number: int) -> Sequence[datetime]:
        begin = self._begin(number)
        days = self._days_from(begin)
        self._budget.spend(1 + len(days))
        named = [day for day in days if self._is_named(day)]
        found = [datetime.combine(day, at) for day in named for at in self._times_of_day(begin)]
        return _at_places(found, self._by["BYSETPOS"]) if "BYSETPOS" in self._by else found

    def _days_from(self, begin: datetime) -> Sequence[date]:
        day, often = begin.date(), self._rule.often
        if often is Often.YEARLY:
            months = sorted(self._by.get("BYMONTH", range(1, 13)))
            return [one for month in months for one in _month(day.year, month)]
        if often is Often.MONTHLY:
            return _month(day.year, day.month)
        return [day + at * _DAY for at in range(7 if often is Often.WEEKLY else 1)]

    def _times_of_day(self, begin: datetime) -> list[time]:
        said = (begin.hour, begin.minute, begin.second)[: 3 - len(self._finer)]
        for name, value in zip(_CLOCK, said, strict=False):
            if value not in self._by.get(name, (value,)):
                return []
        shown = product(*([value] for value in said), *self._finer)
        return [time(hour, minute, min(second, 59)) for hour, minute, second in shown]

    def _is_named(self, day: date) -> bool:
        by = self._by
        return (
            day.month in by.get("BYMONTH", (day.month,))
            and ("BYMONTHDAY" not in by or self._has_number(day, "BYMONTHDAY"))
            and ("BYYEARDAY" not in by or self._has_number(day, "BYYEARDAY"))
            and ("BYWEEKNO" not in by or self._has_number(day, "BYWEEKNO"))
            and (not self._days or self._is_weekday(day))
        )

    def _has_number(self, day: date, name: str) -> bool:
        if name == "BYMONTHDAY":
            number, of = day.day, monthrange(day.year, day.month)[1]
        elif name == "BYYEARDAY":
            number, of = day.timetuple().tm_yday, 366 if monthrange(day.year, 2)[1] == 29 else 365
        else:
            number, of = _week(day, self._rule.week_start)
        return number in self._by[name] or number - of - 1 in self._by[name]

    def _is_weekday(self, day: date) -> bool:
        which = {number for number, weekday in self._days if weekday == day.weekday()}
        if not which or 0 in which or self._rule.often > Often.MONTHLY:
            return bool(which)
        if self._rule.often is Often.MONTHLY or "BYMONTH" in self._by:
            number, of = day.day, monthrange(day.year, day.month)[1]
        else:
            number, of = day.timetuple().tm_yday, 366 if monthrange(day.year, 2)[1] == 29 else 365
        return (number + 6) // 7 in which or -((of - number) // 7 + 1) in which


def _month(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]


def _week(day: date, week_start: int) -> tuple[int, int]:
    """The number of a day's week, and how many weeks the year of that week has; the first is the
    one with most of its days in the year.
    """
    middle = day + (3 - (day.weekday() - week_start) % 7) * _DAY
    number = (middle.timetuple().tm_yday + 6) // 7
    last = date(middle.year, 12, 28)
    last += (3 - (last.weekday() - week_start) % 7) * _DAY
    return number, (last.timetuple().tm_yday + 6) // 7


def _at_places(found: list[datetime], places: frozenset[int]) -> list[datetime]:
    at = (place - 1 if place > 0 else len(found) + place for place in places)
    return [found[one] for one in sorted(set(at)) if 0 <= one < len(found)]
