"""Who gets which message of a booking, and when."""

from collections.abc import Iterator
from typing import Any

import icalendar
import pytest
import requests
from flask import Flask

from bookme import waits
from bookme.bookings.messages.outbox import MessageKind, owe
from bookme.extensions import db
from bookme.jobs.sync import sync_booking
from bookme.models import (
    Attendee,
    Booking,
    BookingStatus,
    Email,
    EmailState,
    EventKind,
    Role,
    Trouble,
)
from sandbox.mail.checks import inspect
from tests import factories, mails
from tests.answers import Fault, says
from tests.conftest import NOW
from tests.fake_zoom import FakeZoom, code
from tests.jobs.conftest import (
    After,
    change,
    disconnect,
    move,
    reconnect,
    video_booking,
)

ANA, MARA = "ana@example.com", "mara@example.com"
BO, IDA = "bo@example.com", "ida@example.com"
BOOKED, MOVED = MessageKind.BOOKED, MessageKind.MOVED
CANCELLED, LINK = MessageKind.CANCELLED, MessageKind.LINK


class Outbox:
    """The messages that went out, by reader."""

    def __init__(self, app: Flask) -> None:
        self.forms = mails.sent(app)

    def kinds(self, reader: str) -> list[str]:
        """The first word of each subject to one reader, in order."""
        return [form.subject.split(":")[0] for form in self.forms if form.to == [reader]]

    def last(self, reader: str) -> Any:
        return [form for form in self.forms if form.to == [reader]][-1]

    def calendar(self, reader: str) -> Any:
        """The calendar attachment of the last message to a reader."""
        *_, part = self.last(reader).made.iter_attachments()
        file = icalendar.Calendar.from_ical(part.get_payload(decode=True))
        (event,) = file.walk("VEVENT")
        event["X-METHOD"] = file["METHOD"]
        return event


@pytest.fixture
def outbox(app: Flask) -> Iterator[Outbox]:
    """At the end, a strict mail server has taken all that went out."""
    outbox = Outbox(app)
    yield outbox
    for form in outbox.forms:
        assert inspect(form.made.as_bytes(), form.to, smtp_utf8=False).refusal is None


def cancel(booking: Booking) -> None:
    change(booking, CANCELLED, status=BookingStatus.CANCELLED)


def states(booking: Booking) -> list[EmailState]:
    db.session.expire_all()
    return [email.state for email in booking.emails]


SENT, DROPPED, WAITING = EmailState.SENT, EmailState.DROPPED, EmailState.WAITING


def test_both_sides_hear_of_a_booking_once(
    booking: Booking, zoom: FakeZoom, outbox: Outbox
) -> None:
    sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Confirmed"]
    assert outbox.kinds(MARA) == ["New booking"]
    assert zoom.only()["join_url"] in outbox.last(ANA).body
    assert states(booking) == [SENT, SENT]
    assert [email.sent_at for email in booking.emails] == [NOW, NOW]
    assert {email.next_attempt_at for email in booking.emails} == {None}
    sent = [event for event in booking.events if event.kind is EventKind.EMAIL_SENT]
    assert [event.facts for event in sent] == [
        {"message": "booked", "to": "booker"},
        {"message": "booked", "to": "host"},
    ]


def test_each_side_can_answer_the_other(booking: Booking, zoom: FakeZoom, outbox: Outbox) -> None:
    sync_booking(booking.id)
    assert outbox.last(ANA).made["Reply-To"] == "Mara Lindqvist <mara@example.com>"
    assert outbox.last(MARA).made["Reply-To"] == "Ana Costa <ana@example.com>"
    ids = {str(form.made["Message-ID"]) for form in outbox.forms}
    assert ids == {f"<{email.dedupe_key}@localhost>" for email in booking.emails}
    assert all(booking.token not in identity for identity in ids)


def test_a_move_and_a_cancellation_are_told(
    booking: Booking, zoom: FakeZoom, outbox: Outbox
) -> None:
    sync_booking(booking.id)
    move(booking, hours=1)
    sync_booking(booking.id)
    cancel(booking)
    sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Confirmed", "Rescheduled", "Cancelled"]
    assert outbox.kinds(MARA) == ["New booking", "Rescheduled", "Cancelled"]


