"""Messages at times: which of them go out, to whom, what they say, and what ends them."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from bookme.bookings import people, service
from bookme.bookings.messages import reminders
from bookme.errors import ProviderUnavailable
from bookme.extensions import db
from bookme.jobs import timed
from bookme.jobs.sync import sync_booking
from bookme.models import (
    Actor,
    Attendee,
    Booking,
    BookingStatus,
    EmailState,
    EventKind,
    MessageRule,
    ReminderState,
    Role,
    Timing,
)
from bookme.schedules import messages
from sandbox.mail.checks import inspect
from tests import factories, mails
from tests.answers import Killed
from tests.conftest import NOW
from tests.jobs.meeting.test_killed import MOST, killed_at
from tests.mails import Sent

ANA, BO, MARA = "ana@example.com", "bo@example.com", "mara@example.com"
#: When factories.booking begins and ends.
STARTS = NOW + timedelta(days=1, hours=1)
ENDS = STARTS + timedelta(minutes=30)
HOUR, DAY = 60, 24 * 60
WAITING, SENT, DROPPED = ReminderState


@pytest.fixture
def outbox(app: Flask) -> Iterator[list[Sent]]:
    """What went out; at the end, a strict mail server has taken all of it."""
    sent = mails.sent(app)
    yield sent
    for one in sent:
        assert inspect(one.made.as_bytes(), one.to, smtp_utf8=False).refusal is None


def booked(*rules: dict[str, Any], guest: bool = False, **columns: Any) -> Booking:
    """Ana's booking, of which all have heard, on a schedule with these messages."""
    schedule = columns.pop("schedule", None) or factories.schedule()
    for place, one in enumerate(rules):
        defaults = {"timing": Timing.BEFORE_START, "minutes": HOUR, "position": place}
        schedule.message_rules.append(MessageRule(**defaults | one))
    booking: Booking = factories.booking(schedule=schedule, **columns)
    if guest:
        bo = Attendee(name="Bo", email=BO, zone="UTC", role=Role.GUEST)
        booking.attendees.append(bo)
    reminders.plan(booking, now=NOW)
    db.session.commit()
    return booking


def run(at: datetime) -> None:
    """What sweep and workers do at an instant."""
    with time_machine.travel(at, tick=False):
        timed.wake(at)
        due = db.session.scalars(sa.select(Booking.id).where(Booking.due_at <= at)).all()
        db.session.rollback()
        for booking_id in due:
            sync_booking(booking_id)
    db.session.expire_all()


def rows(booking: Booking) -> list[tuple[datetime, ReminderState]]:
    db.session.expire_all()
    return sorted((row.send_at, row.state) for row in booking.reminders)


def to_whom(outbox: list[Sent]) -> list[str]:
    return sorted(address for one in outbox for address in one.to)


def test_a_reminder_goes_to_booker_and_guests_at_its_time(app: Flask, outbox: list[Sent]) -> None:
    booked({}, guest=True)
    run(STARTS - timedelta(hours=1, seconds=1))
    assert outbox == []
    run(STARTS - timedelta(hours=1))
    assert to_whom(outbox) == [ANA, BO]
    assert {one.subject for one in outbox} == {
        "Reminder: Intro call, Tue 2 Mar, 09:00 (Lisbon)",
        "Reminder: Intro call, Tue 2 Mar, 09:00 (UTC)",
    }
    for minutes in (1, 600):
        run(STARTS - timedelta(hours=1) + timedelta(minutes=minutes))
    assert len(outbox) == 2


def test_the_host_gets_it_where_the_schedule_says_so(app: Flask, outbox: list[Sent]) -> None:
    booked({"to_booker": False, "to_host": True, "words": "Bring the slides."})
    run(STARTS - timedelta(hours=1))
    (one,) = outbox
    assert (one.to, "Bring the slides." in one.body) == ([MARA], True)
    assert "Reminder: Ana Costa, " in one.subject
    assert one.made["List-Unsubscribe"] is None


def test_a_follow_up_goes_after_the_end_also_though_the_booking_is_over(
    app: Flask, outbox: list[Sent]
) -> None:
    booked({"timing": Timing.AFTER_END, "minutes": 2 * DAY, "words": "How was it?"})
    run(ENDS + timedelta(days=2))
    (one,) = outbox
    assert one.subject.startswith("Follow-up: Intro call, ")
    assert "How was it?" in one.body
    assert "late" not in one.body


def test_none_is_planned_whose_time_is_past_when_it_is_booked(app: Flask) -> None:
    booking = booked({"minutes": 25 * HOUR}, {"minutes": 25 * HOUR - 1}, {"minutes": 2 * DAY})
    assert rows(booking) == [(NOW + timedelta(minutes=1), WAITING)]


