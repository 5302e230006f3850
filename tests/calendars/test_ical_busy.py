"""Entries with odd zones, odd rules and odd values."""

import time
from zoneinfo import ZoneInfo

import pytest

from bookme.calendars import ical_busy
from tests.calendars.conftest import BEGIN, END
from tests.calendars.radicale import file

LISBON = ZoneInfo("Europe/Lisbon")
NINE = ("DTSTART:20270309T090000Z", "DTEND:20270309T093000Z")


def busy(*lines: str) -> list[str]:
    found = ical_busy.busy(file(*lines), BEGIN, END, zone=LISBON, own="ana@example.com")
    return [f"{one.starts_at:%d %H:%M}-{one.ends_at:%H:%M}" for one in found]


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("W. Europe Standard Time", "09 08:00-08:30"),
        ("Pacific Standard Time", "09 17:00-17:30"),
        ("Customized Time Zone", "09 09:00-09:30"),  # as the host's clocks show it
    ],
)
def test_a_zone_that_only_windows_knows(zone: str, expected: str) -> None:
    lines = [line.replace(":", f';TZID="{zone}":', 1).removesuffix("Z") for line in NINE]
    assert busy(*lines) == [expected]


def test_a_zone_that_comes_along_is_used() -> None:
    definition = [
        "BEGIN:VTIMEZONE",
        "TZID:Own",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZOFFSETFROM:+0300",
        "TZOFFSETTO:+0300",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]
    lines = [line.replace(":", ";TZID=Own:", 1).removesuffix("Z") for line in NINE]
    whole = file(*lines).replace("BEGIN:VEVENT", "\r\n".join([*definition, "BEGIN:VEVENT"]))
    [one] = ical_busy.busy(whole, BEGIN, END, zone=LISBON, own="")
    assert f"{one.starts_at:%H:%M}" == "06:00"


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY",
        "FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5;BYSECOND=1,2,3,4",
        "FREQ=NONSENSE",
        "FREQ=DAILY;COUNT=x",
        "",
    ],
)
def test_a_rule_that_cannot_be_followed_counts_as_none(rule: str) -> None:
    begun = time.monotonic()
    assert busy(*NINE, f"RRULE:{rule}") == ["09 09:00-09:30"]
    assert time.monotonic() - begun < 5


def test_an_hourly_series_is_followed() -> None:
    assert len(busy(*NINE, "RRULE:FREQ=HOURLY;COUNT=30")) == 30


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("DTSTART:SECRET", NINE[1]),
        ("RRULE:FREQ=DAILY", NINE[1]),
        (NINE[0], "DTEND:SECRET"),
        ("DTSTART;VALUE=DATE:00010101", "DTEND;VALUE=DATE:00010102"),
        ("DTSTART;VALUE=DATE:99991231",),
    ],
    ids=str,
)
def test_an_entry_without_sensible_times_takes_none(lines: tuple[str, ...]) -> None:
    assert busy(*lines) == []


def test_an_attendee_without_an_answer_has_not_declined() -> None:
    assert busy(*NINE, "ATTENDEE:mailto:ana@example.com", "ATTENDEE:x") == ["09 09:00-09:30"]
