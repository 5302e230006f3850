"""The rows of messages at times: made and dropped with each change of the booking, and turned into
messages that are owed once their time has come.

Unlike news they are void afterwards: a reminder says nothing once the appointment has begun, and
nobody gets one for a time that was left.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa

from bookme import outbox
from bookme.bookings.messages.timed import (
    TimedKind,
    Times,
    deadline,
    kind_of,
    stands,
    wanted,
    willing,
)
from bookme.errors import BookingClosed
from bookme.extensions import db
from bookme.models import (
    Attendee,
    Booking,
    Email,
    MessageRule,
    Reminder,
    ReminderState,
    User,
)

#: After a reminder that was sent by hand, how long it takes until another can be.
AGAIN_AFTER = timedelta(minutes=10)
_BY_HAND = "by_hand"
#: Built once: every change of a booking asks for them.
_RULES = (
    sa.select(MessageRule)
    .where(MessageRule.schedule_id == sa.bindparam("schedule_id"))
    .order_by(MessageRule.id)
    .with_for_update(read=True, key_share=True)
)


def plan(booking: Booking, *, now: datetime) -> bool:
    """Make, move and drop a booking's waiting messages, so that they fit the booking and its
    schedule's rules as they are. Called with each change; flushes.

    Whoever calls it has locked the booking: by its lease, or by writing to it, which is flushed
    first. Then the rules are kept from being deleted, and only then a row is written: so nobody
    waits for somebody who waits for them.

    :return: whether the schedule has rules; without them there are no messages, which go with them.
    """
    db.session.flush()
    rules = _rules(booking)
    left = _unsent(booking) if rules else {}
    for one in wanted(booking, rules):
        attendee_id, user_id = _ids(one.reader)
        row = left.pop((one.rule.id, attendee_id, user_id), None)
        if not stands(one.times, _planned(row), now=now):
            _drop([row] if row is not None else [])
            continue
        if row is None:
            row = Reminder(booking_id=booking.id, rule_id=one.rule.id)
            row.attendee_id, row.user_id = attendee_id, user_id
            db.session.add(row)
        row.send_at, row.starts_at = one.times.send_at, one.times.starts_at
        row.state = ReminderState.WAITING
    _drop(left.values())
    db.session.flush()
    db.session.expire(booking, ["reminders"])
    return bool(rules)


def release(booking: Booking, *, now: datetime) -> list[Reminder]:
    """Turn the waiting messages whose time has come into messages that are owed; return those for
    which it is too late. Flushes.

    Called after :func:`plan`, in one transaction: so what is released is right at this moment.
    """
    too_late = []
    for row in booking.reminders:
        if row.state is not ReminderState.WAITING or row.send_at > now:
            continue
        kind, times = kind_of(row.rule), Times(row.send_at, row.starts_at)
        if now >= deadline(kind, times):
            row.state = ReminderState.DROPPED
            too_late.append(row)
            continue
        reader = row.attendee or row.user or booking.host
        key = f"{row.rule.timing}.{row.rule.minutes}"
        row.email = _owe(booking, reader, kind, key, times, rule=row.rule.id, now=now)
        row.state = ReminderState.SENT
    db.session.flush()
    return too_late


def can_send_now(booking: Booking, *, now: datetime) -> bool:
    """Whether a reminder says something, and to somebody."""
    return booking.is_confirmed and now < booking.starts_at and bool(willing(booking))


def send_now(booking: Booking, *, now: datetime) -> bool:
    """Owe the booker and the guests a reminder at once, because the host has asked for it; return
    whether it is sent. None is within :data:`AGAIN_AFTER` of the last: pressed twice, it is sent
    once.

    :raises BookingClosed: if the booking isn't confirmed, the appointment has begun, or nobody
        wants reminders.
    """
    db.session.refresh(booking, with_for_update={"key_share": True, "of": Booking})
    if not can_send_now(booking, now=now):
        raise BookingClosed(f"{booking.reference} has nobody to remind, or is {booking.status}")
    if _was_sent_lately(booking, now):
        return False
    key = f"{_BY_HAND}.{int(now.timestamp())}"
    times = Times(now, booking.starts_at)
    for reader in willing(booking):
        _owe(booking, reader, TimedKind.REMINDER, key, times, rule=None, now=now)
    booking.due_at, booking.queued_at = now, None
    db.session.flush()
    return True


def stop(reader: Attendee, *, now: datetime) -> None:
    """End the messages of a booking to one reader, because that reader has asked for it."""
    lock(reader.booking)
    reader.reminders_off_at = reader.reminders_off_at or now
    plan(reader.booking, now=now)


def waits_for(reader: Attendee) -> bool:
    """Whether a message of the booking is still to go to this reader."""
    waiting = sa.exists().where(
        Reminder.attendee_id == reader.id, Reminder.state == ReminderState.WAITING
    )
    return bool(db.session.scalar(sa.select(waiting)))


def lock(booking: Booking) -> None:
    """Lock a booking for :func:`plan`, before something is written that it goes by."""
    ours = sa.select(Booking.id).where(Booking.id == booking.id)
    db.session.execute(ours.with_for_update(key_share=True))


def _rules(booking: Booking) -> list[MessageRule]:
    return list(db.session.scalars(_RULES, {"schedule_id": booking.schedule_id}))


def _unsent(booking: Booking) -> dict[tuple[int, int | None, int | None], Reminder]:
    """A booking's rows that have not become messages, by rule and reader."""
    query = sa.select(Reminder).where(
        Reminder.booking_id == booking.id, Reminder.state != ReminderState.SENT
    )
    rows = db.session.scalars(query.execution_options(populate_existing=True))
    return {(row.rule_id, row.attendee_id, row.user_id): row for row in rows}


def _ids(reader: Attendee | User) -> tuple[int | None, int | None]:
    return (None, reader.id) if isinstance(reader, User) else (reader.id, None)


def _planned(row: Reminder | None) -> Times | None:
    if row is None or row.state is not ReminderState.WAITING:
        return None
    return Times(row.send_at, row.starts_at)


def _drop(rows: Iterable[Reminder]) -> None:
    for row in rows:
        row.state = ReminderState.DROPPED


def _owe(
    booking: Booking,
    reader: Attendee | User,
    kind: TimedKind,
    key: str,
    times: Times,
    *,
    rule: int | None,
    now: datetime,
) -> Email:
    """A message that is owed, or is owed already: its key tells it by what it says to whom, so that
    none is owed twice, whatever becomes of the rows.
    """
    end = "host" if isinstance(reader, User) else f"attendee{reader.id}"
    whole = f"{booking.reference}.{key}.{int(times.starts_at.timestamp())}.{end}"
    owed = db.session.scalar(sa.select(Email).where(Email.dedupe_key == whole))
    if owed is not None:
        return owed
    instants = {"send_at": times.send_at.isoformat(), "starts_at": times.starts_at.isoformat()}
    facts = {**instants, "rule": rule}
    return outbox.owe(kind, reader, booking, key=whole, now=now, facts=facts)


def _was_sent_lately(booking: Booking, now: datetime) -> bool:
    lately = sa.exists().where(
        Email.booking_id == booking.id,
        Email.created_at > now - AGAIN_AFTER,
        Email.dedupe_key.startswith(f"{booking.reference}.{_BY_HAND}."),
    )
    return bool(db.session.scalar(sa.select(lately)))
