"""What mails about a booking say, as their reader sees them."""

import re
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from bookme.bookings.messages import letters
from bookme.bookings.messages.message_state import Told, truth
from bookme.bookings.messages.outbox import MessageKind
from bookme.extensions import db
from bookme.face.colours import contrast
from bookme.mail import message
from bookme.mail.message import Words
from bookme.models import (
    Actor,
    Attendee,
    Booking,
    BookingStatus,
    Picture,
    Trouble,
    User,
    Visibility,
)
from bookme.web.words import spoken_to
from tests import factories
from tests.conftest import NOW

JOIN = "https://zoom.us/j/85?pwd=x"
CALENDARS = ("https://calendar.", "https://outlook.")


@pytest.fixture
def booking(app: Flask) -> Booking:
    """Ana's booking with Mara, with its meeting."""
    made: Booking = factories.booking(video_provider="zoom")
    set_meeting(made, join_url=JOIN, passcode="123")
    return made


def set_meeting(booking: Booking, **columns: Any) -> None:
    assert booking.meeting is not None
    for name, value in columns.items():
        setattr(booking.meeting, name, value)
    db.session.commit()


def booker(booking: Booking) -> Attendee:
    assert booking.booker is not None
    return booking.booker


def written(
    booking: Booking,
    reader: Attendee | User,
    kind: MessageKind = MessageKind.BOOKED,
    told: Told | None = None,
) -> Words:
    return message.render(kind, letters.context(kind, booking, reader, told, now=NOW))


def plain(words: Words) -> str:
    return " ".join(words.text.split())


def shown(words: Words) -> str:
    """What is read in the HTML, on one line: what stands beside each other stays so."""
    page = BeautifulSoup(words.html, "html.parser")
    for inline in page.select("span"):
        inline.unwrap()
    page.smooth()
    return " ".join(page.get_text(" ").split())


def links(words: Words, *, besides_calendars: bool = False) -> set[str]:
    found = BeautifulSoup(words.html, "html.parser").select("a[href]")
    addresses = {str(link["href"]) for link in found}
    calendars = {one for one in addresses if one.startswith(CALENDARS)}
    return addresses - calendars if besides_calendars else addresses


def test_the_bookers_confirmation_has_all_it_needs(booking: Booking) -> None:
    words = written(booking, booker(booking))
    page = f"http://localhost/booking/{booking.token}"
    assert words.subject == ("Confirmed: Intro call, Tue 2 Mar, 09:00 (Lisbon)")
    for text in (plain(words), shown(words)):
        assert "Tuesday, 2 March 2027, 09:00 to 09:30 (Lisbon time)" in text
        assert "123" in text
    assert links(words, besides_calendars=True) == {
        *(JOIN, page, f"{page}/reschedule", f"{page}/cancel", f"{page}/data"),
    }
    for link in links(words, besides_calendars=True):
        assert link in words.text


def test_the_hosts_notification_has_all_it_needs_and_no_token(booking: Booking) -> None:
    booker(booking).notes = "About the roof."
    booker(booking).phone = "+351 21 000"
    words = written(booking, booking.host)
    page = f"http://localhost/dashboard/bookings/{booking.reference}"
    assert words.subject == "New booking: Ana Costa, Intro call, Tue 2 Mar, 09:00 (UTC)"
    for text in (plain(words), shown(words)):
        assert "Ana Costa booked “Intro call” with you" in text
        assert "(UTC)" in text
        for value in ("123", "About the roof.", "+351 21 000"):
            assert value in text
    assert links(words) == {JOIN, page}
    assert booking.token not in words.text + words.html + words.subject


def test_the_addresses_of_mails_lead_to_pages(app: Flask, booking: Booking) -> None:
    set_meeting(booking, join_url=None, trouble=Trouble.NOT_CONNECTED)
    routes = app.url_map.bind("localhost")
    for reader in (booker(booking), booking.host):
        for link in links(written(booking, reader)):
            if not link.startswith(CALENDARS):
                routes.match(link.removeprefix("http://localhost"))


