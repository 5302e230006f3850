"""Open starts: what a booker is shown and what a booker may book, decided by one function."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from bookme.availability.hours import Hours, windows_between
from bookme.availability.intervals import Span, gaps, merge
from bookme.availability.local import DAY, local_day


@dataclass(frozen=True, slots=True)
class Rules:
    """What a schedule allows.

    :param length: how long an appointment lasts.
    :param step: from one start of the grid to the next; may be shorter than ``length``.
    :param before: buffer that the host keeps free before an appointment.
    :param after: the same after it.
    :param notice: how long before its start an appointment must be booked.
    :param horizon: how many days ahead one may be booked, in days of 24 hours.
    :param max_per_day: how many appointments may start on one date of the hours' zone.
    :param max_per_week: the same for a week from Monday.
    :raises ValueError: if a number makes no sense.
    """

    hours: Hours
    length: int
    step: int
    before: int
    after: int
    notice: int
    horizon: int
    max_per_day: int | None
    max_per_week: int | None

    def __post_init__(self) -> None:
        limits = [limit for limit in (self.max_per_day, self.max_per_week) if limit is not None]
        if min(self.length, self.step, *limits) < 1:
            raise ValueError("lengths, steps and limits are at least 1")
        if min(self.before, self.after, self.notice, self.horizon) < 0:
            raise ValueError("buffers, notice and horizon are not negative")


class Refusal(StrEnum):
    """Why a start is not open: the first of these that is true."""

    PAST = "past"
    NOTICE = "notice"
    HORIZON = "horizon"
    OUTSIDE = "outside"
    OFF_GRID = "off_grid"
    LIMIT = "limit"
    TAKEN = "taken"


def open_starts(
    windows: Iterable[Span], taken: Sequence[Span], *, length: int, step: int, not_before: int
) -> list[int]:
    """The free starts of some windows, window by window. All times are minutes since the epoch.

    Starts fall on a grid: the window's start, one step later, and so on, in time that elapses. What
    is taken removes the starts whose slot it touches and never shifts the grid, so what a booker
    sees does not jump about.

    :param taken: what the slot itself must keep clear of, merged; see
        :func:`~bookme.availability.intervals.merge`.

    Takes O(w log t) steps for w windows and t spans taken, besides the spans inside the windows and
    the starts themselves.
    """
    starts: list[int] = []
    for opens, closes in windows:
        for free_from, free_to in gaps(opens, closes, taken):
            earliest = max(free_from, not_before)
            first = earliest + (opens - earliest) % step
            starts.extend(range(first, free_to - length + 1, step))
    return starts


def open_slots(
    rules: Rules,
    begin: int,
    end: int,
    *,
    now: int,
    holds: Iterable[Span],
    busy: Iterable[Span],
    booked: Iterable[int] = (),
) -> list[int]:
    """The starts in [``begin``, ``end``) that are open, in order. What is shown comes from here,
    and what is asked for is checked here, so the two cannot differ.

    The answer for a range is that for any longer range, restricted.

    :param holds: of the host's other bookings, their buffers included.
    :param busy: from calendars; what they take has no buffers of its own.
    :param booked: the starts of this schedule's other bookings, for its limits. All three may come
        in any order, and without the booking that is to be moved.

    Takes O(d + b log b) steps for d days and b holds and busy times.
    """
    first = max(begin, now + rules.notice)
    stop = min(end, now + rules.horizon * DAY + 1)
    if first >= stop:
        return []
    windows = windows_between(first, stop - 1 + rules.length, rules.hours)
    starts = open_starts(
        _reach_on(windows, rules.length),
        _taken(rules, holds, busy),
        length=rules.length,
        step=rules.step,
        not_before=first,
    )
    return _within_limits(rules, starts, booked)


def refusal(
    rules: Rules,
    start: int,
    *,
    now: int,
    holds: Iterable[Span],
    busy: Iterable[Span],
    booked: Iterable[int] = (),
) -> Refusal | None:
    """Why a start is not open, or None exactly when :func:`open_slots` has it.

    Takes what that function takes.
    """
    booked = tuple(booked)
    if open_slots(rules, start, start + 1, now=now, holds=holds, busy=busy, booked=booked):
        return None
    if start < now + rules.notice:
        return Refusal.PAST if start < now else Refusal.NOTICE
    if start > now + rules.horizon * DAY:
        return Refusal.HORIZON
    windows = windows_between(start, start + rules.length, rules.hours)
    if not any(opens <= start and start + rules.length <= ends for opens, ends in merge(windows)):
        return Refusal.OUTSIDE
    if (start - windows[0][0]) % rules.step:
        return Refusal.OFF_GRID
    return Refusal.TAKEN if _within_limits(rules, [start], booked) else Refusal.LIMIT


def _taken(rules: Rules, holds: Iterable[Span], busy: Iterable[Span]) -> list[Span]:
    """What the slot must keep clear of, so that its whole hold keeps clear of holds and busy."""
    taken = merge(chain(holds, busy))
    if rules.before or rules.after:
        # A buffer before the new slot is as good as one after what is there already.
        taken = merge((begin - rules.after, end + rules.before) for begin, end in taken)
    return taken


def _reach_on(windows: Sequence[Span], length: int) -> list[Span]:
    """Let a slot begin in one window and end in the next where the two touch.

    A window then ends so that the last start it can hold is the last before the next begins.
    """
    reaching: list[Span] = []
    next_opens: int | None = None
    last_closes = 0
    for opens, closes in reversed(windows):
        if closes == next_opens:
            reaching.append((opens, min(next_opens - 1 + length, last_closes)))
        else:
            last_closes = closes
            reaching.append((opens, closes))
        next_opens = opens
    return reaching[::-1]


def _within_limits(rules: Rules, starts: list[int], booked: Iterable[int]) -> list[int]:
    if rules.max_per_day is None and rules.max_per_week is None:
        return starts
    zone = rules.hours.zone
    days = Counter(local_day(start, zone) for start in booked)
    weeks: Counter[int] = Counter()
    for day, count in days.items():
        weeks[_week(day)] += count
    full_days = {day for day in days if _full(days[day], rules.max_per_day)}
    full_weeks = {week for week in weeks if _full(weeks[week], rules.max_per_week)}
    if not full_days and not full_weeks:
        return starts
    on = ((start, local_day(start, zone)) for start in starts)
    return [start for start, day in on if day not in full_days and _week(day) not in full_weeks]


def _full(count: int, limit: int | None) -> bool:
    return limit is not None and count >= limit


def _week(day: int) -> int:
    return (day - 1) // 7  # 0001-01-01, day 1, was a Monday
