"""Open starts: what a booker is shown and what a booker may book, decided by one function."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bookme.availability.hours import windows_between
from bookme.availability.intervals import Span, gaps, merge
from bookme.availability.limits import within
from bookme.availability.rules import Refusal, Rules


@dataclass(frozen=True, slots=True)
class Plans:
    """What there is already. Everything may come in any order, and without the booking that is to
    be moved.

    :ivar taken: the host's time that is taken: by other bookings with their buffers, by busy times
        of calendars and by time off, which have none of their own.
    :ivar booked: the starts of this schedule's other bookings, for its limit.
    :ivar booked_of_host: the starts of all the host's other bookings, for the host's.
    :ivar held: how many appointments still to come the booker has.
    """

    taken: Sequence[Span] = ()
    booked: Sequence[int] = ()
    booked_of_host: Sequence[int] = ()
    held: int = 0


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


def open_slots(rules: Rules, begin: int, end: int, *, now: int, plans: Plans) -> list[int]:
    """The starts in [``begin``, ``end``) that are open, in order. What is shown comes from here,
    and what is asked for is checked here, so the two cannot differ.

    The answer for a range is that for any longer range, restricted.

    Takes O(d + b log b) steps for d days and b spans taken.
    """
    reach = rules.reach(now)
    first, stop = max(begin, now + rules.notice, reach[0]), min(end, reach[1])
    if first >= stop or _has_enough(rules, plans):
        return []
    windows = windows_between(first, stop - 1 + rules.length, rules.hours)
    starts = open_starts(
        _reach_on(windows, rules.length),
        _taken(rules, plans.taken),
        length=rules.length,
        step=rules.step,
        not_before=first,
    )
    starts = within(rules.limit, starts, plans.booked)
    return within(rules.host_limit, starts, plans.booked_of_host)


def refusal(rules: Rules, start: int, *, now: int, plans: Plans) -> Refusal | None:
    """Why a start is not open, or None exactly when :func:`open_slots` has it."""
    if open_slots(rules, start, start + 1, now=now, plans=plans):
        return None
    if start < now + rules.notice:
        return Refusal.PAST if start < now else Refusal.NOTICE
    first, stop = rules.reach(now)
    if not first <= start < stop:
        return Refusal.HORIZON if isinstance(rules.horizon, int) else Refusal.DATES
    if _has_enough(rules, plans):
        return Refusal.BOOKER_LIMIT
    windows = windows_between(start, start + rules.length, rules.hours)
    if not any(opens <= start and start + rules.length <= ends for opens, ends in merge(windows)):
        return Refusal.OUTSIDE
    if (start - windows[0][0]) % rules.step:
        return Refusal.OFF_GRID
    if not within(rules.limit, [start], plans.booked):
        return Refusal.LIMIT
    is_full = not within(rules.host_limit, [start], plans.booked_of_host)
    return Refusal.HOST_LIMIT if is_full else Refusal.TAKEN


def _has_enough(rules: Rules, plans: Plans) -> bool:
    return rules.max_per_booker is not None and plans.held >= rules.max_per_booker


def _taken(rules: Rules, spans: Iterable[Span]) -> list[Span]:
    """What the slot must keep clear of, so that its whole hold keeps clear of what is taken."""
    taken = merge(spans)
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