def test_a_move_moves_what_waits_and_drops_what_is_past(app: Flask, outbox: list[Sent]) -> None:
    booking = booked({"minutes": DAY}, {"minutes": HOUR})
    service.reschedule(booking, NOW + timedelta(hours=2), by=Actor.HOST, now=NOW)
    db.session.commit()
    assert rows(booking) == [
        (STARTS - timedelta(days=1), DROPPED),
        (NOW + timedelta(hours=1), WAITING),
    ]
    run(NOW)
    outbox.clear()
    run(NOW + timedelta(hours=1))
    run(STARTS - timedelta(hours=1))
    assert len(outbox) == 1


@pytest.mark.parametrize("status", [one for one in BookingStatus if one != "confirmed"])
def test_only_a_confirmed_booking_has_any(app: Flask, status: BookingStatus) -> None:
    booking = booked({})
    booking.status = status
    reminders.plan(booking, now=NOW)
    assert rows(booking) == [(STARTS - timedelta(hours=1), DROPPED)]


def test_a_booking_that_was_cancelled_reminds_nobody(app: Flask, outbox: list[Sent]) -> None:
    booking = booked({}, {"timing": Timing.AFTER_END})
    service.cancel(booking, by=Actor.BOOKER, now=NOW)
    db.session.commit()
    run(NOW)
    outbox.clear()
    for at in (STARTS - timedelta(hours=1), ENDS + timedelta(hours=1)):
        run(at)
    assert outbox == []


def test_a_change_that_nobody_planned_for_is_seen_when_it_is_sent(
    app: Flask, outbox: list[Sent]
) -> None:
    booking = booked({})
    booking.status = BookingStatus.CANCELLED
    db.session.commit()
    run(STARTS - timedelta(hours=1))
    assert outbox == []
    assert rows(booking) == [(STARTS - timedelta(hours=1), DROPPED)]


@pytest.mark.parametrize(("minutes", "is_late"), [(10, False), (11, True)])
def test_more_than_ten_minutes_late_it_says_so(
    app: Flask, outbox: list[Sent], minutes: int, is_late: bool
) -> None:
    booked({})
    run(STARTS - timedelta(minutes=60 - minutes))
    (one,) = outbox
    assert ("This reminder is late" in one.body) is is_late


def test_once_the_appointment_has_begun_there_is_nothing_to_remind_of(
    app: Flask, outbox: list[Sent]
) -> None:
    booking = booked({})
    run(STARTS)
    assert outbox == []
    assert rows(booking) == [(STARTS - timedelta(hours=1), DROPPED)]
    assert booking.events[-1].kind is EventKind.EMAIL_FAILED
    assert timed.wake(STARTS + timedelta(days=1)) == 0


def test_what_no_server_took_before_the_start_is_given_up(app: Flask, outbox: list[Sent]) -> None:
    booking = booked({"minutes": 5})
    app.extensions["mail"] = refuse
    run(STARTS - timedelta(minutes=5))
    assert booking.emails[0].state is EmailState.WAITING
    app.extensions["mail"] = outbox.append
    run(STARTS)
    assert outbox == []
    assert booking.emails[0].state is EmailState.FAILED
    assert booking.events[-1].kind is EventKind.EMAIL_FAILED
    assert not service.can_retry(booking, now=STARTS)


def test_a_follow_up_is_worth_a_day(app: Flask, outbox: list[Sent]) -> None:
    booking = booked({"timing": Timing.AFTER_END, "minutes": 0})
    run(ENDS + timedelta(days=1))
    assert outbox == []
    assert rows(booking) == [(ENDS, DROPPED)]


def test_a_server_that_was_away_gets_it_later_once(app: Flask, outbox: list[Sent]) -> None:
    booked({"minutes": 5 * HOUR})
    kept, app.extensions["mail"] = app.extensions["mail"], refuse
    run(STARTS - timedelta(hours=5))
    app.extensions["mail"] = kept
    for hours in (4, 3, 2):
        run(STARTS - timedelta(hours=hours))
    (one,) = outbox
    assert "This reminder is late" in one.body


def refuse(_made: object) -> None:
    raise ProviderUnavailable("smtp", "451", code=451)


def test_news_and_reminders_leave_each_other_alone(app: Flask, outbox: list[Sent]) -> None:
    booking = booked({}, {"minutes": 2 * HOUR, "to_host": True})
    kept, app.extensions["mail"] = app.extensions["mail"], refuse
    run(STARTS - timedelta(hours=2))
    at = STARTS - timedelta(hours=1)
    service.reschedule(booking, STARTS + timedelta(hours=1), by=Actor.HOST, now=at)
    db.session.commit()
    run(at)
    app.extensions["mail"] = kept
    run(at + timedelta(minutes=30))
    run(STARTS + timedelta(minutes=1))
    kinds = {
        who: [one.subject.split(":")[0] for one in outbox if one.to == [who]] for who in (ANA, MARA)
    }
    assert kinds == {ANA: ["Confirmed", "Reminder"], MARA: ["New booking"]}


