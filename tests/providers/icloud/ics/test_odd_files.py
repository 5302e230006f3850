"""Files as programs really write them: what they take, and that nothing else is lost over it."""

import pytest

from tests.providers.icloud.ics.files import NINE, file, read, shown, zone

TAKEN = ["09 09:00-09 10:00"]
EASTERN = "(UTC-05:00) Eastern Time (US & Canada)"
OFFSETS = ("TZOFFSETFROM:+0100", "TZOFFSETTO:+0100")


def local(name: str, hour: str) -> tuple[str, ...]:
    return f"DTSTART;TZID={name}:20270309T{hour}0000", "DURATION:PT1H"


@pytest.mark.parametrize(
    "head",
    [
        ("BEGIN:VTIMEZONE", "TZID:Foo/Bar", "END:VTIMEZONE"),
        zone("Foo", *OFFSETS, "TZNAME;LANGUAGE=de:MEZ"),
        ("BEGIN:VTIMEZONE", "TZID:Foo", "TZID:Bar", "END:VTIMEZONE"),
        (
            "BEGIN:VTIMEZONE",
            "TZID:W. Europe Standard Time",
            "BEGIN:DAYLIGHT",
            *OFFSETS,
            "END:DAYLIGHT",
            "END:VTIMEZONE",
        ),
        zone("Foo", "TZOFFSETTO:SECRET"),
        ("X-WR-TIMEZONE:Nowhere/Land", "METHOD", "", "SECRET:;:;"),
    ],
    ids=["empty", "language", "two names", "no start", "no offset", "odd head"],
)
def test_a_head_that_cannot_be_read_costs_no_entry(head: tuple[str, ...]) -> None:
    found = read(file(*NINE, head=head))
    assert (shown(found), found.unclear) == (TAKEN, [])


@pytest.mark.parametrize(
    "lines",
    [
        ("BEGIN:VALARM", "X-APPLE-RADIUS=49.9", "TRIGGER:SECRET", "END:VALARM"),
        ("BEGIN:VALARM", "TRIGGER;VALUE=DURATION:-PT15M", "DURATION:PT0S", "END:VALARM"),
        ("CREATED:20260101T000000ZT000000Z", "LAST-MODIFIED:SECRET", "SEQUENCE:SECRET"),
        ("DESCRIPTION:a", "and: b", "", "https://example.com/20270401", "c"),
        ("GEO:SECRET", "ATTENDEE", "ATTENDEE:x", "ORGANIZER;CN=:", "X-A;B;C=;D:"),
        ("DESCRIPTION:a\x0bb",),
        ("DESCRIPTION:a\u2028DTSTART:19990101",),
    ],
    ids=["alarm", "alarm's length", "metadata", "unfolded", "empty", "vertical tab", "separator"],
)
def test_lines_that_say_no_time_cost_no_entry(lines: tuple[str, ...]) -> None:
    for whole in (file(*NINE, *lines), file(*lines, *NINE)):
        found = read(whole)
        assert (shown(found), found.unclear) == (TAKEN, [])


def test_the_definition_of_a_zone_counts_for_its_own_file_only() -> None:
    lines = local("Customized Time Zone", "10")
    west = zone("Customized Time Zone", "TZOFFSETFROM:-0800", "TZOFFSETTO:-0800")
    east = zone("Customized Time Zone", *OFFSETS)
    found = read(file(*lines, head=east), file(*lines, head=west))
    assert shown(found) == ["09 09:00-09 10:00", "09 18:00-09 19:00"]
    assert found.unclear == []


@pytest.mark.parametrize(
    ("name", "hour"),
    [
        (f'"{EASTERN}"', "04"),
        (EASTERN, "04"),  # without the quotes that its colon needs
        ("GMT+05:30", "14"),  # as Google writes it
        ('"(UTC+01:00) Amsterdam, Berlin, Bern, Rom, Stockholm, Wien"', "10"),
        ('"(GMT+01.00) Amsterdam / Berlin / Bern / Rome / Stockholm / Vienna"', "10"),
        ("(UTC) Koordinerad universell tid", "09"),
        ("UTC", "09"),
        ("Z", "09"),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "10"),
        ("/mozilla.org/20050126_1/America/New_York", "04"),
        ("europe/berlin", "10"),
        ("W. Europe Standard Time", "10"),
        ("tzone://Microsoft/Utc", "09"),
    ],
)
def test_a_zone_is_known_by_what_its_name_says(name: str, hour: str) -> None:
    lines = local(name, hour)
    if hour == "14":
        lines = (lines[0].replace("T140000", "T143000"), lines[1])
    found = read(file(*lines))
    assert (shown(found), found.unclear) == (TAKEN, [])


