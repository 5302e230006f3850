"""What a schedule and its host allow, and why a start may not be open."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from bookme.availability.hours import Hours
from bookme.availability.intervals import Span
from bookme.availability.local import DAY, instant


@dataclass(frozen=True, slots=True)
class Limit:
    """How many appointments may start on one date of a zone, and in one week from Monday.

    :raises ValueError: if one of them is less than 1.
    """

    zone: ZoneInfo
    per_day: int | None
    per_week: int | None

    def __post_init__(self) -> None:
        if min(limit for limit in (self.per_day, self.per_week, 1) if limit is not None) < 1:
            raise ValueError("limits are at least 1")

    def __bool__(self) -> bool:
        return self.per_day is not None or self.per_week is not None


@dataclass(frozen=True, slots=True)
class Dates:
    """A range of dates on the wall calendar of the hours' zone, the last one included.

    :raises ValueError: if it ends before it begins.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"from {self.first} to {self.last}")


@dataclass(frozen=True, slots=True)
class Rules:
    """What a schedule allows.

    :param length: how long an appointment lasts.
    :param step: from one start of the grid to the next; may be shorter than ``length``.
    :param before: buffer that the host keeps free before an appointment.
    :param after: the same after it.
    :param notice: how long before its start an appointment must be booked.
    :param horizon: how far ahead one may be booked, in days of 24 hours; or on which dates one may
        start.
    :param limit: how many of the schedule's appointments may start in a day and a week.
    :param host_limit: the same for all appointments of the host.
    :param max_per_booker: how many appointments still to come one booker may hold.
    :raises ValueError: if a number makes no sense.
    """

    hours: Hours
    length: int
    step: int
    before: int
    after: int
    notice: int
    horizon: int | Dates
    limit: Limit
    host_limit: Limit
    max_per_booker: int | None

    def __post_init__(self) -> None:
        cap = 1 if self.max_per_booker is None else self.max_per_booker
        if min(self.length, self.step, cap) < 1:
            raise ValueError("lengths, steps and limits are at least 1")
        days = self.horizon if isinstance(self.horizon, int) else 0
        if min(self.before, self.after, self.notice, days) < 0:
            raise ValueError("buffers, notice and horizon are not negative")

    def reach(self, now: int) -> Span:
        """From when to when appointments may start, notice aside; empty if the time is over.

        A date lasts from the first moment at which the clocks show its midnight to the first at
        which they show the next one.
        """
        if isinstance(self.horizon, int):
            return now, now + self.horizon * DAY + 1
        zone, last = self.hours.zone, self.horizon.last.toordinal()
        begin = instant(self.horizon.first.toordinal(), 0, zone)
        return max(now, begin), instant(last, DAY, zone)


class Refusal(StrEnum):
    """Why a start is not open: the first of these that is true."""

    PAST = "past"
    NOTICE = "notice"
    HORIZON = "horizon"
    DATES = "dates"
    BOOKER_LIMIT = "booker_limit"
    OUTSIDE = "outside"
    OFF_GRID = "off_grid"
    LIMIT = "limit"
    HOST_LIMIT = "host_limit"
    TAKEN = "taken"
