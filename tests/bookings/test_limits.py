"""Limits over all of a host's schedules, and the cap of one booker."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from bookme.availability import Refusal
from bookme.bookings import service as bookings
from bookme.bookings.service import Booker
from bookme.bookings.slots import LENGTH
from bookme.errors import SlotTaken
from bookme.models import Actor, Booking, BookingStatus, Schedule
from tests import factories
from tests.factories import NOW

DAY = timedelta(days=1)
AT = NOW + DAY + timedelta(hours=1)  # Tuesday, 9:00 UTC


def book(
    schedule: Schedule, at: datetime, email: str = "ana@example.com", minutes: int | None = None
) -> Booking:
    who = Booker(name="Ana Costa", email=email, zone="UTC")
    key = f"{at}{email}{schedule.id}"
    return bookings.book(schedule, at, who, form_key=key, now=NOW, minutes=minutes)


def refused(schedule: Schedule, at: datetime, email: str = "ana@example.com") -> str:
    with pytest.raises(SlotTaken) as error:
        book(schedule, at, email)
    return error.value.reason


def test_a_hosts_limit_counts_all_schedules_in_the_hosts_zone(app: Flask) -> None:
    host = factories.host(zone="Pacific/Auckland", max_per_day=1)
    schedule = factories.schedule(host=host, week=[[[0, 1440]]] * 7)
    other = factories.schedule(host=host, slug="other", week=[[[0, 1440]]] * 7)
    stranger = factories.schedule(host=factories.host(another=True))
    factories.booking(schedule=stranger)
    morning = datetime.fromisoformat("2027-03-02T11:00Z")  # the 3rd begins in Auckland
    book(other, morning).status = BookingStatus.PENDING
    assert refused(schedule, morning + timedelta(hours=23)) == Refusal.HOST_LIMIT
    first = bookings.open_slots(schedule, morning, morning + 2 * DAY, now=NOW)[0]
    assert first == morning + DAY
    bookings.reschedule(
        book(schedule, first), first - timedelta(minutes=30) + DAY, by=Actor.HOST, now=NOW
    )


def test_a_hosts_week_begins_on_its_monday(app: Flask) -> None:
    host = factories.host(max_per_week=2)
    schedule, other = (factories.schedule(host=host, slug=slug) for slug in ("one", "two"))
    for one, days in ((schedule, 0), (other, 3)):
        book(one, AT + days * DAY)
    assert refused(other, AT + DAY) == Refusal.HOST_LIMIT
    book(other, AT + 6 * DAY)


def test_one_booker_holds_no_more_than_the_cap(app: Flask) -> None:
    schedule = factories.schedule(max_per_booker=1)
    other = factories.schedule(host=schedule.host, slug="other", max_per_booker=1)
    made = book(schedule, AT)
    assert refused(schedule, AT + DAY, "Ana@Example.com") == Refusal.BOOKER_LIMIT
    bookings.reschedule(made, AT + DAY, by=Actor.BOOKER, now=NOW)
    book(other, AT)
    book(schedule, AT + 2 * DAY, "bo@example.com")
    shown = bookings.open_slots(schedule, NOW, AT + DAY, now=NOW)
    assert shown
    assert refused(schedule, shown[0]) == Refusal.BOOKER_LIMIT
    bookings.cancel(made, by=Actor.BOOKER, now=NOW)
    again = book(schedule, shown[0])
    later = again.starts_at + timedelta(minutes=1)
    reason = bookings.refusal(schedule, AT + 3 * DAY, now=later, email="ana@example.com")
    assert reason is None, "an appointment that has begun is not still to come"


def test_a_booking_takes_the_chosen_length_and_keeps_it(app: Flask) -> None:
    schedule = factories.schedule(durations=[15, 30, 90], buffer_after_minutes=15)
    made = book(schedule, AT, minutes=90)
    assert made.ends_at - made.starts_at == timedelta(minutes=90)
    assert made.hold is not None
    assert made.hold.ends_at - made.ends_at == timedelta(minutes=15)
    schedule.durations = [30]
    bookings.reschedule(made, AT + DAY, by=Actor.BOOKER, now=NOW)
    assert made.ends_at - made.starts_at == timedelta(minutes=90)
    end = AT + DAY
    assert len(bookings.open_slots(schedule, AT, end, now=NOW, minutes=30)) == 6
    for never in (90, 31, 0):
        assert bookings.open_slots(schedule, AT, end, now=NOW, minutes=never) == []
        assert bookings.refusal(schedule, AT, now=NOW, minutes=never) == LENGTH