def test_a_name_that_states_its_offset_follows_the_clocks_of_its_place() -> None:
    lines = local(f'"{EASTERN}"', "05")
    rule = "RRULE:FREQ=WEEKLY;COUNT=2"  # New York's clocks change between
    assert shown(read(file(*lines, rule))) == ["09 10:00-09 11:00", "16 09:00-16 10:00"]


@pytest.mark.parametrize(
    ("name", "offset", "expected"),
    [
        ("(UTC+01:00) Amsterdam\\, Berlin", "+0100", "09 09:00-09 10:00"),  # escaped here only
        ("(UTC+10:00) Brisbane", "+1000", "09 00:00-09 01:00"),
    ],
)
def test_a_definition_without_its_first_offset_is_used(
    name: str, offset: str, expected: str
) -> None:
    lines = local(f'"{name.replace(chr(92), "")}"', "10")
    assert shown(read(file(*lines, head=zone(name, f"TZOFFSETTO:{offset}")))) == [expected]


def test_a_definition_follows_its_rules() -> None:
    summer = (
        "BEGIN:VTIMEZONE",
        "TZID:Custom",
        "BEGIN:STANDARD",
        "DTSTART:16011028T030000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "BEGIN:DAYLIGHT",
        "DTSTART:16010311T020000",
        "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "END:DAYLIGHT",
        "END:VTIMEZONE",
    )
    lines = (*local("Custom", "10"), "RRULE:FREQ=WEEKLY;COUNT=2")
    found = read(file(*lines, head=summer))
    assert (shown(found), found.unclear) == (["09 09:00-09 10:00", "16 08:00-16 09:00"], [])


def test_a_zone_that_nobody_knows_is_the_hosts_and_told() -> None:
    found = read(file(*local("Customized Time Zone", "10")))
    assert (shown(found), len(found.unclear)) == (TAKEN, 1)


def test_a_definition_that_lacks_a_part_is_told() -> None:
    summer_only = ("BEGIN:VTIMEZONE", "TZID:Foo", "BEGIN:DAYLIGHT", "DTSTART:16010311T020000")
    summer_only += (*OFFSETS, "END:DAYLIGHT", "BEGIN:STANDARD", "END:STANDARD", "END:VTIMEZONE")
    found = read(file(*local("Foo", "10"), head=summer_only))
    assert (shown(found), len(found.unclear)) == (TAKEN, 1)