def test_the_calendar_entry_is_one_and_its_sequence_grows(
    booking: Booking, zoom: FakeZoom, outbox: Outbox
) -> None:
    seen = []
    for step in (None, lambda: move(booking, hours=1), lambda: cancel(booking)):
        if step is not None:
            step()
        sync_booking(booking.id)
        for reader in (ANA, MARA):
            event = outbox.calendar(reader)
            seen.append((event["UID"], event["X-METHOD"], event["SEQUENCE"]))
    uid = f"{booking.reference}@localhost"
    assert seen == [
        *[(uid, "REQUEST", 0)] * 2,
        *[(uid, "REQUEST", 1)] * 2,
        *[(uid, "CANCEL", 2)] * 2,
    ]


def test_moved_before_anybody_was_told_is_a_first_confirmation(
    booking: Booking, zoom: FakeZoom, outbox: Outbox
) -> None:
    move(booking, hours=1)
    sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Confirmed"]
    assert "10:00 to 10:30" in outbox.last(ANA).body
    assert states(booking) == [DROPPED, DROPPED, SENT, SENT]
    assert {email.kind for email in booking.emails if email.state is SENT} == {BOOKED}


def test_cancelled_before_anybody_was_told_is_told_to_nobody(
    booking: Booking, zoom: FakeZoom, outbox: Outbox
) -> None:
    cancel(booking)
    sync_booking(booking.id)
    assert outbox.forms == []
    assert states(booking) == [DROPPED] * 4


def test_booked_moved_and_cancelled_within_a_second(
    booking: Booking, zoom: FakeZoom, outbox: Outbox
) -> None:
    move(booking, hours=1)
    cancel(booking)
    sync_booking(booking.id)
    assert (outbox.forms, zoom.meetings) == ([], {})


def test_moved_there_and_back_before_it_was_told_is_no_news(
    booking: Booking, zoom: FakeZoom, outbox: Outbox
) -> None:
    sync_booking(booking.id)
    move(booking, hours=1)
    move(booking, hours=-1)
    sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Confirmed"]


def test_several_moves_at_once_are_told_as_one(
    booking: Booking, zoom: FakeZoom, outbox: Outbox
) -> None:
    sync_booking(booking.id)
    move(booking, hours=1)
    move(booking, hours=1)
    sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Confirmed", "Rescheduled"]
    assert "11:00 to 11:30" in outbox.last(ANA).body
    assert "09:00 to 09:30" in outbox.last(ANA).body


def test_the_confirmation_waits_for_the_link_for_a_while_only(
    booking: Booking, zoom: FakeZoom, outbox: Outbox, after: After
) -> None:
    zoom.fails("POST", *[Fault(says(429))] * 20)
    sync_booking(booking.id)
    patience = booking.created_at + waits.LINK_PATIENCE
    assert outbox.forms == []
    while (moment := booking.due_at) is not None and moment < patience:
        with after(seconds=(moment - NOW).total_seconds()):
            sync_booking(booking.id)
        assert outbox.forms == []
    with after(seconds=waits.LINK_PATIENCE.total_seconds()):
        sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Confirmed"]
    assert "the video link in a second message" in outbox.last(ANA).body
    assert "the video link in a second message" in outbox.last(MARA).body
    zoom.faults.clear()
    with after(hours=1):
        sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Confirmed", "Video link"]
    assert outbox.kinds(MARA) == ["New booking", "Video link"]
    assert zoom.only()["join_url"] in outbox.last(ANA).body
    assert outbox.calendar(ANA)["SEQUENCE"] == 1
    assert booking.due_at is None


def test_a_link_that_comes_late_reaches_everybody_at_once(
    booking: Booking, zoom: FakeZoom, outbox: Outbox, after: After
) -> None:
    """Several are owed in one go, before any of those messages has an id."""
    for name in (BO, IDA):
        guest = Attendee(role=Role.GUEST, name=name, email=name, zone="Europe/Lisbon")
        booking.attendees.append(guest)
    change(booking, BOOKED)
    zoom.fails("POST", *[Fault(says(429))] * 20)
    with after(seconds=waits.LINK_PATIENCE.total_seconds()):
        sync_booking(booking.id)
    zoom.faults.clear()
    with after(hours=1):
        sync_booking(booking.id)
    for reader in (ANA, BO, IDA, MARA):
        assert outbox.kinds(reader)[1:] == ["Video link"]


def test_a_link_within_the_patience_comes_with_the_confirmation(
    booking: Booking, zoom: FakeZoom, outbox: Outbox, after: After
) -> None:
    zoom.fails("POST", Fault(says(429)))
    sync_booking(booking.id)
    with after(seconds=10):
        sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Confirmed"]
    assert zoom.only()["join_url"] in outbox.last(ANA).body
    with after(hours=1):
        booking.due_at = NOW
        db.session.commit()
        sync_booking(booking.id)
    assert len(outbox.forms) == 2


