"""Rules of repetition (RFC 5545, 3.3.10), read as far as they can be understood."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum
from typing import Any, TypeVar

from bookme.providers.icloud.ics import values

_WEEKDAYS = {name: day for day, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
_DAY = re.compile(r"([+-]?\d{1,2})?\s*(MO|TU|WE|TH|FR|SA|SU)")
#: The least and the greatest number of a part, and whether negative ones count from the end.
_RANGES: Mapping[str, tuple[int, int, bool]] = {
    "BYSECOND": (0, 60, False),
    "BYMINUTE": (0, 59, False),
    "BYHOUR": (0, 23, False),
    "BYMONTH": (1, 12, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYSETPOS": (1, 366, True),
}
#: Parts that change nothing in our calendar (RFC 7529), with what they must say for that.
_PLAIN = {"RSCALE": "GREGORIAN", "SKIP": "OMIT"}

_Read = TypeVar("_Read")


class Often(IntEnum):
    """How often a rule repeats."""

    YEARLY = 0
    MONTHLY = 1
    WEEKLY = 2
    DAILY = 3
    HOURLY = 4
    MINUTELY = 5
    SECONDLY = 6


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule.

    :ivar by: the numbers of the parts that begin with BY, by their names.
    :ivar days: of BYDAY: which of its kind in the month or year, or 0, and the day of the week.
    :ivar is_whole: nothing of it was left out, because nobody knows what it means.
    """

    often: Often
    interval: int = 1
    count: int | None = None
    until: date | datetime | None = None
    by: Mapping[str, frozenset[int]] = field(default_factory=dict)
    days: frozenset[tuple[int, int]] = frozenset()
    week_start: int = 0
    is_whole: bool = True

    @property
    def most_a_day(self) -> int:
        """How many times it names a day, at most."""
        if self.often > Often.DAILY:
            seconds = {Often.HOURLY: 3600, Often.MINUTELY: 60, Often.SECONDLY: 1}[self.often]
            often = -(-86400 // (seconds * self.interval))
        else:
            often = len(self.by.get("BYHOUR", "x"))
        finer = ("BYMINUTE", "BYSECOND")[max(self.often - Often.HOURLY, 0) :]
        for name in finer:
            often *= len(self.by.get(name, "x"))
        return often


def rule(text: str) -> Rule:
    """Read a rule. Parts that nobody knows are left out, and so is what is no number in a list.

    :raises ValueError: if a part that is known makes no sense: without it, it would be another
        rule.
    """
    reader = _Reader()
    for part in text.upper().split(";"):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if equals and value:
            reader.take(name, value)
        elif part.strip():
            raise ValueError("part of a rule without a value")
    return reader.finished()


class _Reader:
    def __init__(self) -> None:
        self._parts: dict[str, Any] = {}
        self._by: dict[str, frozenset[int]] = {}
        self._is_whole = True

    def take(self, name: str, value: str) -> None:
        if name in _RANGES:
            self._by[name] = self._listed(value, lambda one: _in_range(one, *_RANGES[name]))
        elif name in _READERS:
            self._parts[_READERS[name][0]] = _READERS[name][1](value)
        elif name == "BYDAY":
            self._parts["days"] = self._listed(value, _day)
        elif name == "RSCALE" and value != "GREGORIAN":
            raise ValueError("other months than ours")
        elif _PLAIN.get(name) != value:
            self._is_whole = False

    def finished(self) -> Rule:
        if "often" not in self._parts:
            raise ValueError("a rule that does not say how often")
        return Rule(by=self._by, is_whole=self._is_whole, **self._parts)

    def _listed(self, text: str, read: Callable[[str], _Read]) -> frozenset[_Read]:
        found = []
        for part in text.split(","):
            try:
                found.append(read(part.strip()))
            except ValueError:
                self._is_whole &= not part.strip()  # a comma too many says nothing
        if not found:
            raise ValueError("nothing listed")
        return frozenset(found)


def _in_range(text: str, least: int, most: int, from_end: bool) -> int:
    number = int(text)
    if not least <= (abs(number) if from_end else number) <= most:
        raise ValueError("out of range")
    return number


def _day(text: str) -> tuple[int, int]:
    found = _DAY.fullmatch(text)
    if found is None:
        raise ValueError("no day of the week")
    return _in_range(found[1] or "0", -53, 53, False), _WEEKDAYS[found[2]]


def _often(text: str) -> Often:
    if text not in Often.__members__:
        raise ValueError("an unknown frequency")
    return Often[text]


def _interval(text: str) -> int:
    return max(_in_range(text, 0, 1_000_000, False), 1)  # programs write 0 for "every"


def _week_start(text: str) -> int:
    return _day(text)[1]


_READERS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "FREQ": ("often", _often),
    "INTERVAL": ("interval", _interval),
    "COUNT": ("count", lambda text: _in_range(text, 1, 10**9, False)),
    "UNTIL": ("until", values.moment),
    "WKST": ("week_start", _week_start),
}