def test_a_guest_gets_no_way_to_the_booking(app: Flask, outbox: list[Sent]) -> None:
    booking = booked({}, {"timing": Timing.AFTER_END, "minutes": 0}, guest=True)
    run(STARTS - timedelta(hours=1))
    run(ENDS)
    raw = {one.to[0]: [] for one in outbox}
    for one in outbox:
        raw[one.to[0]].append(one.made.as_string())
        html = one.made.get_body(("html",)).get_content()
        assert (booking.token in html) is (one.to == [ANA])
        assert (booking.token in one.body) is (one.to == [ANA])
    assert {who: len(found) for who, found in raw.items()} == {ANA: 2, BO: 2}


def test_whoever_has_ended_them_gets_none(app: Flask, outbox: list[Sent]) -> None:
    booking = booked({}, guest=True)
    reminders.stop(booking.guests[0], now=NOW)
    db.session.commit()
    run(STARTS - timedelta(hours=1))
    assert to_whom(outbox) == [ANA]


def test_its_reader_can_end_them_from_the_mail_program(app: Flask, outbox: list[Sent]) -> None:
    app.config["PUBLIC_URL"] = "https://bookme.example"
    booking = booked({})
    run(STARTS - timedelta(hours=1))
    made = outbox[0].made
    assert made["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (line,) = [one for one in made.as_string().split("\r\n") if one.startswith("List-Unsubscribe:")]
    address = line.removeprefix("List-Unsubscribe: <").removesuffix(">")
    assert address.startswith("https://bookme.example/reminders/")
    assert address in outbox[0].body
    answer = app.test_client().post(address, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    db.session.expire_all()
    assert booking.booker is not None
    assert booking.booker.reminders_off_at == NOW


@pytest.mark.parametrize("when", ["before_commit", "after_begin"])
def test_a_worker_killed_anywhere_sends_one_message(
    app: Flask, outbox: list[Sent], when: str
) -> None:
    for number in range(1, MOST):
        booked({}, guest=True, schedule=factories.schedule(host=factories.host(another=True)))
        outbox.clear()
        at = STARTS - timedelta(hours=1)
        with killed_at(number, when) as seen, suppress(Killed):
            run(at)
        db.session.rollback()
        for minutes in (3, 6):
            run(at + timedelta(minutes=minutes))
        assert {one.to[0] for one in outbox} == {ANA, BO}
        assert len({one.made["Message-ID"] for one in outbox}) == 2
        if len(seen) < number:
            return
    pytest.fail("never comes to an end")


def test_changed_messages_count_for_bookings_already_made(app: Flask, outbox: list[Sent]) -> None:
    booking = booked({}, {"minutes": DAY})
    hour, day = (
        {
            "timing": Timing.BEFORE_START,
            "to_booker": True,
            "to_host": False,
            "words": "",
            "minutes": m,
        }
        for m in (2 * HOUR, DAY)
    )
    messages.change(booking.schedule, [day, hour], now=NOW)
    db.session.commit()
    run(NOW)
    waiting = [at for at, state in rows(booking) if state is WAITING]
    assert waiting == [STARTS - timedelta(days=1), STARTS - timedelta(hours=2)]
    messages.change(booking.schedule, [hour], now=NOW)
    db.session.commit()
    run(NOW)
    assert [at for at, state in rows(booking) if state is WAITING] == [STARTS - timedelta(hours=2)]


def test_a_reminder_by_hand_goes_at_once_and_once(app: Flask, outbox: list[Sent]) -> None:
    booking = booked(guest=True)
    assert reminders.send_now(booking, now=NOW)
    db.session.commit()
    assert not reminders.send_now(booking, now=NOW + timedelta(minutes=9))
    db.session.commit()
    run(NOW)
    run(NOW + timedelta(minutes=9))
    assert to_whom(outbox) == [ANA, BO]
    assert reminders.send_now(booking, now=NOW + timedelta(minutes=10))
    db.session.commit()
    run(NOW + timedelta(minutes=10))
    assert to_whom(outbox) == [ANA, ANA, BO, BO]


def test_who_did_not_come_gets_no_message_that_follows(app: Flask, outbox: list[Sent]) -> None:
    booking = booked({"timing": Timing.AFTER_END, "minutes": HOUR}, guest=True)
    ana, bo = booking.attendees
    with time_machine.travel(ENDS, tick=False):
        people.note_no_show(ana, came=False, now=ENDS)
        people.note_no_show(bo, came=False, now=ENDS)
        people.note_no_show(bo, came=True, now=ENDS)
        db.session.commit()
    run(ENDS + timedelta(hours=1))
    assert to_whom(outbox) == [BO]


def test_noted_just_before_it_goes_a_no_show_still_counts(app: Flask, outbox: list[Sent]) -> None:
    booking = booked({"timing": Timing.AFTER_END, "minutes": HOUR})
    mails_to = app.extensions["mail"]
    app.extensions["mail"] = refuse
    run(ENDS + timedelta(hours=1))
    app.extensions["mail"] = mails_to
    with time_machine.travel(ENDS + timedelta(hours=1), tick=False):
        people.note_no_show(booking.attendees[0], came=False, now=ENDS + timedelta(hours=1))
        db.session.commit()
    run(ENDS + timedelta(hours=3))
    assert to_whom(outbox) == []