def test_without_a_connection_it_goes_at_once_and_the_link_later(
    app: Flask, zoom: FakeZoom, outbox: Outbox
) -> None:
    booking = video_booking()
    sync_booking(booking.id)
    assert "Mara Lindqvist will send you the video link" in outbox.last(ANA).body
    assert "Zoom isn't connected" in outbox.last(MARA).body
    assert "http://localhost/connections" in outbox.last(MARA).body
    reconnect(booking)
    sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Confirmed", "Video link"]
    assert outbox.kinds(MARA) == ["New booking, no link", "Video link"]


@pytest.mark.parametrize("number", [3161, 300, 4741])
def test_where_none_can_be_expected_it_goes_at_once(
    booking: Booking, zoom: FakeZoom, outbox: Outbox, number: int
) -> None:
    zoom.fails("POST", code(number))
    sync_booking(booking.id)
    assert "will send you the video link" in outbox.last(ANA).body
    assert "There is no video link." in outbox.last(MARA).body


def test_the_host_is_told_when_a_promised_link_will_not_come(
    booking: Booking, zoom: FakeZoom, outbox: Outbox, after: After
) -> None:
    zoom.fails("POST", *[Fault(says(429))] * 3)
    for seconds in (0, 30, waits.LINK_PATIENCE.total_seconds()):
        with after(seconds=seconds):
            sync_booking(booking.id)
    assert "the video link in a second message" in outbox.last(MARA).body
    disconnect(booking)
    with after(hours=2):
        sync_booking(booking.id)
        booking.due_at = NOW
        db.session.commit()
        sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Confirmed"]
    assert outbox.kinds(MARA) == ["New booking", "Link needed"]
    assert "Zoom isn't connected" in outbox.last(MARA).body


def test_both_are_told_of_the_link_of_another_meeting(
    booking: Booking, zoom: FakeZoom, outbox: Outbox
) -> None:
    sync_booking(booking.id)
    zoom.lose()
    move(booking, hours=1)
    move(booking, hours=-1)
    booking.meeting.sent = None  # type: ignore[union-attr]
    db.session.commit()
    sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Confirmed", "New video link"]
    assert outbox.kinds(MARA) == ["New booking", "New video link"]
    assert zoom.only()["join_url"] in outbox.last(ANA).body


def test_a_move_that_needs_another_meeting_is_one_message(
    booking: Booking, zoom: FakeZoom, outbox: Outbox
) -> None:
    sync_booking(booking.id)
    zoom.lose()
    move(booking, hours=1)
    sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Confirmed", "Rescheduled"]
    assert "The video link is new, too." in outbox.last(ANA).body


def test_a_move_does_not_wait_for_zoom(booking: Booking, zoom: FakeZoom, outbox: Outbox) -> None:
    sync_booking(booking.id)
    move(booking, hours=1)
    zoom.fails("PATCH", Fault(requests.ReadTimeout()))
    sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Confirmed", "Rescheduled"]


def test_a_message_that_may_have_gone_out_is_sent_again_as_itself(
    booking: Booking, zoom: FakeZoom, outbox: Outbox
) -> None:
    to_booker = booking.emails[0]
    to_booker.maybe_sent = True
    db.session.commit()
    sync_booking(booking.id)
    identity = f"<{to_booker.dedupe_key}@localhost>"
    assert [str(form.made["Message-ID"]) for form in outbox.forms if form.to == [ANA]] == [identity]


def test_a_message_that_may_have_gone_out_is_never_sent_with_other_news(
    booking: Booking, zoom: FakeZoom, outbox: Outbox, after: After
) -> None:
    zoom.fails("POST", Fault(says(429)))
    with after(seconds=121):  # the confirmation has waited long enough for the link
        sync_booking(booking.id)
    for email in booking.emails:  # as a crash between the server's answer and our commit leaves it
        email.state, email.sent_at, email.next_attempt_at = WAITING, None, NOW
    db.session.commit()
    with after(hours=1):
        sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Confirmed", "Video link"]
    assert outbox.kinds(MARA) == ["New booking", "Video link"]
    assert len({str(form.made["Message-ID"]) for form in outbox.forms}) == 4
    assert outbox.calendar(ANA)["SEQUENCE"] == 1
    assert states(booking) == [DROPPED, DROPPED, SENT, SENT]


