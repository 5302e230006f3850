from datetime import timedelta
from typing import Any

import icalendar
import pytest
from flask import Flask

from bookme.bookings.messages.ics import calendar_file, raise_sequence
from bookme.extensions import db
from bookme.mail.defuse import named
from bookme.models import Attendee, Booking, BookingStatus, Caller, LocationKind, Role, User
from tests import factories
from tests.conftest import NOW

JOIN = "https://zoom.us/j/85?pwd=x"


@pytest.fixture
def booking(app: Flask) -> Booking:
    """Ana's booking with Mara, with its meeting."""
    made: Booking = factories.booking(video_provider="zoom")
    assert made.meeting is not None
    made.meeting.join_url, made.meeting.passcode = JOIN, "123"
    db.session.commit()
    return made


def file(booking: Booking, reader: Attendee | User | None, method: str = "REQUEST") -> bytes:
    return calendar_file(booking, reader=reader, method=method, now=NOW)


def event(booking: Booking, reader: Attendee | User | None, method: str = "REQUEST") -> Any:
    (found,) = icalendar.Calendar.from_ical(file(booking, reader, method)).walk("VEVENT")
    return found


def test_a_calendar_gets_the_appointment_whole(booking: Booking) -> None:
    found = event(booking, booking.booker)
    assert found["UID"] == f"{booking.reference}@localhost"
    assert (found["SEQUENCE"], found["STATUS"]) == (0, "CONFIRMED")
    assert (found.decoded("DTSTART"), found.decoded("DTEND")) == (
        booking.starts_at,
        booking.ends_at,
    )
    assert found.decoded("DTSTAMP") == NOW
    assert found["SUMMARY"] == "Intro call with Mara Lindqvist"
    assert found["LOCATION"] == JOIN
    assert found["DESCRIPTION"].splitlines() == [
        "Zoom",
        f"Join: {JOIN}",
        "Passcode: 123",
        "",
        f"Reschedule or cancel: http://localhost/booking/{booking.token}",
    ]


def test_times_are_in_utc_so_that_no_zone_has_to_be_explained(booking: Booking) -> None:
    lines = file(booking, booking.booker).decode().split("\r\n")
    assert "DTSTART:20270302T090000Z" in lines
    assert "BEGIN:VTIMEZONE" not in lines
    assert all(len(line.encode()) <= 75 for line in lines)


def test_who_is_named(booking: Booking) -> None:
    found = event(booking, booking.booker)
    assert found["ORGANIZER"] == "mailto:bookme@localhost"
    assert found["ORGANIZER"].params["CN"] == "Mara Lindqvist"
    assert found["ATTENDEE"] == "mailto:ana@example.com"
    assert found["ATTENDEE"].params["RSVP"] == "FALSE"
    assert event(booking, booking.host)["ATTENDEE"] == "mailto:mara@example.com"


def test_the_hosts_file_has_no_way_into_the_bookers_page(booking: Booking) -> None:
    booking.booker.notes = "About the roof, see evil.com and Node.js"  # type: ignore[union-attr]
    found = event(booking, booking.host)
    assert booking.token not in file(booking, booking.host).decode().replace("\r\n ", "")
    assert found["SUMMARY"] == "Intro call: Ana Costa"
    assert "About the roof, see evil. com and Node.js" in found["DESCRIPTION"]
    assert f"/dashboard/bookings/{booking.reference}" in found["DESCRIPTION"]


def test_a_download_names_nobody_as_attendee(booking: Booking) -> None:
    found = event(booking, booking.booker, "PUBLISH")
    assert "ATTENDEE" not in found
    assert b"METHOD:PUBLISH\r\n" in file(booking, booking.booker, "PUBLISH")
    assert "ATTENDEE" not in event(booking, None)


def test_a_cancellation_says_so(booking: Booking) -> None:
    booking.status = BookingStatus.CANCELLED
    found = event(booking, booking.booker, "CANCEL")
    assert (found["STATUS"], found["UID"]) == ("CANCELLED", f"{booking.reference}@localhost")
    assert b"METHOD:CANCEL\r\n" in file(booking, booking.booker, "CANCEL")


@pytest.mark.parametrize(
    ("columns", "to_booker", "to_host"),
    [
        ({"location_kind": LocationKind.IN_PERSON}, "1 Main Street", "1 Main Street"),
        (
            {"location_kind": LocationKind.PHONE, "caller": Caller.HOST},
            "Mara Lindqvist calls you: +351 1",
            "You call Ana Costa: +351 1",
        ),
        (
            {"location_kind": LocationKind.PHONE, "caller": Caller.BOOKER, "phone": "+49 2"},
            "You call Mara Lindqvist: +49 2",
            "Ana Costa calls you: +49 2",
        ),
    ],
    ids=["in person", "the host calls", "the booker calls"],
)
def test_other_places(app: Flask, columns: dict[str, Any], to_booker: str, to_host: str) -> None:
    booking = factories.booking(**columns)
    booking.booker.phone = "+351 1"
    assert event(booking, booking.booker)["LOCATION"] == to_booker
    assert event(booking, booking.host)["LOCATION"] == to_host


