"""Every subject fits on a phone, with the time in it."""

from datetime import timedelta
from zoneinfo import available_timezones

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from bookme.bookings.messages import subjects
from bookme.bookings.messages.message_state import Video
from bookme.bookings.messages.outbox import MessageKind
from bookme.bookings.messages.subjects import MOST, shortened, subject
from bookme.bookings.messages.timed import TimedKind
from bookme.models import Booking, BookingStatus
from bookme.web.words import spoken_to
from tests import factories
from tests.conftest import NOW
from tests.examples import examples

KINDS = [*MessageKind, *TimedKind]
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
TITLES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=120)
LOCALES = ["en_GB", "en_US", "de_DE", "fr_FR", "pt_BR", "ja_JP", "ar_EG", "he_IL"]


@pytest.fixture
def booking(app: Flask) -> Booking:
    app.config["LANGUAGES"] = ("en", *{one[:2] for one in LOCALES})
    made: Booking = factories.booking(video_provider="zoom")
    return made


def said(booking: Booking, kind: MessageKind | TimedKind, *, to_host: bool) -> str:
    reader = booking.host if to_host else booking.booker
    assert reader is not None
    with spoken_to(reader.locale):
        return subject(kind, booking, reader, Video.HOST, now=NOW)


def test_no_subject_is_longer_than_a_phone_shows(booking: Booking) -> None:
    booker, host = booking.booker, booking.host
    assert booker is not None

    @examples(200)
    @given(
        kind=st.sampled_from(KINDS),
        title=TITLES,
        name=TITLES,
        zone=st.sampled_from(ZONES),
        locale=st.sampled_from(LOCALES),
        hours=st.sampled_from([12, 24]),
        days=st.integers(0, 400),
        status=st.sampled_from([BookingStatus.CONFIRMED, BookingStatus.PENDING]),
    )
    def holds(
        kind: MessageKind,
        title: str,
        name: str,
        zone: str,
        locale: str,
        hours: int,
        days: int,
        status: BookingStatus,
    ) -> None:
        booking.title, booker.name, booking.status = title, name, status
        booking.starts_at = NOW + timedelta(days=days)
        booking.ends_at = booking.starts_at + timedelta(minutes=30)
        for reader in (booker, host):
            reader.zone, reader.locale, reader.clock_hours = zone, locale, hours
            written = said(booking, kind, to_host=reader is host)
            assert len(written) <= MOST, written
            assert "\n" not in written
            (start, *others) = subjects._starts(booking, reader, NOW)
            if locale.startswith("en"):
                assert written.endswith((start, *others)), "the time stays"

    holds()


@pytest.mark.parametrize(
    ("kind", "to_booker", "to_host"),
    [
        (MessageKind.BOOKED, "Confirmed: {}", "New booking, no link: {}"),
        (MessageKind.MOVED, "Rescheduled: {}", "Rescheduled: {}"),
        (MessageKind.CANCELLED, "Cancelled: {}", "Cancelled: {}"),
        (MessageKind.LINK, "Link needed: {}", "Link needed: {}"),
        (MessageKind.REQUESTED, "Requested: {}", "Answer needed: {}"),
        (TimedKind.REMINDER, "Reminder: {}", "Reminder: {}"),
    ],
)
def test_all_follow_one_pattern(
    booking: Booking, kind: MessageKind | TimedKind, to_booker: str, to_host: str
) -> None:
    booking.title = "Intro"
    assert said(booking, kind, to_host=False) == to_booker.format(
        "Intro, Tue 2 Mar, 09:00 (Lisbon)"
    )
    assert said(booking, kind, to_host=True) == to_host.format(
        "Ana Costa, Intro, Tue 2 Mar, 09:00 (UTC)"
    ).replace("no link: Ana Costa, Intro", "no link: Ana Costa…")


def test_a_request_that_moved_is_not_read_as_confirmed(booking: Booking) -> None:
    booking.status = BookingStatus.PENDING
    assert said(booking, MessageKind.MOVED, to_host=False).startswith("Requested, new time: ")
    assert said(booking, MessageKind.MOVED, to_host=True).startswith("Answer needed, new time: ")


def test_a_long_title_ends_at_a_word(booking: Booking) -> None:
    booking.title = "Quarterly review of the marketing strategy"
    assert booking.booker is not None
    booking.booker.zone = "America/New_York"
    assert (
        said(booking, MessageKind.BOOKED, to_host=False)
        == "Confirmed: Quarterly review of…, Tue 2 Mar, 04:00 (New York)"
    )


def test_a_city_with_a_long_name_makes_room(booking: Booking) -> None:
    booking.title = "Quarterly review"
    assert booking.booker is not None
    booking.booker.zone = "America/North_Dakota/New_Salem"
    said_ = said(booking, MessageKind.CONFIRM, to_host=False)
    assert said_ == "Confirm your booking: Quarterly…, Tue 2 Mar, 03:00 (UTC−6)"


def test_only_a_date_far_ahead_has_its_year(booking: Booking) -> None:
    booking.starts_at += timedelta(days=300)
    booking.ends_at += timedelta(days=300)
    assert said(booking, MessageKind.BOOKED, to_host=False).endswith(
        ", Mon 27 Dec 2027, 09:00 (Lisbon)"
    )


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("Intro call", 10, "Intro call"),
        ("Intro call, Ana", 12, "Intro call…"),
        ("Intro call", 9, "Intro…"),
        ("Donaudampfschiff", 9, "Donaudam…"),
        ("👩‍👩‍👧👩‍👩‍👧", 6, "…"),
        ("a 👩‍👩‍👧", 4, "a…"),
    ],
)
def test_what_is_cut_ends_whole(text: str, most: int, short: str) -> None:
    assert shortened(text, most) == short