def test_each_reads_times_in_an_own_way(booking: Booking) -> None:
    reader = booker(booking)
    reader.zone, reader.clock_hours, reader.locale = "America/New_York", 12, "en_US"
    assert "Tuesday, March 2, 2027, 4:00 am to 4:30 am (New York time)" in plain(
        written(booking, reader)
    )
    booking.ends_at = booking.starts_at + timedelta(hours=20)
    text = plain(written(booking, reader))
    assert "4:00 am to Wednesday, March 3, 2027, 12:00 am" in text


def test_a_link_that_is_on_its_way_is_promised(booking: Booking) -> None:
    set_meeting(booking, join_url=None)
    for reader in (booker(booking), booking.host):
        words = written(booking, reader)
        assert "We’ll send the video link in a second message." in plain(words)
        assert "We’ll send the video link in a second message." in shown(words)


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (Trouble.NOT_CONNECTED, "Zoom isn't connected."),
        (Trouble.NEEDS_RECONNECT, "Zoom needs reconnecting."),
        (Trouble.NOT_ALLOWED, "Zoom doesn't let your account do this."),
        (Trouble.REJECTED, "Zoom didn't accept our request."),
    ],
)
def test_where_no_link_comes_the_host_hears_why_and_the_two_ways_out(
    booking: Booking, trouble: Trouble, why: str
) -> None:
    set_meeting(booking, join_url=None, trouble=trouble)
    words = written(booking, booking.host)
    ways = {
        "http://localhost/connections",
        f"http://localhost/dashboard/schedules/{booking.schedule_id}",
    }
    assert ways < links(words)
    for text in (plain(words), shown(words)):
        assert why in text
    for way in ways:
        assert way in words.text
    told = plain(written(booking, booker(booking)))
    assert "Mara Lindqvist will send you the video link." in told
    assert why not in told


@pytest.mark.parametrize(
    ("trouble", "words", "others"),
    [
        (Trouble.NEEDS_RECONNECT, "Reconnect Google", "Reconnect Google Meet"),
        (Trouble.NOT_ALLOWED, "Connections", "Reconnect"),
    ],
)
def test_the_ways_out_are_called_what_the_host_finds_there(
    booking: Booking, trouble: Trouble, words: str, others: str
) -> None:
    set_meeting(booking, join_url=None, trouble=trouble, provider="google_meet")
    booking.schedule.deleted_at = NOW
    told = written(booking, booking.host)
    assert "/dashboard/schedules/" not in told.html
    for text in (told.text, shown(told)):
        assert words in text
        assert others not in text
        assert "/dashboard/schedules/" not in text, "nobody edits a deleted schedule"


def test_a_new_time_names_the_old_one(booking: Booking) -> None:
    before = truth(booking)
    booking.starts_at += timedelta(hours=1)
    booking.ends_at += timedelta(hours=1)
    words = written(booking, booker(booking), MessageKind.MOVED, before)
    assert words.subject.startswith("Rescheduled: Intro call, ")
    for text in (plain(words), shown(words)):
        assert "10:00 to 10:30" in text
        assert "09:00 to 09:30" in text
        assert "new one" not in text
    set_meeting(booking, join_url="https://zoom.us/j/86")
    assert "The video link is new, too." in plain(
        written(booking, booker(booking), MessageKind.MOVED, before)
    )


@pytest.mark.parametrize(
    ("by", "to_booker", "to_host"),
    [
        (Actor.BOOKER, "You cancelled it.", "Ana Costa cancelled it."),
        (Actor.HOST, "Mara Lindqvist cancelled it.", "You cancelled it."),
        (None, "BookMe cancelled it.", "BookMe cancelled it."),
    ],
)
def test_a_cancellation_says_by_whom_and_why(
    booking: Booking, by: Actor | None, to_booker: str, to_host: str
) -> None:
    booking.status, booking.cancelled_by = BookingStatus.CANCELLED, by
    booking.cancel_reason = "Ill, see evil.com"
    for reader, expected in ((booker(booking), to_booker), (booking.host, to_host)):
        words = written(booking, reader, MessageKind.CANCELLED, truth(booking))
        assert words.subject.startswith(("Cancelled: Intro call, ", "Cancelled: Ana Costa, "))
        for text in (plain(words), shown(words)):
            assert expected in text
            assert JOIN not in text
        assert "Ill, see evil.com" in shown(words)
        assert ("Ill, see evil.com" in plain(words)) is (by is Actor.HOST), "the host's own words"


