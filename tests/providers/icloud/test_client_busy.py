"""Which entries of a CalDAV calendar take time, and when."""

from datetime import datetime
from textwrap import dedent

import pytest

from bookme.providers.calendar import Busy
from bookme.providers.icloud.client import ICloudCalendar
from tests.providers.conftest import BEGIN, END, request
from tests.providers.radicale import HOME, USER, Front, Radicale

NINE = ("DTSTART:20270309T090000Z", "DTEND:20270309T100000Z")
BERLIN = ("DTSTART;TZID=Europe/Berlin:20270309T100000", "DTEND;TZID=Europe/Berlin:20270309T110000")


def said(busy: Busy) -> str:
    return f"{busy.starts_at:%d %H:%M}-{busy.ends_at:%d %H:%M}"


def busy(icloud: ICloudCalendar, radicale: Radicale, work: str, *lines: str) -> list[str]:
    """What one entry takes in the week from Monday 8 March 2027."""
    radicale.put("work/e.ics", *lines)
    return sorted(said(one) for one in icloud.busy(work, BEGIN, END).busy)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (NINE, ["09 09:00-09 10:00"]),
        (BERLIN, ["09 09:00-09 10:00"]),
        (("DTSTART:20270309T090000Z", "DURATION:PT90M"), ["09 09:00-09 10:30"]),
        (("DTSTART:20270309T090000", "DTEND:20270309T100000"), ["09 09:00-09 10:00"]),
        (("DTSTART;VALUE=DATE:20270309", "DTEND;VALUE=DATE:20270311"), ["09 00:00-11 00:00"]),
        (("DTSTART;VALUE=DATE:20270309",), ["09 00:00-10 00:00"]),
        (("DTSTART:20270309T090000Z",), []),
        (("DTSTART:20270301T090000Z", "DTEND:20270320T100000Z"), ["01 09:00-20 10:00"]),
        ((*NINE, "STATUS:TENTATIVE", "TRANSP:OPAQUE"), ["09 09:00-09 10:00"]),
        ((*NINE, "TRANSP:TRANSPARENT"), []),
        ((*NINE, "STATUS:CANCELLED"), []),
        ((*NINE, f"ATTENDEE;PARTSTAT=DECLINED:MAILTO:{USER.upper()}"), []),
        ((*NINE, f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{USER}"), ["09 09:00-09 10:00"]),
        ((*NINE, "ATTENDEE;PARTSTAT=DECLINED:mailto:other@example.com"), ["09 09:00-09 10:00"]),
    ],
    ids=[
        "utc",
        "a zone",
        "a duration",
        "floating",
        "whole days",
        "a whole day",
        "no length",
        "longer than the week",
        "tentative",
        "transparent",
        "cancelled",
        "declined",
        "accepted",
        "declined by somebody else",
    ],
)
def test_an_entry_takes_its_time(
    icloud: ICloudCalendar,
    radicale: Radicale,
    work: str,
    lines: tuple[str, ...],
    expected: list[str],
) -> None:
    assert busy(icloud, radicale, work, *lines) == expected


def test_whole_days_and_floating_times_are_the_hosts(
    front: Front, radicale: Radicale, work: str
) -> None:
    hosts = ["localhost", "127.0.0.1"]
    tokyo = ICloudCalendar(
        front.url, USER, "abcd-efgh-ijkl-mnop", hosts=hosts, zone="Asia/Tokyo", deadline=20
    )
    whole = ("DTSTART;VALUE=DATE:20270315", "DTEND;VALUE=DATE:20270316")
    assert busy(tokyo, radicale, work, *whole) == ["14 15:00-15 15:00"]
    floating = ("DTSTART:20270308T080000", "DTEND:20270308T100000")
    assert busy(tokyo, radicale, work, *floating) == ["07 23:00-08 01:00"]


