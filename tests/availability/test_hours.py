from datetime import date

import pytest

from bookme.availability import Hours, Window, to_datetime, windows_between, windows_on
from bookme.availability.hours import Week
from tests.availability.saying import hours, local, utc, week, windows


def shown(on: str, hours: Hours) -> list[str]:
    """The windows that begin on a date, in the zone's clock times, with their real length."""
    return [_words(span, hours) for span in windows_on(date.fromisoformat(on), hours)]


def _words(span: tuple[int, int], hours: Hours) -> str:
    opens, closes = (to_datetime(end).astimezone(hours.zone) for end in span)
    return f"{opens:%d %H:%M} to {closes:%d %H:%M}, {span[1] - span[0]} min"


@pytest.mark.parametrize(
    ("on", "open_on", "expected"),
    [
        ("2027-06-01", "09:00-12:00 13:00-17:00", ["01 09:00 to 01 12:00, 180 min",
                                                   "01 13:00 to 01 17:00, 240 min"]),
        ("2027-06-01", "13:00-17:00 09:00-12:00", ["01 09:00 to 01 12:00, 180 min",
                                                   "01 13:00 to 01 17:00, 240 min"]),
        ("2027-06-01", "22:00-02:00", ["01 22:00 to 02 02:00, 240 min"]),
        ("2027-06-01", "18:00-24:00", ["01 18:00 to 02 00:00, 360 min"]),
        ("2027-06-01", "18:00-00:00", ["01 18:00 to 02 00:00, 360 min"]),
        ("2027-06-01", "", []),
        ("2028-02-28", "22:00-02:00", ["28 22:00 to 29 02:00, 240 min"]),
        ("2028-02-29", "22:00-02:00", ["29 22:00 to 01 02:00, 240 min"]),
        ("2027-12-31", "22:00-02:00", ["31 22:00 to 01 02:00, 240 min"]),
    ],
    ids=[
        "two", "any order", "overnight", "until 24:00", "until 00:00", "day off",
        "into a leap day", "out of a leap day", "into the new year",
    ],
)  # fmt: skip
def test_windows_begin_on_their_date(on: str, open_on: str, expected: list[str]) -> None:
    assert shown(on, hours(week(open_on))) == expected


@pytest.mark.parametrize(
    ("zone", "on", "open_on", "expected"),
    [
        ("Europe/Berlin", "2027-03-28", "01:00-04:00", ["28 01:00 to 28 04:00, 120 min"]),
        ("Europe/Berlin", "2027-03-28", "02:15-02:45", []),
        ("Europe/Berlin", "2027-03-28", "02:30-04:00", ["28 03:00 to 28 04:00, 60 min"]),
        ("Europe/Berlin", "2027-03-28", "01:00-02:30", ["28 01:00 to 28 03:00, 60 min"]),
        ("Europe/Berlin", "2027-10-31", "01:00-04:00", ["31 01:00 to 31 04:00, 240 min"]),
        ("Europe/Berlin", "2027-10-31", "02:00-03:00", ["31 02:00 to 31 03:00, 120 min"]),
        ("Europe/Berlin", "2027-10-31", "02:15-02:45", ["31 02:15 to 31 02:45, 30 min"]),
        ("Australia/Lord_Howe", "2027-10-03", "01:00-03:00", ["03 01:00 to 03 03:00, 90 min"]),
        ("Australia/Lord_Howe", "2027-04-04", "01:00-03:00", ["04 01:00 to 04 03:00, 150 min"]),
        ("Australia/Lord_Howe", "2027-10-03", "02:10-02:20", []),
        ("America/Havana", "2027-03-14", "00:00-08:00", ["14 01:00 to 14 08:00, 420 min"]),
        ("America/Havana", "2027-11-07", "00:00-08:00", ["07 00:00 to 07 08:00, 540 min"]),
        ("Asia/Kathmandu", "2027-06-01", "09:00-10:00", ["01 09:00 to 01 10:00, 60 min"]),
        ("Pacific/Apia", "2011-12-29", "22:00-02:00", ["29 22:00 to 31 00:00, 120 min"]),
        ("Pacific/Apia", "2011-12-30", "09:00-17:00", []),
        ("Pacific/Apia", "2011-12-30", "22:00-02:00", ["31 00:00 to 31 02:00, 120 min"]),
    ],
    ids=[
        "hour lost", "inside the gap", "begins in the gap", "ends in the gap", "hour won",
        "the hour itself", "ends at the first 02:45", "half an hour lost", "half an hour won",
        "inside half an hour's gap", "gap at midnight", "midnight twice", "Nepal",
        "into the day that never was", "the day that never was", "out of it",
    ],
)  # fmt: skip
def test_a_window_has_the_length_it_really_has(
    zone: str, on: str, open_on: str, expected: list[str]
) -> None:
    assert shown(on, hours(week(open_on), zone)) == expected


def test_a_window_is_where_the_zone_puts_it() -> None:
    nepal = hours(week("09:00-10:00"), "Asia/Kathmandu")
    assert windows_on(date(2027, 6, 1), nepal) == [
        (utc("2027-06-01 03:15"), utc("2027-06-01 04:15"))
    ]


