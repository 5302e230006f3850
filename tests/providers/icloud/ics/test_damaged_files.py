"""Files of real programs with lines dropped, doubled, swapped, cut or in another encoding: no entry
vanishes without being told, and no other is lost over it.
"""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookme.providers.icloud.ics.reading import _MOST
from tests.examples import examples
from tests.providers.icloud.ics.files import NINE, file, read, shown

OUTLOOK = """BEGIN:VCALENDAR
PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN
VERSION:2.0
METHOD:PUBLISH
X-WR-TIMEZONE:Europe/Berlin
BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
CLASS:PUBLIC
CREATED:20260307T204604Z
DESCRIPTION:Über Köln\\, mit Ana\\n
DTEND;TZID="Customized Time Zone":20270309T170000
DTSTAMP:20260307T204604Z
DTSTART;TZID="Customized Time Zone":20270309T090000
PRIORITY:5
SEQUENCE:0
SUMMARY;LANGUAGE=en-gb:Work
TRANSP:OPAQUE
UID:040000008200E00074C5B7101A82E00800000000
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
BEGIN:VALARM
TRIGGER:-PT15M
ACTION:DISPLAY
DESCRIPTION:Reminder
END:VALARM
END:VEVENT
END:VCALENDAR
"""
APPLE = """BEGIN:VCALENDAR
CALSCALE:GREGORIAN
PRODID:-//Apple Inc.//macOS 14.4//EN
VERSION:2.0
BEGIN:VEVENT
CREATED:20260921T071203Z
DTEND;TZID=Europe/Berlin:20270309T110000
DTSTAMP:20260921T071301Z
DTSTART;TZID=Europe/Berlin:20270309T100000
LAST-MODIFIED:20260921T071300Z
RRULE:FREQ=WEEKLY;UNTIL=20270331T215959Z
EXDATE;TZID=Europe/Berlin:20270323T100000
SEQUENCE:1
SUMMARY:Standup
TRANSP:OPAQUE
UID:6B2C5F1E-6F0B-4F0F-9E58-2F0AD5F6C9B4
X-APPLE-CREATOR-IDENTITY:com.apple.calendar
X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC
BEGIN:VALARM
X-APPLE-RADIUS:49.9
TRIGGER:-PT30M
ACTION:DISPLAY
END:VALARM
END:VEVENT
END:VCALENDAR
"""
GOOGLE = """BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
X-WR-TIMEZONE:Asia/Calcutta
BEGIN:VTIMEZONE
TZID:GMT+05:30
X-LIC-LOCATION:GMT+05:30
BEGIN:STANDARD
TZOFFSETFROM:+0530
TZOFFSETTO:+0530
TZNAME:IST
DTSTART:19700101T000000
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
DTSTART;TZID=GMT+05:30:20270309T020000
DTEND;TZID=GMT+05:30:20270309T030000
DTSTAMP:20260904T020000Z
UID:6vui5pik8466jo53fhh503ssd9@google.com
RECURRENCE-ID;TZID=GMT+05:30:20270308T020000
STATUS:CONFIRMED
SUMMARY:Call with Zoë
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
"""
REAL = {"Outlook": OUTLOOK, "Apple": APPLE, "Google": GOOGLE}
#: Lines that may say by themselves that the entry takes no time in the two weeks that are read.
_SAYS_WHEN = re.compile(r"DTSTART|DTEND|DURATION|TRANSP|STATUS|TZID|BEGIN|END|TZOFFSET|RRULE")


def dropped(lines: list[str], at: int, _by: int) -> list[str]:
    return lines[:at] + lines[at + 1 :]


def doubled(lines: list[str], at: int, _by: int) -> list[str]:
    return lines[: at + 1] + lines[at:]


def swapped(lines: list[str], at: int, by: int) -> list[str]:
    other = (at + by) % len(lines)
    found = list(lines)
    found[at], found[other] = lines[other], lines[at]
    return found


def cut(lines: list[str], at: int, by: int) -> list[str]:
    return [*lines[:at], lines[at][: by % (len(lines[at]) + 1)], *lines[at + 1 :]]


def ended(lines: list[str], at: int, by: int) -> list[str]:
    return cut(lines[: at + 1], at, by)


def folded(lines: list[str], at: int, by: int) -> list[str]:
    where = by % (len(lines[at]) + 1)
    return [*lines[:at], lines[at][:where], " " + lines[at][where:], *lines[at + 1 :]]


CHANGES = [dropped, doubled, swapped, cut, ended, folded]


@pytest.mark.parametrize("name", REAL)
def test_the_files_are_understood_as_they_are(name: str) -> None:
    found = read(REAL[name])
    assert found.busy
    assert found.unclear == []


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("change", [dropped, doubled, folded], ids=lambda one: one.__name__)
def test_an_entry_without_one_of_its_lines_takes_its_time_or_is_told(
    name: str, change: Callable[[list[str], int, int], list[str]]
) -> None:
    lines, before = REAL[name].splitlines(), shown(read(REAL[name]))
    for at, line in enumerate(lines):
        found = read("\n".join(change(lines, at, 5)))
        if "RRULE" in line or "EXDATE" in line:
            assert found.busy, line
        else:
            assert shown(found) == before or found.unclear, line


@examples(400)
@given(
    st.sampled_from(sorted(REAL)),
    st.lists(
        st.tuples(st.sampled_from(CHANGES), st.integers(0, 200), st.integers(0, 200)), max_size=4
    ),
    st.sampled_from(["utf-8", "latin-1", "cp1252", "utf-16"]),
)
def test_whatever_happens_to_a_file_it_is_counted_and_hides_no_other(
    name: str, changes: list[tuple[object, int, int]], encoding: str
) -> None:
    lines = REAL[name].splitlines()
    for change, at, by in changes:
        lines = change(lines, at % len(lines), by) if lines else lines  # type: ignore[operator]
    damaged = "\r\n".join(lines).encode(encoding).decode("utf-8", errors="replace")
    found = read(file(*NINE), damaged, file(*NINE))
    assert shown(found).count("09 09:00-09 10:00") >= 2
    told = len(found.busy) > 2 or found.unclear
    assert told or _takes_no_time(lines, REAL[name].splitlines())


def _takes_no_time(lines: list[str], before: list[str]) -> bool:
    """Whether a line that is left says when it is, or that it is free, other than before."""
    moved = [
        line for line in lines if line not in before or lines.index(line) != before.index(line)
    ]
    return any(_SAYS_WHEN.search(line) for line in moved)


@examples(200)
@given(st.text(max_size=300), st.integers(0, 40))
def test_any_text_in_any_place_escapes_as_no_exception(text: str, at: int) -> None:
    lines = APPLE.splitlines()
    found = read("\n".join([*lines[:at], text, *lines[at:]]), file(*NINE))
    assert "09 09:00-09 10:00" in shown(found)


def test_the_budget_of_a_reading_is_a_few_seconds_of_work() -> None:
    assert _MOST <= 1_000_000