def test_a_link_that_came_later(booking: Booking) -> None:
    with_link = truth(booking)
    set_meeting(booking, join_url=None)
    without = truth(booking)
    set_meeting(booking, join_url=JOIN)
    first = written(booking, booker(booking), MessageKind.LINK, without)
    assert first.subject.startswith("Video link: Intro call, ")
    assert JOIN in plain(first)
    set_meeting(booking, join_url="https://zoom.us/j/86")
    other = written(booking, booker(booking), MessageKind.LINK, with_link)
    assert other.subject.startswith("New video link: Intro call, ")
    assert "no longer works" in plain(other)
    set_meeting(booking, join_url=None, trouble=Trouble.NOT_CONNECTED)
    none = written(booking, booking.host, MessageKind.LINK, without)
    assert none.subject.startswith("Link needed: Ana Costa, Intro call, ")
    assert "Zoom isn't connected" in plain(none)


TYPED = "http://evil.com <a href='http://evil.com'>x</a> www.evil.com"
#: Of what mail programs make a link when it stands in one piece.
LINKABLE = re.compile(r"://|\.(?=com|js)")


def readers(kind: MessageKind, *both: Attendee | User) -> list[Attendee | User]:
    """Who gets messages of a kind; the host comes last."""
    return list(both[:1] if kind in (MessageKind.ASKED, MessageKind.CONFIRM) else both)


@pytest.mark.parametrize("kind", list(MessageKind))
def test_what_strangers_typed_is_neither_markup_nor_a_link(
    booking: Booking, kind: MessageKind
) -> None:
    reader = booker(booking)
    reader.name = reader.notes = booking.cancel_reason = TYPED
    reader.phone = "http://evil.com"
    booking.status = BookingStatus.CANCELLED
    for to in readers(kind, reader, booking.host):
        words = written(booking, to, kind, truth(booking))
        assert not any("evil" in link for link in links(words))
        for text in (words.subject, words.text):
            assert "evil.com" not in text
            assert "http://evil" not in text
        pieces = BeautifulSoup(words.html, "html.parser").find_all(string=re.compile("evil"))
        assert not any(LINKABLE.search(piece) for piece in pieces), "elements break them up"
        assert "\n" not in words.subject
    if kind is MessageKind.CONFIRM:
        assert "evil" not in shown(words), "to an address that may be a stranger's"
    elif kind is not MessageKind.ASKED:
        assert TYPED in shown(words)
        assert to is reader or "evil" in words.subject


@pytest.mark.parametrize(
    "typed",
    ["Node.js, evil.com & Co.", "https://mara.example/x", "\u202eMara", "👩‍👩‍👧", "نیم‌فاصله"],
)
def test_the_hosts_own_words_are_never_touched(booking: Booking, typed: str) -> None:
    booking.title = booking.host.name = typed
    booking.status = BookingStatus.CANCELLED
    for kind in MessageKind:
        for to in readers(kind, booker(booking), booking.host):
            words = written(booking, to, kind, truth(booking))
            assert to is booking.host or typed[:3] in words.subject, kind
            assert typed in words.text, kind
            assert typed in shown(words), kind


@pytest.mark.parametrize("name", ["Node.js", "J.R.R. Tolkien", "👩‍👩‍👧", "میرزا‌علی", "ශ්‍රී", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])
def test_a_bookers_name_is_read_as_it_was_typed(booking: Booking, name: str) -> None:
    booker(booking).name = name
    words = written(booking, booking.host)
    for text in (words.subject, words.text, shown(words)):
        assert name in text


