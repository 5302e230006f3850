"""The times of the entries that share an id: a series, and what differs of its times."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bookme.providers.icloud.ics.budget import Budget
from bookme.providers.icloud.ics.events import Entry, Stretch
from bookme.providers.icloud.ics.expansion import LAST, times
from bookme.providers.icloud.ics.rules import Rule

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Time:
    """A stretch of time that an entry takes; aware, UTC."""

    starts_at: datetime
    ends_at: datetime
    entry: Entry


class Series:
    """One entry that may repeat.

    :param others: those that stand for some of its times.
    """

    def __init__(self, entry: Entry, others: list[Entry], budget: Budget) -> None:
        self._entry = entry
        self._budget = budget
        self._gone: set[datetime] = set()
        self._gone_days: set[date] = set()
        self._later = []
        for other in others:
            if other.instead_of is not None:
                self._leave_out(other.instead_of)
                if other.changes_all_after and other.start is not None:
                    self._later.append((entry.instant(other.instead_of), other))
        self._later.sort(key=lambda one: one[0])

    def times(self, begin: datetime, end: datetime) -> Iterator[Time]:
        """Those that touch a stretch of time, perhaps with some that do not."""
        entry, seen = self._entry, set()
        if not entry.replaces:
            self._except(begin, end)
        for at, length in self._starts(begin, end):
            starts_at = entry.instant(at)
            if starts_at not in seen and not self._is_left_out(at, starts_at):
                seen.add(starts_at)
                yield self._time(at, starts_at, length)

    def _starts(self, begin: datetime, end: datetime) -> Iterator[tuple[Stretch, timedelta | None]]:
        entry, start = self._entry, self._entry.start
        if start is None:
            return
        yield start, None
        if entry.replaces:
            return  # it stands for one time, even where a program has left the rule in it
        for one in entry.listed("RDATE"):
            self._budget.spend()
            yield one
        for rule in entry.rules("RRULE"):
            for at in self._named(rule, start, begin, end):
                yield at, None

    def _except(self, begin: datetime, end: datetime) -> None:
        entry, start = self._entry, self._entry.start
        for at, _ in entry.listed("EXDATE"):
            self._budget.spend()
            self._leave_out(at)
        for rule in entry.rules("EXRULE"):
            if start is not None:
                self._gone |= {entry.instant(at) for at in self._named(rule, start, begin, end)}

    def _named(
        self, rule: Rule, start: Stretch, begin: datetime, end: datetime
    ) -> Iterator[Stretch]:
        entry = self._entry
        first = _on_clocks(begin - entry.length - entry.travel - 2 * _DAY, start)
        last = min(_on_clocks(end + 2 * _DAY, start), _until(rule, start))
        for local in times(rule, start.local, max(first, start.local), last, self._budget):
            at = local.date() if start.is_day else local.replace(tzinfo=start.zone)
            yield Stretch(at, start.zone)

    def _leave_out(self, at: Stretch) -> None:
        if isinstance(at.at, datetime):
            self._gone.add(self._entry.instant(at))
            if self._entry.start is not None and self._entry.start.is_day:
                self._gone_days.add(at.at.date())  # Exchange writes midnights of its own zone
        else:
            self._gone_days.add(at.at)

    def _is_left_out(self, at: Stretch, starts_at: datetime) -> bool:
        return starts_at in self._gone or at.local.date() in self._gone_days

    def _time(self, at: Stretch, starts_at: datetime, length: timedelta | None) -> Time:
        for since, other in reversed(self._later):
            if starts_at >= since and other.start is not None:
                moved = other.instant(other.start) - since
                return _taken(other, starts_at + moved, starts_at + moved + other.length)
        entry = self._entry
        if length is None and at.is_day:
            days = Stretch(at.at + entry.length, at.zone)
            return _taken(entry, starts_at, entry.instant(days))
        return _taken(entry, starts_at, starts_at + (entry.length if length is None else length))


def _taken(entry: Entry, starts_at: datetime, ends_at: datetime) -> Time:
    travel = entry.travel if ends_at > starts_at else timedelta()
    return Time(starts_at - travel, ends_at, entry)


def _on_clocks(at: datetime, start: Stretch) -> datetime:
    return (
        at.astimezone(UTC).replace(tzinfo=None) if start.is_day else Stretch(at, start.zone).local
    )


def _until(rule: Rule, start: Stretch) -> datetime:
    """The last moment of a rule on the clocks of its series."""
    until = rule.until
    if until is None:
        return LAST
    if not isinstance(until, datetime):
        return datetime.combine(until, time.max)
    written = until.replace(tzinfo=None)
    if until.tzinfo is None:
        return written
    local = until.astimezone(start.zone).replace(tzinfo=None)
    return max(local, written) if start.is_day else local
