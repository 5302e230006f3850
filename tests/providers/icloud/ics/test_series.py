"""Entries that repeat: which of their times stand, and how much work a rule may cause."""

from datetime import datetime, timedelta

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from hypothesis import assume, given
from hypothesis import strategies as st

from bookme.providers.icloud.ics import expansion, reading, rules
from bookme.providers.icloud.ics.budget import Budget, OverBudget
from tests.examples import examples
from tests.providers.icloud.ics.files import NINE, file, read, shown

BERLIN = ("DTSTART;TZID=Europe/Berlin:20270309T100000", "DTEND;TZID=Europe/Berlin:20270309T110000")
DAY = ("DTSTART;VALUE=DATE:20270309",)


def nines(*days: int) -> list[str]:
    return [f"{day:02} 09:00-{day:02} 10:00" for day in days]


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (["RRULE:FREQ=DAILY;INTERVAL=0;COUNT=3"], [9, 10, 11]),
        (["RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"], [9]),
        (["RRULE:FREQ=MONTHLY;BYMONTH=2,4;BYMONTHDAY=31;BYHOUR=3"], [9]),
        (["RRULE:RSCALE=GREGORIAN;FREQ=WEEKLY;COUNT=2;SKIP=OMIT"], [9, 16]),
        (["RRULE:FREQ=DAILY;UNTIL=20270310"], [9, 10]),
        (["RRULE:FREQ=DAILY;UNTIL=20270310T090000Z"], [9, 10]),
        (["RRULE:FREQ=DAILY;UNTIL=20270310T085959Z"], [9]),
        (["RRULE:FREQ=DAILY;UNTIL=20270310T100000"], [9, 10]),
        (["rrule:freq=weekly; count=2 ;byday=tu,;"], [9, 16]),
        (["RRULE:FREQ=WEEKLY;BYDAY=1TU,TH;COUNT=3"], [9, 11, 16]),
        (["RRULE:FREQ=DAILY;COUNT=3", "RRULE:FREQ=WEEKLY;COUNT=2"], [9, 10, 11, 16]),
        (["RRULE:FREQ=DAILY;COUNT=3", "EXRULE:FREQ=DAILY;INTERVAL=2;COUNT=2"], [10]),
        (["RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20270310T090000Z"], [9, 11]),
        (["RRULE:FREQ=DAILY;COUNT=4", "EXDATE:20270310T090000Z,20270311T090000Z"], [9, 12]),
        (
            ["RRULE:FREQ=DAILY;COUNT=4", "EXDATE:20270310T090000Z", "EXDATE:20270311T090000Z"],
            [9, 12],
        ),
        (["RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20270310"], [9, 11]),
        (["RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20270310/P1D"], [9, 11]),
        (["RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=Asia/Tokyo:20270310T180000"], [9, 11]),
        (["RDATE:20270311T090000Z,20270312T090000Z"], [9, 11, 12]),
        (
            ["RDATE;VALUE=PERIOD:20270311T090000Z/PT1H,20270312T090000Z/20270312T100000Z"],
            [9, 11, 12],
        ),
    ],
    ids=lambda value: "; ".join(map(str, value))[:80],
)
def test_a_series_takes_the_times_it_means(lines: list[str], days: list[int]) -> None:
    found = read(file(*BERLIN, *lines))
    assert (shown(found), found.unclear) == (nines(*days), [])


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        (["RRULE:FREQ=DAILY;UNTIL=20270310"], [9, 10]),
        (["RRULE:FREQ=DAILY;UNTIL=20270309T230000Z"], [9, 10]),  # midnight in Berlin
        (["RRULE:FREQ=DAILY;UNTIL=20270310T000000Z"], [9, 10]),
        (["RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20270310"], [9, 11]),
        (
            ["RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=W. Europe Standard Time:20270310T000000"],
            [9, 11],
        ),
    ],
    ids=lambda value: "; ".join(map(str, value))[:80],
)
def test_a_series_of_days_takes_the_days_it_means(lines: list[str], days: list[int]) -> None:
    found = read(file(*DAY, *lines))
    assert shown(found) == [f"{day - 1:02} 23:00-{day:02} 23:00" for day in days]
    assert found.unclear == []


def other(*lines: str, uid: str = "e") -> tuple[str, ...]:
    return ("END:VEVENT", "BEGIN:VEVENT", f"UID:{uid}", *lines)


AFTERNOON = ("DTSTART:20270310T150000Z", "DTEND:20270310T160000Z")
MOVED = [*nines(9, 11), "10 15:00-10 16:00"]
COUNTED = "RRULE:FREQ=DAILY;COUNT=3"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (("RECURRENCE-ID:20270310T090000Z", *AFTERNOON), MOVED),
        (("RECURRENCE-ID;TZID=Europe/Berlin:20270310T100000", *AFTERNOON), MOVED),
        (("RECURRENCE-ID;VALUE=DATE:20270310", *AFTERNOON), MOVED),
        (("RECURRENCE-ID:20270310", *AFTERNOON), MOVED),
        (("RECURRENCE-ID:20270310T090000Z", *AFTERNOON, "RRULE:FREQ=DAILY"), MOVED),
        (("RECURRENCE-ID:20270310T090000Z", *AFTERNOON, "STATUS:CANCELLED"), nines(9, 11)),
        (
            ("RECURRENCE-ID;RANGE=THISANDFUTURE:20270310T090000Z", *AFTERNOON),
            [*nines(9), "10 15:00-10 16:00", "11 15:00-11 16:00"],
        ),
    ],
    ids=lambda value: value[0],
)
def test_a_time_of_a_series_may_be_elsewhere(changed: tuple[str, ...], expected: list[str]) -> None:
    found = read(file(*BERLIN, COUNTED, *other(*changed)))
    assert (shown(found), found.unclear) == (sorted(expected), [])