def test_what_only_touches_the_stretch_is_left_out(
    icloud: ICloudCalendar, radicale: Radicale, work: str
) -> None:
    before = ("DTSTART:20270307T230000Z", "DTEND:20270308T000000Z")
    assert busy(icloud, radicale, work, *before) == []


def test_a_series_is_expanded_with_its_exceptions(
    icloud: ICloudCalendar, radicale: Radicale, work: str
) -> None:
    whole = dedent(f"""\
        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Test//EN
        BEGIN:VEVENT
        UID:e
        DTSTAMP:20270301T000000Z
        {BERLIN[0].replace("0309", "0301")}
        {BERLIN[1].replace("0309", "0301")}
        RRULE:FREQ=DAILY
        EXDATE;TZID=Europe/Berlin:20270310T100000
        END:VEVENT
        BEGIN:VEVENT
        UID:e
        DTSTAMP:20270301T000000Z
        RECURRENCE-ID;TZID=Europe/Berlin:20270311T100000
        DTSTART;TZID=Europe/Berlin:20270311T150000
        DTEND;TZID=Europe/Berlin:20270311T160000
        END:VEVENT
        BEGIN:VEVENT
        UID:e
        DTSTAMP:20270301T000000Z
        RECURRENCE-ID;TZID=Europe/Berlin:20270312T100000
        DTSTART;TZID=Europe/Berlin:20270312T100000
        DTEND;TZID=Europe/Berlin:20270312T110000
        STATUS:CANCELLED
        END:VEVENT
        END:VCALENDAR
        """)
    assert radicale.ask("PUT", "work/e.ics", whole).status_code == 201
    assert sorted(said(one) for one in icloud.busy(work, BEGIN, END).busy) == [
        "08 09:00-08 10:00",
        "09 09:00-09 10:00",
        "11 14:00-11 15:00",
        "13 09:00-13 10:00",
        "14 09:00-14 10:00",
    ]


def test_an_entry_of_our_own_is_known_by_its_id(
    icloud: ICloudCalendar, radicale: Radicale, work: str
) -> None:
    made = icloud.create(work, request())
    [own] = icloud.busy(work, BEGIN, END).busy
    assert own.entry_id == made.id
    assert (own.starts_at, own.ends_at) == (request().starts_at, request().ends_at)


def test_an_empty_calendar_takes_no_time(
    icloud: ICloudCalendar, radicale: Radicale, work: str
) -> None:
    assert icloud.busy(work, BEGIN, END).busy == []


def multistatus(*entries: str) -> str:
    parts = "".join(
        f"<response><href>{HOME}work/{at}.ics</href><propstat><prop>"
        f"<C:calendar-data><![CDATA[{entry}]]></C:calendar-data>"
        "</prop><status>HTTP/1.1 200 OK</status></propstat></response>"
        for at, entry in enumerate(entries)
    )
    return (
        f'<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">{parts}</multistatus>'
    )


def test_an_entry_that_cannot_be_read_hides_no_other(
    icloud: ICloudCalendar, front: Front, work: str, caplog: pytest.LogCaptureFixture
) -> None:
    good = "\r\n".join(
        ("BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:g", *NINE, "END:VEVENT", "END:VCALENDAR", "")
    )
    front.scripts[f"{HOME}work/"] = 207, {}, multistatus("BEGIN:VCALENDAR\r\nSECRET", good)
    found = icloud.busy(work, BEGIN, END)
    assert [said(one) for one in found.busy] == ["09 09:00-09 10:00"]
    assert len(found.unclear) == 1
    assert "SECRET" not in caplog.text


def test_times_are_instants_in_utc(icloud: ICloudCalendar, radicale: Radicale, work: str) -> None:
    radicale.put("work/e.ics", *BERLIN)
    [one] = icloud.busy(work, BEGIN, END).busy
    assert one.starts_at == datetime.fromisoformat("2027-03-09T09:00:00+00:00")
    assert one.starts_at.utcoffset() is not None
    assert str(one.starts_at.tzinfo) == "UTC"
