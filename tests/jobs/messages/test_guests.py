"""What guests are told, what they aren't, and what is said of answers."""

import re
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bookme.bookings import service as bookings
from bookme.bookings.guests import link
from bookme.bookings.messages import letters
from bookme.bookings.messages.ics import calendar_file
from bookme.bookings.messages.outbox import MessageKind
from bookme.bookings.service import Answer, Booker, Guest
from bookme.extensions import db
from bookme.jobs.sync import sync_booking
from bookme.mail import message
from bookme.models import Actor, Attendee, Booking, Caller, LocationKind, Role, Schedule, User
from sandbox.mail.checks import inspect
from tests import factories, mails
from tests.conftest import NOW
from tests.examples import examples

ANA, BO, IDA, MARA = "ana@example.com", "bo@example.com", "ida@example.com", "mara@example.com"
KEY = "0123456789abcdef" * 2
START = NOW + timedelta(days=1, hours=1)


def booked(schedule: Schedule, **of_booker: Any) -> Booking:
    guests = (Guest("Bo", BO), Guest("Ida", IDA))
    answers = (Answer("company", "Your company?", "Acme https://evil.example/x"),)
    given = {"guests": guests, "answers": answers, "notes": "My notes.", "phone": "+351 1234567"}
    booker = Booker("Ana Costa", ANA, "Europe/Lisbon", **given | of_booker)
    made = bookings.book(schedule, START, booker, form_key=KEY, now=NOW)
    db.session.commit()
    return made


@pytest.fixture
def booking(app: Flask) -> Booking:
    """Ana brings Bo and Ida, and has answered a question."""
    return booked(factories.schedule(after_words="Bring a pen."))


def to(app: Flask, reader: str) -> list[mails.Sent]:
    return [one for one in mails.sent(app) if one.to == [reader]]


def raw(sent: mails.Sent) -> str:
    """All of a message as readable text, attachments too."""
    parts = [part for part in sent.made.walk() if not part.is_multipart()]
    return "\n".join([str(sent.made), *(part.get_payload(decode=True).decode() for part in parts)])


def test_each_guest_hears_of_everything_and_never_gets_the_bookers_links(
    app: Flask, booking: Booking
) -> None:
    sync_booking(booking.id)
    bookings.reschedule(booking, START + timedelta(hours=1), by=Actor.BOOKER, now=NOW)
    db.session.commit()
    sync_booking(booking.id)
    bookings.cancel(booking, by=Actor.BOOKER, reason="My secret reason", now=NOW)
    db.session.commit()
    sync_booking(booking.id)
    for guest, other in ((BO, IDA), (IDA, BO)):
        got = to(app, guest)
        assert [one.subject.split(":")[0] for one in got] == [
            "Invitation",
            "Rescheduled",
            "Cancelled",
        ]
        for one in got:
            said = raw(one)
            for secret in (booking.token, other, ANA, "My notes", "Acme", "secret reason", "+351"):
                assert secret not in said, (one.subject, secret)
            assert inspect(one.made.as_bytes(), one.to, smtp_utf8=False).refusal is None
        assert "Ana Costa invited you to “Intro call” with Mara Lindqvist." in got[0].body
        assert "Bring a pen." in got[0].body
        assert "Ana Costa cancelled it." in got[2].body
    assert [len(to(app, reader)) for reader in (ANA, MARA)] == [3, 3]
    ids = [str(one.made["Message-ID"]) for one in mails.sent(app)]
    assert len(set(ids)) == len(ids) == 12
    told = {event.facts.get("to") for event in booking.events if "to" in event.facts}
    assert told == {"host", "booker", "guest"}


def test_a_guest_has_their_own_link_in_mail_and_calendar(app: Flask, booking: Booking) -> None:
    bo, ida = booking.guests
    sync_booking(booking.id)
    [mail] = to(app, BO)
    said = raw(mail)
    assert link(bo) in said.replace("\r\n ", "")
    assert link(ida) not in said.replace("\r\n ", "")
    file = calendar_file(booking, reader=bo, method="REQUEST", now=NOW)
    [event] = icalendar.Calendar.from_ical(file).walk("VEVENT")
    assert event["ATTENDEE"] == f"mailto:{BO}"
    assert f"Can’t come? {link(bo)}" in event["DESCRIPTION"]
    assert booking.token not in file.decode().replace("\r\n ", "")


def test_who_has_left_hears_no_more(app: Flask, booking: Booking) -> None:
    sync_booking(booking.id)
    bookings.leave(booking.guests[0], now=NOW)
    db.session.commit()
    bookings.cancel(booking, by=Actor.HOST, now=NOW)
    db.session.commit()
    sync_booking(booking.id)
    assert [len(to(app, reader)) for reader in (BO, IDA, ANA, MARA)] == [1, 2, 2, 2]


