"""What a host, a calendar and a mail are told about a booking."""

import pytest
from flask import Flask

from bookme.bookings import summary
from bookme.extensions import db
from bookme.models import Attendee, Booking, LocationKind, Role
from tests import factories

JOIN = "https://zoom.us/j/85?pwd=x"


@pytest.fixture
def booking(app: Flask) -> Booking:
    """Ana's booking with Mara, with its meeting."""
    made: Booking = factories.booking(video_provider="zoom")
    assert made.meeting is not None
    made.meeting.join_url, made.meeting.passcode = JOIN, "123"
    db.session.commit()
    return made


def test_each_side_reads_the_name_of_the_other(booking: Booking) -> None:
    assert summary.title(booking, to_host=True) == "Intro call: Ana Costa"
    assert summary.title(booking, to_host=False) == "Intro call with Mara Lindqvist"


def test_a_percent_sign_that_was_typed_stays_one(booking: Booking) -> None:
    assert booking.booker is not None
    booking.title, booking.booker.name, booking.booker.notes = "100% %(host)s", "50%", "%s"
    assert summary.title(booking, to_host=True) == "100% %(host)s: 50%"
    assert summary.notes(booking).text == "%s"


def test_an_erased_booker_leaves_no_name_and_no_notes(booking: Booking) -> None:
    booking.attendees.clear()
    assert summary.title(booking, to_host=True) == "Intro call"
    assert str(summary.booker_name(booking)) == "[name deleted]"
    assert not summary.notes(booking)
    assert summary.people(booking) == []


def test_everybody_who_comes_has_a_line(booking: Booking) -> None:
    columns = {"name": "Bo", "email": "bo@example.com", "zone": "UTC", "locale": "en_GB"}
    columns |= {"clock_hours": 24, "notes": "", "role": Role.GUEST}
    guests = [Attendee(**columns, phone=phone) for phone in ("", "1")]
    booking.attendees += guests
    assert summary.people(booking) == [
        "Ana Costa, ana@example.com",
        "Guest: Bo, bo@example.com",
        "Guest: Bo, bo@example.com, 1",
    ]


def test_a_calendar_s_place_is_the_link_unless_the_event_carries_it(booking: Booking) -> None:
    assert summary.location(booking, booking.meeting, to_host=True) == JOIN
    assert summary.location(booking, None, to_host=True) == "Zoom"
    assert summary.way_in(booking.meeting) == [f"Join: {JOIN}", "Passcode: 123"]
    assert summary.way_in(None) == []


def test_an_address_is_the_place(booking: Booking) -> None:
    booking.location_kind, booking.address = LocationKind.IN_PERSON, "1 Main Street"
    assert summary.location(booking, None, to_host=False) == "1 Main Street"


def test_only_the_bookers_page_has_the_token(booking: Booking) -> None:
    assert booking.token in summary.page(booking, to_host=False)
    assert booking.token not in summary.page(booking, to_host=True)
    assert booking.token not in summary.page_line(booking)


def test_paragraphs_without_words_are_left_out() -> None:
    assert summary.paragraphs(["a", "b"], [""], [], ["c"]) == "a\nb\n\nc"