def test_of_two_changes_of_a_time_the_later_stands() -> None:
    new = other("RECURRENCE-ID:20270310T090000Z", *AFTERNOON, "SEQUENCE:2")
    old = other("RECURRENCE-ID:20270310T090000Z", *NINE, "SEQUENCE:1")
    assert shown(read(file(*BERLIN, COUNTED, *new, *old))) == sorted(MOVED)


def test_of_two_states_of_a_series_the_later_stands() -> None:
    later = other(*BERLIN, COUNTED, "SEQUENCE:2", "EXDATE:20270310T090000Z")
    assert shown(read(file(*BERLIN, COUNTED, *later))) == nines(9, 11)


def test_a_change_without_its_series_takes_its_time() -> None:
    assert shown(read(file("RECURRENCE-ID:20270301T090000Z", *NINE))) == nines(9)


def test_entries_without_an_id_are_two() -> None:
    lines = other("DTSTART:20270310T090000Z", "DTEND:20270310T100000Z", "SEQUENCE:7", uid="")
    whole = file(*NINE, *lines).replace("UID:e", "UID:")
    assert shown(read(whole)) == nines(9, 10)


def test_travel_is_taken_before_each_time() -> None:
    travel = "X-APPLE-TRAVEL-DURATION;VALUE=DURATION:PT30M"
    times = ["09 08:30-09 10:00", "10 08:30-10 10:00"]
    assert shown(read(file(*NINE, travel, "RRULE:FREQ=DAILY;COUNT=2"))) == times


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY;INTERVAL=1;COUNT=1000000000",
        "FREQ=MINUTELY;INTERVAL=15;BYMONTH=2;BYMONTHDAY=30;COUNT=5",
        "FREQ=YEARLY;BYDAY=MO;COUNT=999999",
    ],
)
def test_a_rule_that_is_too_much_work_is_told_and_the_start_takes_time(rule: str) -> None:
    lines = ("DTSTART:00020309T090000Z", "DTEND:00020309T100000Z", f"RRULE:{rule}")
    late = read(file(*NINE), file(*lines), file(*NINE))
    assert shown(late) == nines(9, 9)
    assert len(late.unclear) == 1


def test_a_reading_ends_however_many_rules_are_too_much_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "_MOST", 50_000)  # a twentieth of the time
    lines = (
        "DTSTART:00020309T090000Z",
        "DTEND:00020309T100000Z",
        "RRULE:FREQ=HOURLY;COUNT=99999999",
    )
    many, little = [file(*lines)] * 6, file(*NINE, "RRULE:FREQ=DAILY;COUNT=2")
    assert read(little).unclear == []
    found = read(*many, file(*NINE), little)
    assert shown(found) == nines(9, 9)
    assert len(found.unclear) == 6 + 1, "what was spent leaves none for a rule of two days"


def test_a_budget_that_is_spent_ends_the_walk() -> None:
    budget = Budget(10)
    start = datetime(2027, 3, 9, 9)  # noqa: DTZ001 - on the clocks of a zone
    rule = rules.rule("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")
    with pytest.raises(OverBudget):
        list(expansion.times(rule, start, start, expansion.LAST, budget))


LATER = datetime(2032, 1, 1)  # noqa: DTZ001 - on the clocks of a zone
NUMBERS = {
    "BYMONTH": st.integers(1, 12),
    "BYMONTHDAY": st.integers(1, 31) | st.integers(-31, -1),
    "BYHOUR": st.integers(0, 23),
    "BYMINUTE": st.integers(0, 59),
}


@st.composite
def rule_texts(draw: st.DrawFn) -> str:
    often = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"]))
    parts = [f"FREQ={often}", f"INTERVAL={draw(st.integers(1, 4))}"]
    for name, numbers in NUMBERS.items():
        if draw(st.booleans()) and not (name == "BYMONTHDAY" and often == "WEEKLY"):
            listed = draw(st.lists(numbers, min_size=1, max_size=3, unique=True))
            parts.append(f"{name}={','.join(map(str, listed))}")
    # Plain and numbered days together are read otherwise by dateutil than by RFC 5545.
    number = draw(st.sampled_from(["", "1", "-1", "2"])) if often in ("YEARLY", "MONTHLY") else ""
    days = draw(st.lists(st.sampled_from(["MO", "WE", "FR", "SU"]), max_size=2, unique=True))
    if days:
        parts.append("BYDAY=" + ",".join(f"{number}{day}" for day in days))
        if draw(st.booleans()):
            parts.append(f"BYSETPOS={draw(st.sampled_from([1, 2, -1]))}")
    parts.append(f"WKST={draw(st.sampled_from(['MO', 'SU']))}")
    if draw(st.booleans()):
        parts.append(f"COUNT={draw(st.integers(1, 30))}")
    return ";".join(parts)


@examples(150)
@given(rule_texts(), st.integers(0, 500), st.integers(0, 300))
def test_a_rule_names_the_times_that_dateutil_names(text: str, begun: int, length: int) -> None:
    start = datetime(2026, 1, 5, 9, 30) + timedelta(days=begun)  # noqa: DTZ001
    first, last = start + timedelta(days=40), start + timedelta(days=40 + length)
    rule = rules.rule(text)
    # Over a rule that names no time at all dateutil walks to the year 9999.
    assume(next(expansion.times(rule, start, start, LATER, Budget(10**7)), None))
    try:
        expected = rrulestr(text, dtstart=start).between(first, last, inc=True)
    except ValueError:
        assume(False)
    assert list(expansion.times(rule, start, first, last, Budget(10**7))) == expected