@pytest.mark.parametrize("rule", ["", "RRULE:FREQ=WEEKLY;COUNT=1"])
def test_times_without_a_zone_are_in_the_calendars(rule: str) -> None:
    head = ("X-WR-TIMEZONE:America/New_York",)
    lines = ("DTSTART:20270309T050000", "DURATION:PT1H", rule)
    assert shown(read(file(*lines, head=head))) == ["09 10:00-09 11:00"]
    day = ("DTSTART;VALUE=DATE:20270309", rule)
    assert shown(read(file(*day, head=head))) == ["09 05:00-10 05:00"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("DTSTART;TZID=Europe/Berlin:20270309T090000Z", "DURATION:PT1H"), TAKEN),
        (("DTSTART;TZID=UTC;VALUE=DATE-TIME:20270309T090000Z", "DURATION:PT1H"), TAKEN),
        (("DTSTART:2027-03-09T10:00:00", "DTEND:2027-03-09 11:00:00"), TAKEN),
        (("DTSTART:2027-03-09T10:00:00+01:00", "DTEND:20270309T1000Z"), TAKEN),
        (("dtstart:20270309t090000z", "Dtend:20270309T100000Z"), TAKEN),
        (("DTSTART:20270309T090000Z", "DURATION:-PT0DT1H0M0S"), TAKEN),
        (("DURATION:PT1H", "DTSTART:20270309T090000Z"), TAKEN),
        (("DTSTART:20270309T230000Z", "DTEND:20270309T240000Z"), ["09 23:00-10 00:00"]),
        (("DTSTART;VALUE=DATE:20270309", "DTEND;VALUE=DATE:20270309"), ["08 23:00-09 23:00"]),
        (("DTSTART;VALUE=DATE:20270309T000000", "DTEND:20270310"), ["08 23:00-09 23:00"]),
        (("DTSTART:20270309",), ["08 23:00-09 23:00"]),
        (("DTSTART;VALUE=DATE:20270309", "DTEND:20270309T100000Z"), ["08 23:00-09 23:00"]),
        (("DTSTART:20270309T090000Z", "DTEND:20270309T090000Z"), []),
        ((*NINE, "X-APPLE-TRAVEL-DURATION;VALUE=DURATION:PT30M"), ["09 08:30-09 10:00"]),
        ((*NINE, "ATTENDEE;EMAIL=ana@example.com;PARTSTAT=DECLINED:/aMTIz/principal/"), []),
        ((*NINE, 'ATTENDEE;CN="Ana: x";PARTSTAT=DECLINED:MAILTO:ANA@example.com'), []),
        ((*NINE, "ATTENDEE;EMAIL=bo@example.com;PARTSTAT=DECLINED:/x/"), TAKEN),
        ((*NINE, "transp:transparent"), []),
    ],
    ids=lambda value: "; ".join(value)[:70],
)
def test_an_entry_takes_what_it_means(lines: tuple[str, ...], expected: list[str]) -> None:
    found = read(file(*lines))
    assert (shown(found), found.unclear) == (expected, [])


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r", "\r\r\n"], ids=repr)
def test_lines_end_in_any_way(ending: str) -> None:
    whole = "\ufeff" + file(*NINE, "DESCRIPTION:ab\r\n\tc").replace("\r\n", ending)
    found = read(whole)
    assert (shown(found), found.unclear) == (TAKEN, [])


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((), []),
        (("DTSTART:SECRET", NINE[1]), []),
        (("DTSTART;VALUE=DATE:99991231",), []),
        (("DTSTART;VALUE=DATE:00010101", "DTEND;VALUE=DATE:00010102"), []),
        ((NINE[0],), []),
        ((NINE[0], "DTEND:SECRET"), []),
        ((NINE[0], "DTEND:20270309T080000Z"), []),
        ((NINE[0], "DTEND:SECRET", "DURATION:PT1H"), TAKEN),
        (("DTSTART;VALUE=DATE:20270309", "DTEND;VALUE=DATE:20270308"), ["08 23:00-09 23:00"]),
        ((*NINE, "RRULE:FREQ=SECONDLY"), TAKEN),
        ((*NINE, "RRULE:FREQ=NONSENSE"), TAKEN),
        ((*NINE, "RRULE:FREQ=DAILY;COUNT=x"), TAKEN),
        ((*NINE, "RRULE:FREQ=DAILY;UNTIL=2027"), TAKEN),
        ((*NINE, "RRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5;BYSECOND=1,2,3,4"), TAKEN),
        ((*NINE, "RRULE:RSCALE=CHINESE;FREQ=YEARLY"), TAKEN),
        ((*NINE, "RRULE:"), TAKEN),
        ((*NINE, "RRULE:FREQ=WEEKLY;COUNT=2;X-NEW=1"), [*TAKEN, "16 09:00-16 10:00"]),
        ((*NINE, "RRUL:FREQ=WEEKLY;COUNT=2"), TAKEN),
        ((*NINE, "RRU"), TAKEN),
        ((*NINE, "RRULE:FREQ=WEEKLY;COUNT=2", "EXDATE:SECRET"), [*TAKEN, "16 09:00-16 10:00"]),
        ((*NINE, "RDATE:20270310T090000Z,SECRET"), [*TAKEN, "10 09:00-10 10:00"]),
        ((*NINE, "X-APPLE-TRAVEL-DURATION:SECRET"), TAKEN),
        ((*NINE, "DTSTART:20270310T090000Z"), TAKEN),
        ((*NINE, "RECURRENCE-ID:SECRET"), TAKEN),
        ((*NINE, "END:VALARM"), TAKEN),
        (("BEGIN:VALARM", *NINE), []),
    ],
    ids=lambda value: "; ".join(value)[:70],
)
def test_what_is_not_understood_is_told_and_the_rest_takes_time(
    lines: tuple[str, ...], expected: list[str]
) -> None:
    found = read(file(*lines))
    assert shown(found) == expected
    assert [one.title for one in found.unclear] == ["Dentist"]


def test_date_and_title_of_what_is_not_understood_are_told() -> None:
    [one] = read(file(*NINE, "RRULE:FREQ=NONSENSE")).unclear
    assert (f"{one.starts_at:%d %H:%M}", one.title, one.entry_id) == ("09 09:00", "Dentist", "e")
    assert "Dentist" not in repr(one)


@pytest.mark.parametrize("free", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED"])
def test_what_takes_no_time_need_not_be_understood(free: str) -> None:
    assert read(file("DTSTART:SECRET", free)).unclear == []


@pytest.mark.parametrize("content", ["", "SECRET", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"])
def test_a_file_without_an_entry_is_told(content: str) -> None:
    assert len(read(content).unclear) == 1


def test_a_task_is_no_entry() -> None:
    assert read("BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VTODO\nEND:VCALENDAR\n").unclear == []
