import pytest

from bookme.availability import Rules, open_slots, open_starts, to_datetime
from tests.availability.saying import clocks, hours, local, plans, rules, spans, utc, week

MORNING = hours(week("09:00-11:00"), "UTC")
DAY_BEFORE = "2027-02-28 00:00"


def starts(*busy: str) -> list[str]:
    taken = spans(*busy)
    return clocks(open_starts(spans("09:00-11:00"), taken, length=30, step=30, not_before=0))


def offered(
    what: Rules,
    *,
    holds: tuple[str, ...] = (),
    busy: tuple[str, ...] = (),
    now: str = DAY_BEFORE,
    begin: str = "2027-03-01 00:00",
    end: str = "2027-03-02 00:00",
) -> list[int]:
    there = plans(spans(*holds), spans(*busy))
    return open_slots(what, utc(begin), utc(end), now=utc(now), plans=there)


@pytest.mark.parametrize(
    ("busy", "expected"),
    [
        ([], ["09:00", "09:30", "10:00", "10:30"]),
        (["09:30-10:00"], ["09:00", "10:00", "10:30"]),
        (["09:15-10:15"], ["10:30"]),
        (["08:00-09:00", "11:00-12:00"], ["09:00", "09:30", "10:00", "10:30"]),
        (["09:29-09:30"], ["09:30", "10:00", "10:30"]),
        (["08:00-12:00"], []),
    ],
    ids=["free", "exact", "across", "touching", "a minute", "all"],
)
def test_busy_times_remove_the_slots_they_touch(busy: list[str], expected: list[str]) -> None:
    assert starts(*busy) == expected


@pytest.mark.parametrize(
    ("length", "step", "expected"),
    [
        (60, 30, ["09:00", "09:30", "10:00"]),
        (30, 60, ["09:00", "10:00"]),
        (50, 50, ["09:00", "09:50"]),
        (120, 15, ["09:00"]),
        (121, 15, []),
    ],
    ids=["step shorter", "step longer", "odd", "exact", "too long"],
)
def test_slots_lie_wholly_inside_a_window(length: int, step: int, expected: list[str]) -> None:
    assert clocks(offered(rules(MORNING, length=length, step=step))) == expected


@pytest.mark.parametrize(
    ("before", "after", "holds", "busy", "expected"),
    [
        (0, 0, ["09:30-10:00"], [], ["09:00", "10:00", "10:30"]),
        (10, 0, ["09:30-10:00"], [], ["09:00", "10:30"]),
        (0, 10, ["09:30-10:00"], [], ["10:00", "10:30"]),
        (0, 30, ["10:00-11:00"], [], ["09:00"]),
        (10, 10, [], ["09:30-10:00"], ["10:30"]),
        (60, 60, [], [], ["09:00", "09:30", "10:00", "10:30"]),
        (30, 0, [], ["08:00-08:31"], ["09:30", "10:00", "10:30"]),
        (0, 30, [], ["11:00-11:30"], ["09:00", "09:30", "10:00"]),
        (15, 15, [], ["10:00-10:00"], ["09:00", "09:30", "10:00", "10:30"]),
    ],
    ids=[
        "none",
        "before",
        "after",
        "add up",
        "busy too",
        "may leave the hours",
        "reach out before",
        "reach out after",
        "nothing is taken by an empty time",
    ],
)
def test_the_whole_hold_is_clear(
    before: int, after: int, holds: list[str], busy: list[str], expected: list[str]
) -> None:
    what = rules(MORNING, before=before, after=after)
    assert clocks(offered(what, holds=tuple(holds), busy=tuple(busy))) == expected


@pytest.mark.parametrize(
    ("now", "notice", "expected"),
    [
        ("2027-03-01 09:30", 0, ["09:30", "10:00", "10:30"]),
        ("2027-03-01 09:31", 0, ["10:00", "10:30"]),
        ("2027-03-01 08:30", 60, ["09:30", "10:00", "10:30"]),
        ("2027-02-28 10:00", 24 * 60, ["10:00", "10:30"]),
        ("2027-03-01 11:00", 0, []),
    ],
    ids=["now", "past", "an hour", "a day", "over"],
)
def test_notice_counts_from_now(now: str, notice: int, expected: list[str]) -> None:
    assert clocks(offered(rules(MORNING, notice=notice), now=now)) == expected


@pytest.mark.parametrize(
    ("now", "horizon", "expected"),
    [
        ("2027-02-27 10:00", 2, ["09:00", "09:30", "10:00"]),
        ("2027-02-27 08:59", 2, []),
        ("2027-03-01 00:00", 0, []),
    ],
    ids=["two days", "a minute more", "none"],
)
def test_the_horizon_counts_elapsed_days_from_now(
    now: str, horizon: int, expected: list[str]
) -> None:
    assert clocks(offered(rules(MORNING, horizon=horizon), now=now)) == expected


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        ("2027-03-01 09:20", "2027-03-01 10:30", ["09:50"]),
        ("2027-03-01 09:50", "2027-03-01 09:51", ["09:50"]),
        ("2027-03-01 09:51", "2027-03-01 23:00", []),
        ("2027-03-01 12:00", "2027-03-01 09:00", []),
    ],
    ids=["inside", "one minute", "after the last", "backwards"],
)
def test_the_grid_is_the_same_from_wherever_it_is_looked_at(
    begin: str, end: str, expected: list[str]
) -> None:
    assert clocks(offered(rules(MORNING, length=50, step=50), begin=begin, end=end)) == expected