def test_a_host_who_may_have_been_promised_a_link_is_told_that_there_is_none(
    booking: Booking, zoom: FakeZoom, outbox: Outbox, after: After
) -> None:
    zoom.fails("POST", Fault(says(429)))
    with after(seconds=121):
        sync_booking(booking.id)
    for email in booking.emails:
        email.state, email.sent_at, email.next_attempt_at = WAITING, None, NOW
    disconnect(booking)
    with after(hours=1):
        sync_booking(booking.id)
    assert outbox.kinds(MARA) == ["New booking", "Link needed"]
    assert outbox.kinds(ANA) == ["Confirmed", "Confirmed"], "the same news, so the same message"


def test_who_may_have_been_told_is_told_of_the_end(
    booking: Booking, zoom: FakeZoom, outbox: Outbox
) -> None:
    sync_booking(booking.id)
    outbox.forms.clear()
    for email in booking.emails:  # as a crash between the server's answer and our commit leaves it
        email.state, email.sent_at, email.next_attempt_at = WAITING, None, NOW
    cancel(booking)
    sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Cancelled"]
    assert states(booking) == [DROPPED, DROPPED, SENT, SENT]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the mail server judges
@pytest.mark.parametrize(
    "name",
    [
        "Александра Константиновна Преображенская-Рождественская",
        'Ana "the roof" Costa, Lda.',
        "Müller, Änne",
        "名前 " * 30,
        "=?utf-8?q?x?=",
        "Ana\r\nBcc: x@evil.example",
        "a" * 100,
        "O",
        "👩‍👩‍👧" * 20,
        "😀" * 100,
        "שלום, Ana; \u202eevil",
        "Ana @ evil.com",
        "O’Brien <ana@evil.com>",
        "\\",
        '"',
        "  a  b  ",
        "میرزا‌علی",
    ],
)
def test_no_name_keeps_a_message_from_being_taken(
    booking: Booking, zoom: FakeZoom, outbox: Outbox, name: str
) -> None:
    booking.booker.name = booking.host.name = name  # type: ignore[union-attr]
    booking.title = name
    db.session.commit()
    sync_booking(booking.id)
    move(booking, hours=1)
    sync_booking(booking.id)
    cancel(booking)
    sync_booking(booking.id)
    assert len(outbox.forms) == 6


def test_an_erased_booker_gets_nothing_more(
    booking: Booking, zoom: FakeZoom, outbox: Outbox
) -> None:
    sync_booking(booking.id)
    db.session.delete(booking.booker)
    db.session.commit()
    cancel(booking)
    sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Confirmed"]
    assert outbox.kinds(MARA) == ["New booking", "Cancelled"]
    assert "[name deleted]" in outbox.last(MARA).body


def test_other_kinds_of_appointment_are_told_at_once(app: Flask, outbox: Outbox) -> None:
    booking = factories.booking(due_at=NOW)
    owe(booking, BOOKED, now=NOW)
    db.session.commit()
    sync_booking(booking.id)
    assert outbox.kinds(ANA) == ["Confirmed"]
    assert "1 Main Street" in outbox.last(ANA).body


def test_without_a_mail_server_everything_waits(
    app: Flask, booking: Booking, zoom: FakeZoom, outbox: Outbox, after: After
) -> None:
    app.config["MAIL_CONFIGURED"] = False
    sync_booking(booking.id)
    assert (outbox.forms, states(booking)) == ([], [WAITING, WAITING])
    assert booking.due_at == NOW + waits.LAST_RETRY
    app.config["MAIL_CONFIGURED"] = True
    with after(hours=1):
        sync_booking(booking.id)
    assert states(booking) == [SENT, SENT]


def test_what_could_not_be_told_in_time_is_given_up(
    app: Flask, booking: Booking, zoom: FakeZoom, outbox: Outbox, after: After
) -> None:
    app.config["MAIL_CONFIGURED"] = False
    sync_booking(booking.id)
    app.config["MAIL_CONFIGURED"] = True
    with after(days=2):
        sync_booking(booking.id)
    assert outbox.forms == []
    assert states(booking) == [EmailState.FAILED] * 2
    assert booking.due_at is None


def test_what_is_kept_of_a_message_is_no_words(
    booking: Booking, zoom: FakeZoom, outbox: Outbox
) -> None:
    booking.meeting.trouble = Trouble.UNAVAILABLE  # type: ignore[union-attr]
    db.session.commit()
    sync_booking(booking.id)
    for email in db.session.query(Email):
        kept = str(email.facts)
        assert "Ana" not in kept
        assert "zoom.us" not in kept
