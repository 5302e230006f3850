from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from bookme.availability import Refusal
from bookme.bookings import service as bookings
from bookme.bookings.service import Booker
from bookme.errors import SlotTaken
from bookme.extensions import db
from bookme.models import (
    Booking,
    BookingStatus,
    Caller,
    Email,
    EventKind,
    Hold,
    LocationKind,
    MeetingState,
    Schedule,
)
from tests import factories

TUESDAY_NINE = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)
ANA = Booker(name="Ana Costa", email="Ana@Example.com", zone="Europe/Lisbon", notes="By bus.")


def book(
    schedule: Schedule, starts_at: datetime = TUESDAY_NINE, *, key: str = "key", email: str = ""
) -> Booking:
    booker = Booker(name="Bo", email=email, zone="UTC") if email else ANA
    return bookings.book(schedule, starts_at, booker, form_key=key, now=factories.NOW)


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def test_a_booking_stands_with_its_person_and_its_time(app: Flask, now: datetime) -> None:
    booking = book(factories.schedule(duration_minutes=45))
    db.session.commit()
    assert booking.status is BookingStatus.CONFIRMED
    assert booking.ends_at == TUESDAY_NINE + minutes(45)
    assert (booking.revision, booking.due_at, booking.created_at) == (1, now, now)
    assert booking.booker is not None
    assert (booking.booker.name, booking.booker.email) == ("Ana Costa", "ana@example.com")
    assert (booking.booker.zone, booking.booker.notes) == ("Europe/Lisbon", "By bus.")


def test_the_hold_has_the_buffers_around_it(app: Flask) -> None:
    booking = book(factories.schedule(buffer_before_minutes=10, buffer_after_minutes=15))
    assert booking.hold is not None
    assert booking.hold.starts_at == TUESDAY_NINE - minutes(10)
    assert booking.hold.ends_at == TUESDAY_NINE + minutes(45)


def test_reference_and_token_are_unlike_each_other_and_others(app: Flask) -> None:
    schedule = factories.schedule()
    one, two = book(schedule), book(schedule, TUESDAY_NINE + minutes(30), key="other")
    assert len({one.reference, one.token, two.reference, two.token}) == 4
    assert len(one.token) == 32  # 192 bits in base64


def test_a_booking_keeps_its_own_copy_of_the_schedule(app: Flask) -> None:
    schedule = factories.schedule(
        location_kind=LocationKind.PHONE,
        caller=Caller.BOOKER,
        phone="+351 21 000",
        meeting_options={"waiting_room": True},
    )
    booking = book(schedule)
    schedule.title, schedule.phone, schedule.meeting_options = "Changed", "none", {}
    db.session.commit()
    assert (booking.title, booking.phone, booking.meeting_options) == (
        "Intro call",
        "+351 21 000",
        {"waiting_room": True},
    )
    assert (booking.location_kind, booking.caller) == (LocationKind.PHONE, Caller.BOOKER)
    assert (booking.address, booking.zone) == ("1 Main Street", "UTC")


@pytest.mark.parametrize(
    ("own", "default", "expected"),
    [("zoom", None, "zoom"), (None, "zoom", "zoom"), (None, None, None)],
    ids=["its own", "the host's default", "none"],
)
def test_a_video_booking_gets_the_provider_of_the_moment(
    app: Flask, own: str | None, default: str | None, expected: str | None
) -> None:
    host = factories.host(default_video_provider=default)
    booking = book(
        factories.schedule(host=host, location_kind=LocationKind.VIDEO, video_provider=own)
    )
    meeting = booking.meeting
    assert booking.video_provider == expected
    assert (meeting and (meeting.provider, meeting.state)) == (
        expected and (expected, MeetingState.WAITING)
    )


def test_no_meeting_is_planned_in_person(app: Flask) -> None:
    host = factories.host(default_video_provider="zoom")
    booking = book(factories.schedule(host=host, location_kind=LocationKind.IN_PERSON))
    assert booking.meeting is None
    assert booking.video_provider is None


