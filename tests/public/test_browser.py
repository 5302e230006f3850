"""Times as the booker's browser has them."""

import re

import pytest
from babel import Locale, localedata
from flask import Flask
from flask.testing import FlaskClient

from bookme.bookings.messages.times import in_words as span_for
from bookme.extensions import db
from bookme.models import Attendee, Schedule
from bookme.public.browser import Custom, custom_of
from tests import factories
from tests.public.pages import book, hidden, text, times

ENDLESS = "en-GB," * 2000


@pytest.fixture
def schedule(app: Flask) -> Schedule:
    """/mara/intro of a host in London, whose own clock has 24 hours."""
    made: Schedule = factories.schedule()
    return made


@pytest.mark.parametrize(
    ("header", "locale", "hours"),
    [
        ("en-US,en;q=0.9", "en_US", 12),
        ("en-GB", "en_GB", 24),
        ("en-AU", "en_AU", 12),
        ("en-IE", "en_IE", 24),
        ("de-DE,de;q=0.9,en-US;q=0.8", "de_DE", 24),
        ("de;q=0.5, en-US;q=0.9", "en_US", 12),
        ("fr-CA", "fr_CA", 24),  # whose "h" is no hour: "14 h 05"
        ("hi-IN", "hi_IN", 12),
        ("ar-EG", "ar_EG", 12),
        ("ko", "ko", 12),
        ("ja", "ja", 24),
        ("zh-TW", "zh_Hant_TW", 12),
        ("es-419", "es_419", 12),
        ("de-DE-1996", "de_DE", 24),
        ("en-US-u-hc-h23", "en_US", 12),
        ("xx-YY, de", "de", 24),
        ("en-US;q=0, de", "de", 24),
        ("*, de", "de", 24),
        (ENDLESS, "en_GB", 24),
    ],
)
def test_the_first_language_that_is_known_decides(header: str, locale: str, hours: int) -> None:
    assert custom_of(header) == Custom(locale, hours)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "*",
        "x",
        "und",
        "C",
        "root",
        "en;q=x",
        "en;q=9",
        "\x00",
        "a" * 10_000,
        ";;,,",
        "日本",
    ],
)
def test_a_header_that_says_nothing_decides_nothing(header: str | None) -> None:
    assert custom_of(header) is None


def test_the_list_of_clocks_is_babels() -> None:
    for name in localedata.locale_identifiers():
        locale = Locale.parse(name)
        pattern = re.sub("'[^']*'", "", locale.time_formats["short"].pattern)
        seen = custom_of(name.replace("_", "-"))
        if seen is not None and seen.locale == name:
            assert seen.hours == (12 if "h" in pattern or "K" in pattern else 24), name


@pytest.mark.parametrize(
    ("header", "first", "heading"),
    [
        ("en-US", "9:00 am", "Monday, March 1"),
        ("en-AU", "9:00 am", "Monday, 1 March"),
        ("de-DE", "09:00", "Monday, 1 March"),
        ("*", "09:00", "Monday, 1 March"),
        (ENDLESS, "09:00", "Monday, 1 March"),
    ],
)
def test_the_page_shows_times_as_its_reader_is_used_to(
    client: FlaskClient, schedule: Schedule, header: str, first: str, heading: str
) -> None:
    page = client.get("/mara/intro", headers={"Accept-Language": header})
    assert times(page)[0] == first
    assert f"{heading} Morning" in text(page)
    assert "Accept-Language" in page.headers["Vary"]


def test_without_a_language_times_are_as_the_hosts(client: FlaskClient, schedule: Schedule) -> None:
    schedule.host.clock_hours, schedule.host.locale = 12, "en_US"
    db.session.commit()
    assert times(client.get("/mara/intro"))[0] == "9:00 am"
    assert times(client.get("/mara/intro", headers={"Accept-Language": "de"}))[0] == "09:00"


def test_the_address_outdoes_the_browser(client: FlaskClient, schedule: Schedule) -> None:
    page = client.get("/mara/intro?clock=24", headers={"Accept-Language": "en-US"})
    assert times(page)[0] == "09:00"


def test_pages_and_mails_of_the_booking_follow_too(client: FlaskClient, schedule: Schedule) -> None:
    american = {"Accept-Language": "en-US,en;q=0.9"}
    form = client.get("/mara/intro/book?at=2027-03-02T14:00:00Z", headers=american)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = american["Accept-Language"]
    assert hidden(form)["clock"] == "12"
    assert book(client, clock="12", zone="UTC").status_code == 303
    person = db.session.scalars(db.select(Attendee)).one()
    assert (person.locale, person.clock_hours) == ("en_US", 12)
    span = span_for(person.booking.starts_at, person.booking.ends_at, person)
    assert span == "Tuesday, March 2, 2027, 9:00 am to 9:30 am (UTC)"
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de"  # on another device
    page = client.get(f"/booking/{person.booking.token}")
    assert "Tuesday, March 2, 2027, 9:00 am" in text(page)


def test_a_language_that_is_not_english_keeps_dates_in_the_words_of_the_mail(
    client: FlaskClient, schedule: Schedule
) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "zh-TW"
    assert book(client, clock="").status_code == 303
    person = db.session.scalars(db.select(Attendee)).one()
    assert (person.locale, person.clock_hours) == ("zh_Hant_TW", 12)
    span = span_for(person.booking.starts_at, person.booking.ends_at, person)
    assert span == "Tuesday, March 2, 2027, 9:00 am to 9:30 am (Lisbon time)"