@pytest.mark.parametrize(
    "name",
    [
        'Ana "The Roof" Costa',
        "Ana\r\nATTENDEE:mailto:x@example.com",
        "Ana; Costa, Lda: \\",
        "\\",
        "Ană 🏠",
        "👩‍👩‍👧" * 8 + "^n",
        "میرزا‌علی",
    ],
)
def test_no_name_breaks_the_file(booking: Booking, name: str) -> None:
    assert booking.booker is not None
    booking.booker.name = booking.host.name = booking.title = name
    for reader in (booking.booker, booking.host):
        text = file(booking, reader).decode()
        assert sum(line.startswith("ATTENDEE") for line in text.split("\r\n")) == 1
        found = event(booking, reader)
        assert found["ORGANIZER"].params["CN"] == " ".join(name.split())
        to = named(name) if reader is booking.booker else name
        assert found["ATTENDEE"].params["CN"] == " ".join(to.split())
        assert "\n" not in found["SUMMARY"]
        assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_the_sequence_grows_with_what_differs(booking: Booking) -> None:
    assert booking.meeting is not None
    raise_sequence(booking)
    assert booking.sequence == 0
    raise_sequence(booking)
    assert booking.sequence == 0, "nothing is new"
    booking.starts_at += timedelta(minutes=5)
    raise_sequence(booking)
    assert booking.sequence == 1
    booking.meeting.join_url = "https://zoom.us/j/86"
    raise_sequence(booking)
    assert booking.sequence == 2
    booking.status = BookingStatus.CANCELLED
    raise_sequence(booking)
    assert booking.sequence == 3
    assert event(booking, booking.booker, "CANCEL")["SEQUENCE"] == 3


def ringing(booking: Booking, minutes: int | None, method: str = "REQUEST") -> list[Any]:
    booking.host.alarm_minutes = minutes
    return list(event(booking, booking.booker, method).walk("VALARM"))


def test_a_file_rings_only_where_its_host_says_so(booking: Booking) -> None:
    assert ringing(booking, None) == []
    (alarm,) = ringing(booking, 15)
    assert (alarm["ACTION"], alarm.decoded("TRIGGER")) == ("DISPLAY", timedelta(minutes=-15))
    assert alarm["DESCRIPTION"] == "Intro call with Mara Lindqvist"
    (at_the_start,) = ringing(booking, 0)
    assert at_the_start.decoded("TRIGGER") == timedelta(0)
    booking.status = BookingStatus.CANCELLED
    assert ringing(booking, 15, "CANCEL") == []


def test_programs_find_the_way_in_and_the_page(booking: Booking) -> None:
    for reader, page in (
        (booking.booker, f"http://localhost/booking/{booking.token}"),
        (booking.host, f"http://localhost/dashboard/bookings/{booking.reference}"),
    ):
        found = event(booking, reader)
        assert (found["URL"], found["URL"].params["VALUE"]) == (page, "URI")
        call = found["CONFERENCE"]
        assert (str(call), call.params["VALUE"]) == (JOIN, "URI")
        assert call.params["FEATURE"] == ["AUDIO", "VIDEO"]
        assert call.params["LABEL"] == "Join the Zoom call"


def test_a_guests_file_leads_to_no_page_of_the_bookers(booking: Booking) -> None:
    guest = Attendee(name="Bo", email="bo@example.com", zone="UTC", role=Role.GUEST)
    booking.attendees.append(guest)
    db.session.commit()
    assert event(booking, guest)["URL"] == JOIN
    assert booking.token not in file(booking, guest).decode().replace("\r\n ", "")


def test_answers_are_the_hosts_alone_and_the_description_everybodys(booking: Booking) -> None:
    assert booking.booker is not None
    booking.schedule.description = "We talk, then we decide.\nBring a plan; or two."
    booking.booker.answers = [{"question": "What for?", "answer": "The roof, \\ walls"}]
    to_booker = event(booking, booking.booker)["DESCRIPTION"]
    to_host = event(booking, booking.host)["DESCRIPTION"]
    for said in (to_booker, to_host):
        assert booking.schedule.description in said
    assert "What for?\nThe roof, \\ walls" in to_host
    assert "What for?" not in to_booker


def test_a_cancellation_offers_nothing(booking: Booking) -> None:
    booking.status = BookingStatus.CANCELLED
    for reader in (booking.booker, None):
        found = event(booking, reader, "CANCEL" if reader else "PUBLISH")
        assert "Reschedule" not in found["DESCRIPTION"]
        assert "Join" not in found["DESCRIPTION"]
        assert "CONFERENCE" not in found


def test_after_a_cut_off_a_file_offers_no_change(booking: Booking) -> None:
    booking.schedule.reschedule_notice_minutes = 10_000
    said = event(booking, booking.booker)["DESCRIPTION"]
    assert "Reschedule" not in said
    assert f"See the booking: http://localhost/booking/{booking.token}" in said


def test_a_link_that_is_too_long_is_no_place(booking: Booking) -> None:
    assert booking.meeting is not None
    booking.meeting.join_url = "https://zoom.us/j/" + "8" * 300
    found = event(booking, booking.booker)
    assert found["LOCATION"] == "Zoom"
    assert str(found["CONFERENCE"]) == booking.meeting.join_url


def test_what_people_write_anywhere_folds_between_characters(booking: Booking) -> None:
    booking.schedule.description = booking.title = "会議について、🏠の話をします。" * 9
    content = file(booking, booking.booker)
    for line in content.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
    assert booking.title in event(booking, booking.booker)["SUMMARY"]
