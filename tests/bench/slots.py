"""How long it takes to find the open slots of 60 days, Monday to Friday, 09:00 to 17:00 in Berlin,
every half hour: the database included, and the pure part of it.

Beside each figure stands what the same run takes for the obvious way, which holds every slot
against every busy time as date-times do it, and for only sorting the busy times.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from random import Random
from statistics import median
from time import process_time
from zoneinfo import ZoneInfo

from bookme.availability import (
    Hours,
    Limit,
    Plans,
    Rules,
    Span,
    Window,
    open_slots,
    to_datetime,
    to_minutes,
)
from bookme.availability.local import instant
from tests.bench import busy_rows
from tests.bench.table import Row

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = 60
MINUTES = DAYS * 1440
NOW = to_minutes(datetime(2027, 3, 1, tzinfo=UTC))
RULES = Rules(
    hours=Hours(week=((Window(540, 1020),),) * 5 + ((), ()), overrides={}, zone=BERLIN),
    length=30,
    step=30,
    before=0,
    after=0,
    notice=0,
    horizon=DAYS,
    limit=Limit(BERLIN, None, None),
    host_limit=Limit(BERLIN, None, None),
    max_per_booker=None,
)


def figures() -> Iterator[Row]:
    """Medians of processor time."""
    yield from busy_rows.figures()
    yield Row("pure, first look of a process", _milliseconds(_first_look, 30), "ms")
    for count, words in ((0, "no"), (1_000, "1,000"), (10_000, "10,000")):
        busy = _busy(count)
        plans = [(to_datetime(begin), to_datetime(end)) for begin, end in busy]
        if _look(busy) != _obvious(plans):
            raise AssertionError("the obvious way finds other slots")
        ours = _milliseconds(partial(_look, busy), 50)
        obvious = _milliseconds(partial(_obvious, plans), 1)
        usual = _milliseconds(partial(sorted, busy), 50)
        note = f"the obvious way {obvious:.1f} ms, sorted() alone {usual:.2f} ms"
        yield Row(f"pure, {words} busy times", ours, "ms", note=note)


def _look(busy: list[Span]) -> list[int]:
    return open_slots(RULES, NOW, NOW + MINUTES, now=NOW, plans=Plans(taken=busy))


def _first_look() -> None:
    instant.cache_clear()
    _look([])


def _obvious(plans: list[tuple[datetime, datetime]]) -> list[int]:
    starts = []
    length = timedelta(minutes=RULES.length)
    for days in range(DAYS):
        on = date(2027, 3, 1) + timedelta(days=days)
        opens = datetime.combine(on, time(9), BERLIN).astimezone(UTC)
        for slot in range(16 if on.weekday() < 5 else 0):
            start = opens + slot * length
            if not any(begin < start + length and end > start for begin, end in plans):
                starts.append(to_minutes(start))
    return starts


def _busy(count: int) -> list[Span]:
    """Busy times of 15 minutes to an hour, in no order; the same in every run."""
    random = Random(count)
    begins = [NOW + random.randrange(MINUTES) for _ in range(count)]
    return [(begin, begin + random.randrange(15, 61)) for begin in begins]


def _milliseconds(work: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        before = process_time()
        work()
        taken.append(process_time() - before)
    return median(taken) * 1000
