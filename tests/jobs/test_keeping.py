"""What is kept for a time only goes when that is over, in small steps."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from bookme.extensions import db
from bookme.jobs import keeping
from bookme.models import (
    Actor,
    Booking,
    BookingEvent,
    Email,
    EmailState,
    EventKind,
    MessageRule,
    Reminder,
    ReminderState,
    Timing,
    User,
)
from tests import factories
from tests.factories import NOW
from tests.statements import statements

DAY = timedelta(days=1)


def lived(days: int, **columns: object) -> Booking:
    """A booking so many days ago, with a line of history, a message and a reminder."""
    booking = factories.booking(starts_at=NOW - days * DAY, **columns)
    at = booking.starts_at - DAY
    booking.events.append(BookingEvent(kind=EventKind.BOOKED, actor=Actor.BOOKER, at=at))
    person = booking.attendees[0]
    sent = {"state": EmailState.SENT, "created_at": at, "sent_at": at, "attendee": person}
    email = Email(dedupe_key=f"booked-{booking.id}", kind="booked", **sent)
    booking.emails.append(email)
    db.session.flush()
    before = {"timing": Timing.BEFORE_START, "minutes": 60, "position": 0}
    booking.reminders.append(
        Reminder(
            rule=MessageRule(schedule=booking.schedule, **before),
            attendee=person,
            send_at=at,
            starts_at=booking.starts_at,
            state=ReminderState.SENT,
            email=email,
        )
    )
    db.session.commit()
    return booking


def kept(model: type[BookingEvent] | type[Email] | type[Reminder]) -> list[int]:
    return list(db.session.scalars(sa.select(model.booking_id).order_by(model.booking_id)))


def test_history_and_messages_go_when_their_time_is_over(app: Flask) -> None:
    app.config |= {"KEEP_HISTORY_DAYS": 100, "KEEP_MESSAGES_DAYS": 50}
    recent = lived(49)
    older = lived(99, schedule=recent.schedule)
    oldest = lived(101, schedule=recent.schedule)
    assert keeping.forget_old(NOW) == 3
    assert kept(BookingEvent) == [recent.id, older.id]
    assert kept(Email) == kept(Reminder) == [recent.id]
    assert db.session.get(Booking, oldest.id) is not None
    assert keeping.forget_old(NOW) == 0


def test_what_is_still_to_come_or_to_be_sent_stays_however_old(app: Flask) -> None:
    booking = lived(800)
    booking.ends_at, booking.hold.ends_at = NOW + DAY, NOW + DAY
    booking.hold.starts_at = NOW
    waiting = lived(900, schedule=booking.schedule)
    waiting.emails[0].state = EmailState.WAITING
    db.session.commit()
    assert keeping.forget_old(NOW) == 1
    assert kept(BookingEvent) == [booking.id]
    assert kept(Email) == [booking.id, waiting.id]


def test_what_failed_until_it_was_over_waits_no_more(app: Flask) -> None:
    old = lived(400, video_provider="zoom")
    recent = lived(3, schedule=old.schedule, video_provider="zoom")
    for booking in (old, recent):
        booking.meeting.failing_since = booking.starts_at - DAY
    db.session.commit()
    keeping.forget_old(NOW)
    assert old.meeting.failing_since is None
    assert recent.meeting.failing_since is not None


def test_messages_about_an_account_go_too(app: Flask) -> None:
    host: User = factories.host()
    for number, days in enumerate((364, 366)):
        at = NOW - days * DAY
        state = {"state": EmailState.FAILED, "created_at": at}
        db.session.add(Email(dedupe_key=str(number), kind="confirm", user=host, **state))
    db.session.commit()
    assert keeping.forget_old(NOW) == 1
    assert db.session.scalars(sa.select(Email.dedupe_key)).all() == ["0"]


def test_a_round_takes_a_small_step_and_the_next_one_goes_on(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "STEP", 1)
    first = lived(1000)
    second = lived(999, schedule=first.schedule)
    assert keeping.forget_old(NOW) == 2
    assert kept(BookingEvent) == kept(Email) == [second.id]
    assert keeping.forget_old(NOW) == 2
    assert kept(BookingEvent) == kept(Email) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_old_rows_are_found_by_indexes(app: Flask) -> None:
    lived(1)
    with statements() as asked:
        keeping.forget_old(NOW)
    run = db.session.connection().exec_driver_sql
    for statement in asked:
        values = tuple("2027" for _ in range(statement.count("?") - 1)) + (1,)
        steps = [str(row[-1]) for row in run(f"EXPLAIN QUERY PLAN {statement}", values)]
        assert not [one for one in steps if one.startswith("SCAN") or "TEMP" in one], steps