def test_a_name_from_right_to_left_does_not_reorder_what_stands_beside_it(booking: Booking) -> None:
    booker(booking).name = "\u202eדנה 7"
    words = written(booking, booking.host)
    assert "New booking: \u2068\u202eדנה 7\u202c\u2069, Intro call, Tue 2 Mar" in words.subject
    (around,) = BeautifulSoup(words.html, "html.parser").select("h1 span[dir=auto]:first-child")
    assert around.text == "\u202eדנה 7\u202c"
    assert "unicode-bidi: isolate" in str(around["style"])


def test_in_person_there_is_no_talk_of_links(app: Flask) -> None:
    booking = factories.booking()
    for reader in (booking.booker, booking.host):
        words = written(booking, reader)
        assert "1 Main Street" in plain(words)
        assert "video" not in plain(words).lower()


def test_an_erased_booker_is_no_name(booking: Booking) -> None:
    db.session.delete(booker(booking))
    db.session.commit()
    db.session.refresh(booking)
    text = plain(written(booking, booking.host))
    assert "[name deleted] booked" in text
    assert "Ana" not in text


def test_only_the_booker_reads_until_when_a_booking_can_be_changed(booking: Booking) -> None:
    schedule = booking.schedule
    schedule.reschedule_notice_minutes, schedule.cancel_notice_minutes = 60, 24 * 60
    until = "\nYou can reschedule until Tuesday, 2 March 2027, 08:00 (Lisbon time).\nYou can cancel"
    assert until in written(booking, booker(booking)).text
    for kind in (MessageKind.BOOKED, MessageKind.LINK, MessageKind.MOVED):
        words = written(booking, booker(booking), kind)
        for text in (plain(words), shown(words)):
            assert "You can cancel until Monday, 1 March 2027, 09:00 (Lisbon time)." in text
    assert "You can cancel" not in plain(written(booking, booking.host))
    schedule.cancel_notice_minutes = 25 * 60  # begins as this is sent, and then is over
    assert "You can cancel" in plain(written(booking, booker(booking)))
    schedule.cancel_notice_minutes = 25 * 60 + 1
    assert "You can cancel" not in plain(written(booking, booker(booking)))


def test_no_mail_leads_to_a_page_that_takes_a_link_or_offers_nothing(booking: Booking) -> None:
    booking.asked_to_move_at, booking.status = NOW, BookingStatus.CANCELLED
    page = "http://localhost/mara/intro"
    assert page in plain(written(booking, booker(booking), MessageKind.CANCELLED))
    for name, value in (
        ("visibility", Visibility.BY_LINK),
        ("active", False),
        ("deleted_at", NOW),
    ):
        before = getattr(booking.schedule, name)
        setattr(booking.schedule, name, value)
        for kind in (MessageKind.CANCELLED, MessageKind.DECLINED, MessageKind.LAPSED):
            assert page not in plain(written(booking, booker(booking), kind)), (name, kind)
        setattr(booking.schedule, name, before)


def test_a_mail_offers_only_what_can_still_be_changed(booking: Booking) -> None:
    page = f"http://localhost/booking/{booking.token}"
    schedule = booking.schedule
    schedule.reschedule_notice_minutes = 25 * 60 + 1
    words = written(booking, booker(booking))
    assert f"{page}/reschedule" not in words.text + words.html
    assert f"{page}/cancel" in words.text
    assert f"{page}/cancel" in links(words)
    schedule.cancel_notice_minutes = 25 * 60 + 1
    words = written(booking, booker(booking))
    assert f"{page}/cancel" not in words.text + words.html
    for text in (plain(words), shown(words)):
        assert "cancel the booking" not in text, "nobody is told to do what can't be done"
    assert page in links(words)
    booking.asked_to_move_at = NOW
    assert f"{page}/reschedule" in links(written(booking, booker(booking), MessageKind.ASKED))