def test_an_override_replaces_what_begins_on_its_date() -> None:
    night_shift = hours(
        week("22:00-02:00"), overrides={"2027-06-02": "10:00-11:00", "2027-06-03": ""}
    )
    assert shown("2027-06-01", night_shift) == ["01 22:00 to 02 02:00, 240 min"]
    assert shown("2027-06-02", night_shift) == ["02 10:00 to 02 11:00, 60 min"]
    assert shown("2027-06-03", night_shift) == []


WEEKDAYS = week(*["09:00-17:00"] * 5, "", "")


@pytest.mark.parametrize(
    ("open_on", "begin", "end", "expected"),
    [
        (WEEKDAYS, "2027-03-05 12:00", "2027-03-08 10:00",
         [("2027-03-05 09:00", "2027-03-05 17:00"), ("2027-03-08 09:00", "2027-03-08 10:00")]),
        (WEEKDAYS, "2027-03-05 17:00", "2027-03-08 09:00", []),
        (WEEKDAYS, "2027-03-02 10:00", "2027-03-02 10:00", []),
        (week("09:00-12:00 12:00-14:00 13:00-15:00"), "2027-03-02 13:00", "2027-03-02 23:00",
         [("2027-03-02 09:00", "2027-03-02 15:00")]),
        (week("22:00-02:00 02:00-03:00"), "2027-03-02 02:30", "2027-03-02 20:00",
         [("2027-03-01 22:00", "2027-03-02 03:00")]),
        (week(*["00:00-24:00"] * 6, ""), "2027-03-06 12:00", "2027-03-09 00:00",
         [("2027-03-01 00:00", "2027-03-07 00:00"), ("2027-03-08 00:00", "2027-03-09 00:00")]),
        (week("", "22:00-24:00", *["00:00-24:00"] * 5), "2027-03-07 12:00", "2027-03-08 23:00",
         [("2027-03-02 22:00", "2027-03-08 00:00")]),
        (week("00:00-24:00"), "2027-03-02 12:00", "2027-03-04 12:00",
         [("2027-03-02 00:00", "2027-03-03 00:00"), ("2027-03-03 00:00", "2027-03-04 00:00"),
          ("2027-03-04 00:00", "2027-03-04 12:00")]),
        (week("08:00-20:00 20:00-08:00"), "2027-03-02 21:00", "2027-03-03 09:00",
         [("2027-03-02 08:00", "2027-03-03 08:00"), ("2027-03-03 08:00", "2027-03-03 09:00")]),
    ],
    ids=[
        "over the weekend", "between", "no time", "touching and overlapping", "overnight chain",
        "six days long", "nearly a week", "round the clock", "in two shifts",
    ],
)  # fmt: skip
def test_windows_are_merged_and_told_from_where_they_begin(
    open_on: Week, begin: str, end: str, expected: list[tuple[str, str]]
) -> None:
    found = windows_between(utc(begin), utc(end), hours(open_on, "UTC"))
    assert found == [(utc(opens), utc(closes)) for opens, closes in expected]


def test_overrides_may_hold_a_window_open_for_weeks() -> None:
    days = {f"2027-03-{day:02}": "00:00-24:00" for day in range(3, 31)}
    open_then = hours(week("23:00-24:00"), "UTC", days)
    found = windows_between(utc("2027-03-30 12:00"), utc("2027-03-30 13:00"), open_then)
    assert found == [(utc("2027-03-02 23:00"), utc("2027-03-30 13:00"))]


def test_a_day_off_ends_hours_that_never_close() -> None:
    open_then = hours(week("00:00-24:00"), "UTC", {"2027-03-02": "", "2027-03-03": "06:00-24:00"})
    found = windows_between(utc("2027-03-01 23:00"), utc("2027-03-04 01:00"), open_then)
    assert found == [
        (utc("2027-03-01 00:00"), utc("2027-03-02 00:00")),
        (utc("2027-03-03 06:00"), utc("2027-03-04 00:00")),
        (utc("2027-03-04 00:00"), utc("2027-03-04 01:00")),
    ]


def test_a_window_of_two_days_ago_may_fill_a_hole_of_yesterday() -> None:
    """So that what is open today began when yesterday's first window did."""
    days = {
        "2027-03-02": "20:30-20:15",
        "2027-03-03": "01:00-02:00 20:00-19:00",
        "2027-03-04": "",
    }
    open_then = hours(week("00:00-24:00"), "UTC", days)
    found = windows_between(utc("2027-03-04 10:00"), utc("2027-03-04 11:00"), open_then)
    assert found == [(utc("2027-03-03 01:00"), utc("2027-03-04 11:00"))]


def test_a_day_may_begin_before_the_day_before_ends() -> None:
    """St. John's clocks went from 00:01 back to 23:01 of the day before."""
    night = hours(week("00:00-00:30"), "America/St_Johns")
    midnight = utc("2010-11-07 02:30")
    assert local([midnight, midnight + 1], "America/St_Johns") == ["00:00-0230", "23:01-0330"]
    found = windows_between(midnight - 60, midnight + 20, night)
    assert found == [(midnight, midnight + 20)]


@pytest.mark.parametrize(("opens", "closes"), [(-1, 60), (1440, 60), (0, 1441), (0, -1)], ids=str)
def test_a_window_outside_the_day_is_refused(opens: int, closes: int) -> None:
    with pytest.raises(ValueError, match="no window of a day"):
        Window(opens, closes)


def test_a_week_has_seven_days() -> None:
    with pytest.raises(ValueError, match="6 days"):
        hours((windows("09:00-17:00"),) * 6)
