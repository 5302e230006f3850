"""The zones of one file: those it defines itself, for itself alone, and those its names mean.

A name that is known counts more than a definition, which often holds for one year only. A
definition is evaluated as far as it can be read.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

from bookme.providers.icloud.ics import values
from bookme.providers.icloud.ics.budget import Budget
from bookme.providers.icloud.ics.components import Component
from bookme.providers.icloud.ics.expansion import LAST, times
from bookme.providers.icloud.ics.lines import Property, plain
from bookme.providers.icloud.ics.rules import Rule, rule
from bookme.providers.zones import zone_meant, zone_named

_NO_TIME = timedelta()
#: Whatever a rule's length, its years are looked at one by one.
_YEAR = timedelta(days=366)


class Zones:
    """What the names of zones mean in one file.

    :param default: the zone of days, and of times that do not say theirs.
    """

    def __init__(self, file: Component, default: ZoneInfo, budget: Budget) -> None:
        said = file.text("X-WR-TIMEZONE") or next(
            (found for one in file.named("VCALENDAR") if (found := one.text("X-WR-TIMEZONE"))), ""
        )
        meant = zone_meant(said)
        self.own = meant if isinstance(meant, ZoneInfo) else None
        self.default = self.own or default
        self._defined = {
            plain(line.value): part
            for part in file.named("VTIMEZONE")
            for line in reversed(part.all("TZID"))
        }
        self._budget = budget
        self._known: dict[str, tzinfo | None] = {}

    def named(self, name: str) -> tzinfo | None:
        """The zone of a name; None if nobody knows it."""
        name = plain(name)
        if name not in self._known:
            definition = self._defined.get(name)
            defined = _defined(definition, self._budget) if definition else None
            self._known[name] = zone_named(name) or defined or zone_meant(name)
        return self._known[name]


def is_whole(zone: tzinfo) -> bool:
    """Whether nothing was missing in a zone's definition, as far as it has been used."""
    return not isinstance(zone, DefinedZone) or zone.is_whole


class DefinedZone(tzinfo):
    """A zone as a file defines it (RFC 5545, 3.6.5).

    :ivar is_whole: all of it was understood, and each change of its clocks begins where the one
        before has ended.
    """

    def __init__(self, parts: "list[_Part]", budget: Budget, *, is_whole: bool) -> None:
        self.is_whole = is_whole
        self._parts = parts
        self._budget = budget
        self._onsets: dict[int, list[tuple[datetime, timedelta, timedelta]]] = {}

    def utcoffset(self, at: datetime | None) -> timedelta:
        if at is None:
            return _NO_TIME
        shown = at.replace(tzinfo=None)
        onsets = self._around(shown.year)
        index = bisect_right(onsets, shown, key=lambda one: one[0]) - 1
        if index < 0:
            return onsets[0][1] if onsets else self._parts[0].offset
        begun, before, after = onsets[index]
        # A time that the change skips is as far from UTC as the times before it (3.3.5).
        return before if shown - begun < after - before else after

    def dst(self, at: datetime | None) -> timedelta:
        return _NO_TIME

    def tzname(self, at: datetime | None) -> str:
        return "defined"

    def fromutc(self, at: datetime) -> datetime:
        shown = at.replace(tzinfo=None)
        guess = shown + self.utcoffset(shown)
        return (shown + self.utcoffset(guess)).replace(tzinfo=self)

    def _around(self, year: int) -> list[tuple[datetime, timedelta, timedelta]]:
        if year not in self._onsets:
            found = {
                (at, part.before, part.offset)
                for part in self._parts
                for at in part.onsets(year, self._budget)
            }
            self._onsets[year] = in_order = sorted(found)
            self.is_whole &= all(a[2] == b[1] for a, b in pairwise(in_order) if a[0].year >= year)
        return self._onsets[year]


class _Part:
    """STANDARD or DAYLIGHT: how far the zone is from UTC, and since when."""

    def __init__(self, part: Component) -> None:
        self.offset = values.offset(part.text("TZOFFSETTO"))
        said = part.first("TZOFFSETFROM")  # which Outlook for Mac leaves out
        self.before = _offset(said) if said else self.offset
        self.start = _start(part.first("DTSTART"))
        self.others = [at for line in part.all("RDATE") if (at := _start(line)) is not None]
        self.rules = [_rule(line) for line in part.all("RRULE")]

    def onsets(self, year: int, budget: Budget) -> list[datetime]:
        """Those that may be the last before a time in this year."""
        if self.start is None:
            return []
        found = [self.start, *self.others]
        for one in self.rules:
            until = self._until(one)
            last = min(datetime.combine(date(year, 12, 31), time.max), until)
            if last >= self.start:
                first = max(last - _YEAR - _YEAR, self.start)
                found += times(one, self.start, first, last, budget)
        return found

    def _until(self, one: Rule) -> datetime:
        until = one.until or LAST
        if isinstance(until, datetime) and until.tzinfo is not None:
            return (until.astimezone(UTC) + self.before).replace(tzinfo=None)
        return until if isinstance(until, datetime) else datetime.combine(until, time.max)


def _defined(definition: Component, budget: Budget) -> DefinedZone | None:
    parts = []
    for part in definition.parts:
        try:
            parts.append(_Part(part))
        except (ValueError, OverflowError):
            continue  # what is left of the definition may do
    begun = [one for one in parts if one.start is not None]
    is_whole = len(begun) == len(definition.parts) and not definition.is_damaged
    used = begun or parts[:1]
    return DefinedZone(used, budget, is_whole=is_whole) if used else None


def _offset(line: Property) -> timedelta:
    return values.offset(line.value)


def _start(line: Property | None) -> datetime | None:
    try:
        found = values.moment(line.value.split(",")[0]) if line else None
    except ValueError:
        return None
    return found.replace(tzinfo=None) if isinstance(found, datetime) else None


def _rule(line: Property) -> Rule:
    return rule(line.value)
