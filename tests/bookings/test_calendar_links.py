from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from bookme.bookings.calendar_links import calendar_links
from bookme.models import Booking
from tests import factories

JOIN = "https://zoom.us/j/85?pwd=x"


@pytest.fixture
def booking(app: Flask) -> Booking:
    made: Booking = factories.booking(video_provider="zoom")
    assert made.meeting is not None
    made.meeting.join_url, made.meeting.passcode = JOIN, "123456"
    return made


def filled_in(booking: Booking) -> dict[str, dict[str, str]]:
    links = calendar_links(booking, reader=booking.booker)
    return {
        one.name: {name: value for name, (value,) in parse_qs(urlsplit(one.url).query).items()}
        for one in links
    }


def test_each_web_calendar_gets_the_appointment_in_its_own_words(booking: Booking) -> None:
    booking.schedule.description = "We get to know each other.\nBring questions & tea."
    found, title = filled_in(booking), "Intro call with Mara Lindqvist"
    assert list(found) == ["Google", "Outlook.com", "Office 365", "Yahoo"]
    assert found["Google"] == {
        "action": "TEMPLATE",
        "text": title,
        "dates": "20270302T090000Z/20270302T093000Z",
        "details": booking.schedule.description,
        "location": JOIN,
    }
    assert found["Outlook.com"] == found["Office 365"]
    assert (found["Outlook.com"]["startdt"], found["Outlook.com"]["enddt"]) == (
        "2027-03-02T09:00:00Z",
        "2027-03-02T09:30:00Z",
    )
    assert (found["Outlook.com"]["subject"], found["Outlook.com"]["location"]) == (title, JOIN)
    assert (found["Yahoo"]["st"], found["Yahoo"]["et"]) == ("20270302T090000Z", "20270302T093000Z")
    assert (found["Yahoo"]["title"], found["Yahoo"]["in_loc"]) == (title, JOIN)


def test_no_web_calendar_learns_what_changes_the_booking(booking: Booking) -> None:
    for one in calendar_links(booking, reader=booking.booker):
        assert booking.token not in one.url
        assert "123456" not in one.url


def test_an_address_has_no_plus_and_is_never_too_long(booking: Booking) -> None:
    booking.title = booking.host.name = "漢 & + " * 40
    booking.schedule.description = "漢字🏠 " * 400
    for one in calendar_links(booking, reader=booking.booker):
        assert "+" not in one.url
        assert len(one.url) < 4000
    assert filled_in(booking)["Yahoo"]["title"].startswith("漢 & + ")
