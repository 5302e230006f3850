from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from bookme.availability import Refusal
from bookme.bookings import service as bookings
from bookme.errors import BookingClosed, SlotTaken
from bookme.extensions import db
from bookme.models import Actor, Booking, BookingStatus, Email, EventKind, Hold
from tests import factories

NINE = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
HALF_HOUR = timedelta(minutes=30)
NOW = factories.NOW


def move(booking: Booking, starts_at: datetime = TEN, by: Actor = Actor.BOOKER) -> Booking:
    return bookings.reschedule(booking, starts_at, by=by, now=NOW)


def test_a_moved_booking_takes_its_new_time_and_frees_the_old(app: Flask) -> None:
    booking = factories.booking()
    move(booking)
    db.session.commit()
    assert (booking.starts_at, booking.ends_at) == (TEN, TEN + HALF_HOUR)
    assert (booking.revision, booking.due_at) == (2, NOW)
    starts = bookings.open_slots(booking.schedule, NINE, TEN + HALF_HOUR, now=NOW)
    assert starts == [NINE, NINE + HALF_HOUR]


def test_a_move_keeps_one_hold(app: Flask) -> None:
    booking = factories.booking()
    hold = booking.hold.id
    move(booking)
    db.session.commit()
    assert [row.id for row in db.session.scalars(db.select(Hold))] == [hold]


@pytest.mark.parametrize("by", [Actor.BOOKER, Actor.HOST])
def test_a_move_is_told_and_remembered(app: Flask, by: Actor) -> None:
    booking = factories.booking()
    move(booking, by=by)
    event = booking.events[-1]
    assert (event.kind, event.actor) == (EventKind.MOVED, by)
    assert event.facts == {"before": NINE.isoformat(), "starts_at": TEN.isoformat()}
    owed = db.session.scalars(db.select(Email)).all()
    assert [(email.kind, email.revision) for email in owed] == [("moved", 2)] * 2


def test_its_own_hold_is_not_in_the_way_of_a_move(app: Flask) -> None:
    schedule = factories.schedule(step_minutes=5, buffer_before_minutes=15)
    booking = factories.booking(schedule=schedule)
    assert move(booking, NINE + timedelta(minutes=5)).starts_at == NINE + timedelta(minutes=5)


def test_its_own_place_in_a_limit_is_not_in_the_way_of_a_move(app: Flask) -> None:
    booking = factories.booking(schedule=factories.schedule(max_per_day=1, max_per_week=1))
    assert move(booking).starts_at == TEN


def test_the_same_start_again_changes_nothing(app: Flask) -> None:
    booking = factories.booking()
    move(booking, NINE)
    assert (booking.revision, booking.due_at, booking.events) == (1, None, [])


def test_a_move_keeps_the_length_that_was_booked(app: Flask) -> None:
    booking = factories.booking()
    booking.schedule.duration_minutes = 60
    last = datetime(2027, 3, 2, 11, 30, tzinfo=UTC)  # too late for an hour
    db.session.commit()
    assert move(booking, last).ends_at == last + HALF_HOUR


@pytest.mark.parametrize("by", [Actor.BOOKER, Actor.HOST])
@pytest.mark.parametrize(
    ("starts_at", "columns", "reason"),
    [
        (NOW - HALF_HOUR, {}, Refusal.PAST),
        (TEN, {"notice_minutes": 28 * 60}, Refusal.NOTICE),
        (TEN + timedelta(days=60), {}, Refusal.HORIZON),
        (TEN + timedelta(minutes=1), {}, Refusal.OFF_GRID),
        (NINE - HALF_HOUR, {}, Refusal.OUTSIDE),
        (TEN, {"active": False}, "closed"),
    ],
    ids=["past", "notice", "horizon", "off the grid", "outside", "closed"],
)
def test_a_move_obeys_the_rules_of_new_bookings(
    app: Flask, starts_at: datetime, columns: dict[str, object], reason: str, by: Actor
) -> None:
    booking = factories.booking(schedule=factories.schedule(**columns))
    with pytest.raises(SlotTaken) as caught:
        move(booking, starts_at, by)
    assert caught.value.reason == reason
    assert booking.starts_at == NINE


def test_a_move_onto_anothers_time_is_refused(app: Flask) -> None:
    booking = factories.booking()
    factories.booking(schedule=booking.schedule, starts_at=TEN)
    with pytest.raises(SlotTaken) as caught:
        move(booking)
    assert caught.value.reason is Refusal.TAKEN


@pytest.mark.parametrize("status", [BookingStatus.CANCELLED, BookingStatus.DECLINED])
def test_what_was_ended_is_not_moved(app: Flask, status: BookingStatus) -> None:
    with pytest.raises(BookingClosed):
        move(factories.booking(status=status))


def test_what_is_over_is_neither_moved_nor_cancelled(app: Flask) -> None:
    booking = factories.booking(starts_at=NOW - HALF_HOUR)
    with pytest.raises(BookingClosed):
        move(booking)
    with pytest.raises(BookingClosed):
        bookings.cancel(booking, by=Actor.HOST, now=NOW)
    assert booking.is_confirmed


def test_what_has_begun_can_still_be_cancelled(app: Flask) -> None:
    booking = factories.booking(starts_at=NOW - timedelta(minutes=29))
    assert bookings.cancel(booking, by=Actor.BOOKER, now=NOW).status is BookingStatus.CANCELLED


def test_a_cancelled_booking_frees_its_time(app: Flask) -> None:
    booking = factories.booking()
    bookings.cancel(booking, by=Actor.HOST, reason="Ill", now=NOW)
    db.session.commit()
    assert (booking.status, booking.hold) == (BookingStatus.CANCELLED, None)
    assert (booking.cancelled_by, booking.cancelled_at) == (Actor.HOST, NOW)
    assert (booking.cancel_reason, booking.revision, booking.due_at) == ("Ill", 2, NOW)
    assert bookings.refusal(booking.schedule, NINE, now=NOW) is None


def test_a_cancellation_is_told_and_remembered(app: Flask) -> None:
    booking = factories.booking()
    bookings.cancel(booking, by=Actor.BOOKER, now=NOW)
    assert (booking.events[-1].kind, booking.events[-1].actor) == (
        EventKind.CANCELLED,
        Actor.BOOKER,
    )
    assert [email.kind for email in db.session.scalars(db.select(Email))] == ["cancelled"] * 2


def test_cancelling_twice_is_cancelling_once(app: Flask) -> None:
    booking = factories.booking()
    bookings.cancel(booking, by=Actor.BOOKER, reason="Ill", now=NOW)
    bookings.cancel(booking, by=Actor.HOST, reason="Again", now=NOW)
    assert (booking.cancelled_by, booking.cancel_reason) == (Actor.BOOKER, "Ill")
    assert booking.revision == 2
    assert len(booking.events) == 1


def test_a_declined_booking_is_not_cancelled(app: Flask) -> None:
    with pytest.raises(BookingClosed):
        bookings.cancel(factories.booking(status=BookingStatus.DECLINED), by=Actor.HOST, now=NOW)