def test_who_leaves_before_being_told_is_never_told(app: Flask, booking: Booking) -> None:
    bookings.leave(booking.guests[0], now=NOW)
    db.session.commit()
    sync_booking(booking.id)
    assert [len(to(app, reader)) for reader in (BO, IDA, ANA, MARA)] == [0, 1, 1, 1]


def test_host_and_booker_read_answers_and_guests_but_no_link_of_a_stranger(
    app: Flask, booking: Booking
) -> None:
    sync_booking(booking.id)
    for reader in (ANA, MARA):
        [mail] = to(app, reader)
        assert "Your company?" in mail.body
        assert "Acme https: //evil. example/x" in mail.body
        assert f"Bo, {BO}" in mail.body
        assert "https://evil" not in raw(mail)
    [event] = icalendar.Calendar.from_ical(
        calendar_file(booking, reader=booking.host, method="REQUEST", now=NOW)
    ).walk("VEVENT")
    assert "Your company?\nAcme" in event["DESCRIPTION"]
    assert f"Guest: Bo, {BO}" in event["DESCRIPTION"]


@pytest.mark.parametrize(
    ("caller", "words"),
    [
        (Caller.HOST, "Mara Lindqvist calls Ana Costa"),
        (Caller.BOOKER, "Ana Costa calls Mara Lindqvist: +46 8"),
    ],
)
def test_a_guest_of_a_call_is_told_who_calls_but_not_the_bookers_number(
    app: Flask, caller: Caller, words: str
) -> None:
    schedule = factories.schedule(location_kind=LocationKind.PHONE, caller=caller, phone="+46 8")
    made = booked(schedule)
    sync_booking(made.id)
    [mail] = to(app, BO)
    assert words in mail.body
    assert "1234567" not in raw(mail)


def test_erasing_a_booker_erases_their_guests(app: Flask, booking: Booking) -> None:
    bookings.erase_booker(booking.host, ANA, now=NOW + timedelta(days=3))
    db.session.commit()
    assert db.session.query(Attendee).count() == 0


def test_erasing_a_guest_leaves_the_booking_to_its_booker(app: Flask, booking: Booking) -> None:
    revision = booking.revision
    assert bookings.erase_booker(booking.host, BO, now=NOW) == 1
    db.session.commit()
    assert [one.email for one in booking.attendees] == [ANA, IDA]
    assert (booking.revision, booking.due_at) == (revision + 1, NOW)


#: What could break out of where it stands.
SHARP = (
    *("\r\nBcc: x@evil.com", "\nEND:VEVENT", "<img src=x>", "\u202e", "\u061c", "\u05e9"),
    *("%s", "{{x}}", "\u2028", ";CN=x:", '"', "\\n", "a" * 500, "https://evil.com", "=1+1"),
    *("\x85", "&amp;", "\U0001f469\u200d\U0001f467"),
)
NASTY = st.text(min_size=1, max_size=200) | st.lists(
    st.sampled_from(SHARP), min_size=1, max_size=8
).map("".join)


@settings(
    parent=examples(60),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(name=NASTY, answer=NASTY, question=NASTY)
def test_words_of_strangers_stay_words_in_mails_and_calendars(
    app: Flask, booking: Booking, name: str, answer: str, question: str
) -> None:
    booker, (bo, _ida) = booking.booker, booking.guests
    assert booker is not None
    with db.session.no_autoflush:
        booker.name = bo.name = name[:100]
        booker.answers = [{"name": "q", "question": question, "answer": answer}]
        readers: list[Attendee | User] = [booker, bo, booking.host]
        for reader in readers:
            words = message.render(
                "booked", letters.context(MessageKind.BOOKED, booking, reader, None, now=NOW)
            )
            assert "\n" not in words.subject
            assert "\r" not in words.subject
            assert "<img" not in words.html
            assert re.search(r'href="https?://evil', words.html) is None
            file = calendar_file(booking, reader=reader, method="REQUEST", now=NOW)
            parsed = icalendar.Calendar.from_ical(file)
            [event] = parsed.walk("VEVENT")
            assert event["STATUS"] == "CONFIRMED"
            assert not isinstance(event["ATTENDEE"], list)
            assert len(parsed.walk()) == 2
    db.session.expire_all()


def test_roles_are_told_apart(booking: Booking) -> None:
    assert [one.role for one in booking.attendees] == [Role.BOOKER, Role.GUEST, Role.GUEST]
