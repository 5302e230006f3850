"""What a booking waits for before it counts: its booker's e-mail address, its host's answer.

Each verb locks the host first, so of two at once (two answers, an answer and the end of the time
for it, an answer and a cancellation) one comes first and counts, and the other finds out.
"""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bookme.bookings.history import line, record
from bookme.bookings.locking import locked
from bookme.bookings.messages import reminders
from bookme.bookings.messages.outbox import MessageKind, owe
from bookme.errors import BookingClosed, RequestMoved
from bookme.extensions import db
from bookme.models import (
    HELD_MINUTES,
    LEAST_ANSWER_MINUTES,
    Actor,
    Booking,
    BookingLink,
    BookingStatus,
    EventKind,
    Schedule,
)


def answer_by(schedule: Schedule, starts_at: datetime, *, now: datetime) -> datetime:
    """Until when a request waits for the host's answer.

    The host's time to answer, but never into the schedule's minimum notice before the start. The
    times on offer leave a quarter of an hour before that; whoever moves a request to another time
    leaves the host as much, or what there is until the start.
    """
    wanted = now + timedelta(minutes=schedule.answer_minutes)
    latest = starts_at - timedelta(minutes=schedule.notice_minutes)
    least = min(now + timedelta(minutes=LEAST_ANSWER_MINUTES), starts_at)
    return max(min(wanted, latest), least)


def begin(
    booking: Booking, *, by: Actor, now: datetime
) -> tuple[dict[str, Any] | None, MessageKind]:
    """Give a new booking its first state; return the first line of its history, if it has one yet,
    and the message that its people are owed. Nothing is written here.

    What the host books waits for nobody.
    """
    if by is Actor.BOOKER and booking.schedule.confirms_email:
        booking.status = BookingStatus.HELD
        booking.lapses_at = now + timedelta(minutes=HELD_MINUTES)
        booking.change(now)
        return None, MessageKind.CONFIRM
    event, kind = _admit(booking, by=by, now=now)
    return line(event, by, now, starts_at=booking.starts_at), kind


def confirm_email(booking: Booking, *, now: datetime) -> Booking:
    """Complete a booking whose booker has shown that the e-mail address is theirs. One that is
    complete stays as it is.

    :raises BookingClosed: if it was not confirmed in time, or its host is leaving.
    """
    booking = locked(booking)
    if booking.status is not BookingStatus.HELD:
        return booking
    db.session.refresh(booking.host)
    if booking.host.closing_at is not None or booking.host.paused_at is not None:
        raise BookingClosed(f"the host of {booking.reference} is leaving or paused")
    event, kind = _admit(booking, by=Actor.BOOKER, now=now)
    record(booking, event, Actor.BOOKER, now, starts_at=booking.starts_at)
    owe(booking, kind, now=now)
    reminders.plan(booking, now=now)
    return booking


def accept(booking: Booking, *, seen: datetime | None = None, now: datetime) -> Booking:
    """Confirm a request: meeting, calendar entry and messages follow by themselves. One that is
    confirmed stays as it is.

    :param seen: the start that the host was shown.
    :raises BookingClosed: if it is over, or was ended some other way;
        :class:`~bookme.errors.RequestMoved` if the booker has moved it since the host saw it.
    """
    booking = locked(booking)
    if booking.is_confirmed:
        return booking
    _refuse_unless_asked(booking, seen, now)
    booking.status, booking.lapses_at = BookingStatus.CONFIRMED, None
    record(booking, EventKind.ACCEPTED, Actor.HOST, now)
    booking.change(now)
    owe(booking, MessageKind.BOOKED, now=now)
    reminders.plan(booking, now=now)
    return booking


def decline(
    booking: Booking, *, reason: str = "", seen: datetime | None = None, now: datetime
) -> Booking:
    """Refuse a request and set its time free. One that is declined stays as it is.

    :param seen: the start that the host was shown.
    :raises BookingClosed: if it is over, or was answered or ended some other way;
        :class:`~bookme.errors.RequestMoved` as for :func:`accept`.
    """
    booking = locked(booking)
    if booking.status is BookingStatus.DECLINED:
        return booking
    _refuse_unless_asked(booking, seen, now)
    booking.cancel_reason = reason
    _end(booking, BookingStatus.DECLINED, Actor.HOST, now)
    record(booking, EventKind.DECLINED, Actor.HOST, now)
    owe(booking, MessageKind.DECLINED, now=now)
    db.session.flush()
    return booking


def lapse(booking: Booking, *, now: datetime) -> None:
    """End what was not answered in time: a request both sides know of is told as lapsed, and what
    was held for an e-mail address goes without a trace. Anything else stays as it is.
    """
    booking = locked(booking)
    if not booking.awaits_answer or booking.lapses_at is None or booking.lapses_at > now:
        return
    if booking.status is BookingStatus.HELD:
        release(booking)
        return
    _end(booking, BookingStatus.LAPSED, Actor.BOOKME, now)
    record(booking, EventKind.LAPSED, Actor.BOOKME, now)
    owe(booking, MessageKind.LAPSED, now=now)
    db.session.flush()


def release(booking: Booking) -> None:
    """Delete what was held for an e-mail address; a single-use link admits somebody again.

    The caller has locked the host.
    """
    of_it = sa.update(BookingLink).where(BookingLink.booking_id == booking.id)
    db.session.execute(of_it.values(uses_left=1, booking_id=None))
    db.session.delete(booking)
    db.session.flush()


def _admit(booking: Booking, *, by: Actor, now: datetime) -> tuple[EventKind, MessageKind]:
    """Let a booking count, or wait for its host; what its history says of it, and its messages."""
    booking.status, booking.lapses_at = BookingStatus.CONFIRMED, None
    event, kind = EventKind.BOOKED, MessageKind.BOOKED
    if by is Actor.BOOKER and booking.schedule.needs_approval:
        booking.status = BookingStatus.PENDING
        booking.lapses_at = answer_by(booking.schedule, booking.starts_at, now=now)
        event, kind = EventKind.REQUESTED, MessageKind.REQUESTED
    booking.change(now)
    return event, kind


def _refuse_unless_asked(booking: Booking, seen: datetime | None, now: datetime) -> None:
    if booking.status is not BookingStatus.PENDING or booking.is_over(now):
        raise BookingClosed(f"{booking.reference} is over or {booking.status}")
    if seen not in (None, booking.starts_at):
        raise RequestMoved(f"{booking.reference} was moved meanwhile")


def _end(booking: Booking, status: BookingStatus, by: Actor, now: datetime) -> None:
    booking.status, booking.lapses_at, booking.hold = status, None, None
    booking.cancelled_by, booking.cancelled_at = by, now
    booking.change(now)
    reminders.plan(booking, now=now)