def test_booker_and_host_are_owed_a_message_each(app: Flask) -> None:
    booking = book(factories.schedule())
    db.session.commit()
    owed = db.session.scalars(db.select(Email)).all()
    assert [(email.kind, email.revision) for email in owed] == [("booked", 1)] * 2
    assert {email.attendee for email in owed} == {booking.booker, None}
    assert {email.user for email in owed} == {booking.host, None}


def test_the_history_begins(app: Flask) -> None:
    booking = book(factories.schedule())
    assert [event.kind for event in booking.events] == [EventKind.BOOKED]
    assert booking.events[0].facts == {"starts_at": "2027-03-02T09:00:00+00:00"}


@pytest.mark.parametrize(
    ("starts_at", "columns", "reason"),
    [
        (factories.NOW - minutes(30), {}, Refusal.PAST),
        (TUESDAY_NINE, {"notice_minutes": 26 * 60}, Refusal.NOTICE),
        (TUESDAY_NINE + timedelta(days=60), {}, Refusal.HORIZON),
        (TUESDAY_NINE + minutes(10), {}, Refusal.OFF_GRID),
        (TUESDAY_NINE + timedelta(seconds=1), {}, Refusal.OFF_GRID),
        (TUESDAY_NINE - minutes(30), {}, Refusal.OUTSIDE),
        (TUESDAY_NINE + minutes(150), {"duration_minutes": 60}, Refusal.OUTSIDE),
        (TUESDAY_NINE, {"overrides": {"2027-03-02": []}}, Refusal.OUTSIDE),
        (TUESDAY_NINE, {"active": False}, "closed"),
        (TUESDAY_NINE, {"deleted_at": factories.NOW}, "closed"),
        (datetime(1, 1, 1, tzinfo=UTC), {}, Refusal.PAST),
        (datetime(9999, 12, 31, 23, 59, tzinfo=UTC), {}, Refusal.HORIZON),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_is_not_on_offer_is_refused_with_the_reason(
    app: Flask, starts_at: datetime, columns: dict[str, object], reason: str
) -> None:
    with pytest.raises(SlotTaken) as caught:
        book(factories.schedule(**columns), starts_at)
    assert caught.value.reason == reason
    assert db.session.scalar(db.select(db.func.count(Booking.id))) == 0


@pytest.mark.parametrize("columns", [{"email_confirmed_at": None}, {"closing_at": factories.NOW}])
def test_a_host_who_is_not_published_is_not_booked(app: Flask, columns: dict[str, object]) -> None:
    schedule = factories.schedule(host=factories.host(**columns))
    with pytest.raises(SlotTaken) as caught:
        book(schedule)
    assert caught.value.reason == "closed"
    assert bookings.next_slot(schedule, now=factories.NOW) is None


@pytest.mark.parametrize(
    ("limit", "second"),
    [("max_per_day", minutes(30)), ("max_per_week", timedelta(days=2))],
)
def test_a_limit_refuses_one_more(app: Flask, limit: str, second: timedelta) -> None:
    schedule = factories.schedule(**{limit: 1})
    book(schedule)
    with pytest.raises(SlotTaken) as caught:
        book(schedule, TUESDAY_NINE + second, key="other")
    assert caught.value.reason is Refusal.LIMIT


MONDAY, SUNDAY = (datetime(2027, 3, 8, 9, 0, tzinfo=UTC), datetime(2027, 3, 14, 11, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("booked", "asked"), [(MONDAY, SUNDAY), (SUNDAY, MONDAY)], ids=["Monday", "Sunday"]
)
def test_a_weeks_limit_counts_from_its_monday_to_its_sunday(
    app: Flask, booked: datetime, asked: datetime
) -> None:
    schedule = factories.schedule(max_per_week=1, week=[[[540, 720]]] * 7)
    book(schedule, booked)
    assert bookings.open_slots(schedule, asked, asked + minutes(1), now=factories.NOW) == []
    with pytest.raises(SlotTaken) as caught:
        book(schedule, asked, key="other")
    assert caught.value.reason is Refusal.LIMIT
    assert book(schedule, asked + timedelta(days=7), key="another").is_confirmed


def test_the_databases_refusal_of_an_overlap_is_a_slot_that_was_taken(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = factories.schedule()
    book(schedule)
    db.session.commit()
    monkeypatch.setattr("bookme.bookings.service.refusal", lambda *_args, **_named: None)
    with pytest.raises(SlotTaken) as caught:
        book(schedule, key="other")
    assert caught.value.reason is Refusal.TAKEN
    book(schedule, TUESDAY_NINE + minutes(30), key="another")
    db.session.commit()  # whoever commits after all writes nothing of what was refused
    assert db.session.scalar(db.select(db.func.count(Booking.id))) == 2


def test_a_limit_counts_pending_bookings(app: Flask) -> None:
    schedule = factories.schedule(max_per_day=1)
    factories.booking(schedule=schedule, status=BookingStatus.PENDING)
    with pytest.raises(SlotTaken) as caught:
        book(schedule, TUESDAY_NINE + minutes(60))
    assert caught.value.reason is Refusal.LIMIT


def test_a_limit_counts_neither_cancelled_bookings_nor_other_schedules(app: Flask) -> None:
    schedule = factories.schedule(max_per_day=1)
    other = factories.schedule(host=schedule.host, slug="other")
    factories.booking(schedule=schedule, status=BookingStatus.CANCELLED)
    factories.booking(schedule=other, starts_at=TUESDAY_NINE + minutes(60))
    assert book(schedule).is_confirmed


def test_taken_time_is_refused_also_by_the_hosts_other_schedules(app: Flask) -> None:
    schedule = factories.schedule()
    other = factories.schedule(host=schedule.host, slug="other")
    book(schedule)
    with pytest.raises(SlotTaken) as caught:
        book(other, key="other")
    assert caught.value.reason is Refusal.TAKEN


def test_buffers_of_neighbours_add_up(app: Flask) -> None:
    schedule = factories.schedule(step_minutes=5, buffer_before_minutes=10, buffer_after_minutes=5)
    book(schedule)  # to 09:30, held to 09:35
    with pytest.raises(SlotTaken):
        book(schedule, TUESDAY_NINE + minutes(40), key="too near")
    assert book(schedule, TUESDAY_NINE + minutes(45), key="near").is_confirmed


def test_two_hosts_do_not_stand_in_each_others_way(app: Flask) -> None:
    book(factories.schedule())
    other = factories.schedule(host=factories.host(another=True))
    assert book(other, key="other").is_confirmed


def test_the_same_form_again_gives_the_booking_already_made(app: Flask) -> None:
    schedule = factories.schedule()
    first = book(schedule, email="bo@example.com")
    assert book(schedule, email="BO@example.com") is first
    assert book(schedule, TUESDAY_NINE + minutes(30), email="bo@example.com") is first
    assert db.session.scalar(db.select(db.func.count(Hold.id))) == 1


@pytest.mark.parametrize(
    ("key", "email"), [("other", "bo@example.com"), ("key", "other@example.com")]
)
def test_another_form_or_another_person_is_another_booking(
    app: Flask, key: str, email: str
) -> None:
    schedule = factories.schedule()
    book(schedule, email="bo@example.com")
    with pytest.raises(SlotTaken):
        book(schedule, key=key, email=email)


def test_a_form_key_leads_to_no_booking_of_another_schedule(app: Flask) -> None:
    schedule = factories.schedule()
    other = factories.schedule(host=factories.host(another=True))
    assert book(schedule) is not book(other)


def test_after_a_refusal_the_transaction_is_usable(app: Flask) -> None:
    schedule = factories.schedule()
    book(schedule)
    with pytest.raises(SlotTaken):
        book(schedule, key="other")
    book(schedule, TUESDAY_NINE + minutes(30), key="other")
    db.session.commit()
    assert db.session.scalar(db.select(db.func.count(Booking.id))) == 2