@pytest.mark.parametrize(
    ("zone", "on", "step", "expected"),
    [
        ("Europe/Berlin", "2027-03-28", 30,
         ["01:00+0100", "01:30+0100", "03:00+0200", "03:30+0200"]),
        ("Europe/Berlin", "2027-10-31", 30,
         ["01:00+0200", "01:30+0200", "02:00+0200", "02:30+0200",
          "02:00+0100", "02:30+0100", "03:00+0100", "03:30+0100"]),
        ("Europe/Berlin", "2027-03-28", 40, ["01:00+0100", "01:40+0100", "03:20+0200"]),
        ("Australia/Lord_Howe", "2027-04-04", 60, ["01:00+1100", "01:30+1030", "02:30+1030",
                                                   "03:30+1030"]),
    ],
    ids=["hour lost", "hour won", "elapsed, not shown", "half an hour won"],
)  # fmt: skip
def test_the_grid_counts_time_that_elapses(
    zone: str, on: str, step: int, expected: list[str]
) -> None:
    what = rules(hours(week("01:00-04:00"), zone), step=step)
    begin = utc(f"{on} 00:00") - 1440
    found = open_slots(what, begin, begin + 3 * 1440, now=begin, plans=plans())
    on_day = [s for s in found if str(to_datetime(s).astimezone(what.hours.zone).date()) == on]
    assert local(on_day, zone) == expected


@pytest.mark.parametrize(
    ("open_on", "length", "step", "expected"),
    [
        ("00:00-24:00", 60, 420, ["00:00", "07:00", "14:00", "21:00"]),
        ("00:00-24:00", 720, 420, ["00:00", "07:00", "14:00", "21:00"]),
        ("06:00-18:00 18:00-06:00", 30, 420, ["03:00", "06:00", "13:00", "20:00"]),
        ("00:00-24:00", 1440, 480, ["00:00", "08:00", "16:00"]),
    ],
    ids=["every day anew", "over midnight", "from the day's first window", "a day long"],
)
def test_round_the_clock_the_grid_begins_anew_every_day(
    open_on: str, length: int, step: int, expected: list[str]
) -> None:
    what = rules(hours(week(open_on), "UTC"), length=length, step=step)
    assert clocks(offered(what)) == expected


def test_a_slot_may_not_reach_over_a_short_day_into_closed_hours() -> None:
    open_then = hours(week("00:00-24:00"), "UTC", {"2027-03-02": "00:00-06:00"})
    assert clocks(offered(rules(open_then, length=1440, step=240))) == ["00:00", "04:00"]


@pytest.mark.parametrize(
    ("per_day", "per_week", "expected"),
    [
        (1, None, ["02", "04", "05", "06", "07", "08"]),
        (2, None, ["01", "02", "03", "04", "05", "06", "07", "08"]),
        (None, 2, ["08"]),
        (None, 3, ["01", "02", "03", "04", "05", "06", "07", "08"]),
        (1, 3, ["02", "04", "05", "06", "07", "08"]),
    ],
    ids=["one a day", "two a day", "two a week", "three a week", "both"],
)
def test_limits_count_the_schedules_bookings(
    per_day: int | None, per_week: int | None, expected: list[str]
) -> None:
    """Bookings on Monday the 1st and Wednesday the 3rd."""
    what = rules(MORNING, step=120, max_per_day=per_day, max_per_week=per_week)
    begin = utc("2027-03-01 00:00")
    booked = [utc("2027-03-03 10:00"), utc("2027-03-01 10:00")]
    there = plans(booked=booked)
    found = open_slots(what, begin, begin + 8 * 1440, now=begin, plans=there)
    assert [f"{start // 1440 - begin // 1440 + 1:02}" for start in found] == expected


def test_limits_count_days_and_weeks_of_the_zone() -> None:
    """Sunday, 23:30 in UTC, is Monday in Auckland: another day and another week."""
    what = rules(hours(week("09:00-21:00"), "Pacific/Auckland"), max_per_day=1)
    booked = [utc("2027-02-28 23:30")]
    begin, end = utc("2027-02-28 00:00"), utc("2027-03-01 12:00")
    found = open_slots(what, begin, end, now=begin, plans=plans(booked=booked))
    assert local(found, "Pacific/Auckland") == [
        f"{hour}:{minute}+1300" for hour in range(13, 21) for minute in ("00", "30")
    ]


@pytest.mark.parametrize(
    "wrong",
    [{"length": 0}, {"step": 0}, {"max_per_day": 0}, {"max_per_week": 0}, {"before": -1},
     {"after": -1}, {"notice": -1}, {"horizon": -1}],
    ids=str,
)  # fmt: skip
def test_rules_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least 1|not negative"):
        rules(MORNING, **wrong)
