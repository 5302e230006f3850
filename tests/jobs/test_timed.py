"""Bookings whose time has come are woken by the sweep."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask

from bookme.extensions import db
from bookme.jobs import timed
from bookme.jobs.processes import sweep
from bookme.models import Booking, BookingStatus, MessageRule, Reminder, ReminderState, Timing
from tests import factories
from tests.conftest import NOW

SOON = timedelta(days=40)


def reminder(booking: Booking, **columns: object) -> Reminder:
    rule = MessageRule(
        schedule_id=booking.schedule_id, position=0, timing=Timing.BEFORE_START, minutes=60
    )
    db.session.add(rule)
    db.session.flush()
    values = {"send_at": NOW + SOON, "starts_at": booking.starts_at} | columns
    row = Reminder(booking_id=booking.id, rule_id=rule.id, user_id=booking.host_id, **values)
    db.session.add(row)
    db.session.commit()
    return row


def test_a_booking_is_woken_once_its_reminder_is_due(app: Flask) -> None:
    booking = factories.booking()
    reminder(booking)
    assert timed.wake(NOW + SOON - timedelta(seconds=1)) == 0
    assert booking.due_at is None
    assert timed.wake(NOW + SOON) == 1
    db.session.expire_all()
    assert booking.due_at == NOW + SOON
    assert timed.wake(NOW + SOON + timedelta(seconds=1)) == 0


def test_what_was_sent_or_dropped_wakes_nobody(app: Flask) -> None:
    booking = factories.booking()
    for state in (ReminderState.SENT, ReminderState.DROPPED):
        reminder(booking, state=state, send_at=NOW)
    assert timed.wake(NOW) == 0


def test_both_rounds_of_the_sweep_wake_a_booking_that_lapses(app: Flask) -> None:
    for number, act in enumerate((sweep.look_once, sweep.sweep_once)):
        booking = factories.booking(
            schedule=factories.schedule(host=factories.host(another=True)),
            status=BookingStatus.PENDING,
            lapses_at=NOW + timedelta(minutes=number),
        )
        act(NOW + timedelta(minutes=number))
        db.session.expire_all()
        assert booking.due_at == NOW + timedelta(minutes=number)


def test_a_look_reads_no_more_than_has_come(app: Flask) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        asked.append((statement, values))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    assert timed.wake(NOW) == 0
    sa.event.remove(db.engine, "before_cursor_execute", note)
    statement, values = next((s, v) for s, v in asked if "reminder" in s)
    connection, explain = db.session.connection(), "EXPLAIN QUERY PLAN "
    if db.engine.dialect.name == "postgresql":  # which reads small tables as a whole
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN "
    plan = str(connection.exec_driver_sql(explain + statement, values).all())
    assert "ix_reminder_waiting" in plan
    assert "ix_booking_lapses_at" in plan