def test_no_address_is_shown_as_a_text(booking: Booking) -> None:
    for reader in (booker(booking), booking.host):
        assert "http" not in shown(written(booking, reader))


def test_a_list_of_mails_shows_when_and_where(booking: Booking) -> None:
    page = BeautifulSoup(written(booking, booker(booking)).html, "html.parser")
    hidden = page.select_one("body > div")
    assert hidden is not None
    assert "display: none" in str(hidden["style"])
    assert hidden.text.startswith("Tuesday, 2 March 2027, 09:00 to 09:30 (Lisbon time), Zoom")


def test_one_button_is_filled_and_it_is_what_matters(booking: Booking) -> None:
    def button(reader: Attendee | User, kind: MessageKind = MessageKind.BOOKED) -> str:
        html = BeautifulSoup(written(booking, reader, kind).html, "html.parser")
        (only,) = html.select("a.fill")
        return only.text

    assert button(booker(booking)) == button(booking.host) == "Join the Zoom call"
    booking.asked_to_move_at = NOW
    assert button(booker(booking), MessageKind.ASKED) == "Pick another time"
    booking.asked_to_move_at = None
    set_meeting(booking, join_url=None)
    assert button(booker(booking)) == "See the booking"
    set_meeting(booking, trouble=Trouble.NEEDS_RECONNECT)
    assert button(booking.host) == "Reconnect Zoom"


def test_who_travels_to_an_appointment_reads_its_clock_too(app: Flask) -> None:
    booking = factories.booking()
    booking.schedule.zone = "Europe/Berlin"
    for text in (
        plain(words := written(booking, booker(booking))),
        shown(words),
    ):
        assert "09:00 to 09:30 (Lisbon time)" in text
        assert "10:00 to 10:30 (Berlin time)" in text
    booking.schedule.zone = "Europe/London"
    assert "London" not in plain(written(booking, booker(booking))), "the same clock"


def test_a_mail_has_its_hosts_picture_and_colours(booking: Booking) -> None:
    host, digest = booking.host, "ab" * 32
    host.accent = "#ffe000"
    host.picture = Picture(digest=digest, small=b"s", large=b"l", made_at=NOW)
    db.session.commit()
    html = BeautifulSoup(written(booking, booker(booking)).html, "html.parser")
    (picture,) = html.select("img")
    assert str(picture["src"]) == f"http://localhost/images/mara/{digest[:16]}-96.jpg"
    assert picture["alt"] == "", "the name stands beside it"
    filled = html.select_one("td.fill")
    assert filled is not None
    assert contrast(str(filled["bgcolor"]), "#ffffff") > 4.5, "yellow alone couldn't be read"
    assert "img" not in written(booking, booking.host).html, "the host's own is BookMe's"


def test_a_mail_goes_from_right_to_left_where_that_is_read(app: Flask, booking: Booking) -> None:
    app.config["LANGUAGES"] = ("en", "ar")
    with spoken_to("ar"):
        html = BeautifulSoup(written(booking, booker(booking)).html, "html.parser")
    assert html.html is not None
    assert (html.html["dir"], html.html["lang"]) == ("rtl", "ar")
    card = html.select_one("td.room")
    assert card is not None
    assert card["align"] == "right"
    head = card.select_one("table")
    assert head is not None
    assert head.text.strip() == "Mara Lindqvist"


def test_the_text_of_a_confirmation_mentions_the_attached_file(booking: Booking) -> None:
    attached = "To add it to your calendar, open the attached file."
    assert attached in plain(written(booking, booker(booking)))
    assert attached not in plain(written(booking, booking.host))


def test_without_our_brand_mails_name_whom_to_ask_without_it(app: Flask, booking: Booking) -> None:
    app.config["FOOTER_BRAND"] = False
    for kind in (MessageKind.BOOKED, MessageKind.CANCELLED):
        words = written(booking, booker(booking), kind)
        for text in (plain(words), shown(words)):
            assert "Technical questions: " in text
            assert "BookMe" not in text
