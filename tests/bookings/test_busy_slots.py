"""Calendars that are checked for conflicts, and the times on offer."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bookme.bookings import service as bookings
from bookme.bookings.service import Booker
from bookme.bookings.slots import BLIND
from bookme.errors import SlotTaken
from bookme.extensions import db
from bookme.models import (
    Actor,
    Calendar,
    CalendarEntry,
    Connection,
    ConnectionStatus,
    Schedule,
)
from tests import factories
from tests.conftest import NOW
from tests.jobs.calendars.cloud_calendars import busy, calendar, connected

#: Tuesday 2 March 2027, 9:00 to 12:00, when the schedule is open.
OPENS = NOW + timedelta(days=1, hours=1)
HALF = timedelta(minutes=30)
HOUR = timedelta(hours=1)


@pytest.fixture
def schedule(app: Flask) -> Schedule:
    made: Schedule = factories.schedule()
    return made


@pytest.fixture
def main(schedule: Schedule) -> Calendar:
    """The host's calendar, read just now."""
    return calendar(connected(schedule.host), read_at=NOW, read_until=NOW + timedelta(days=63))


def offered(schedule: Schedule, now: datetime = NOW, **rest: Any) -> list[str]:
    """The times on offer on that Tuesday."""
    starts = bookings.open_slots(schedule, OPENS, OPENS + 3 * HOUR, now=now, **rest)
    return [f"{start:%H:%M}" for start in starts]


FREE = ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30"]


def test_busy_times_are_not_offered(schedule: Schedule, main: Calendar) -> None:
    busy(main, OPENS + HALF, 45)
    assert offered(schedule) == ["09:00", "10:30", "11:00", "11:30"]
    assert bookings.refusal(schedule, OPENS + HALF, now=NOW) == "taken"
    assert bookings.refusal(schedule, OPENS, now=NOW) is None


def test_one_that_began_long_ago_counts(schedule: Schedule, main: Calendar) -> None:
    busy(main, NOW - timedelta(days=40), 60 * 24 * 60)
    assert offered(schedule) == []


def test_one_that_ends_before_it_begins_takes_no_time(schedule: Schedule, main: Calendar) -> None:
    busy(main, OPENS, 120)
    busy(main, OPENS + 3 * HALF, -60)
    assert offered(schedule) == ["11:00", "11:30"]


def test_buffers_keep_clear_of_busy_times(schedule: Schedule, main: Calendar) -> None:
    schedule.buffer_after_minutes = 15
    db.session.commit()
    busy(main, OPENS + 2 * HALF)
    assert offered(schedule) == ["09:00", "10:30", "11:00", "11:30"]


@pytest.mark.parametrize("what", ["unchecked", "disconnected", "another host's"])
def test_other_calendars_do_not_count(schedule: Schedule, main: Calendar, what: str) -> None:
    busy(main, OPENS)
    if what == "unchecked":
        main.is_checked = False
    elif what == "disconnected":
        main.connection.status = ConnectionStatus.INACTIVE
    else:
        main.host_id = factories.host(another=True).id
    db.session.commit()
    assert offered(schedule) == FREE


def entry_of(booking: Any, entry_id: str, provider: str = "google") -> CalendarEntry:
    booking.entry = CalendarEntry(provider=provider, external_id=entry_id, made_at=NOW)
    db.session.commit()
    return booking.entry


def test_an_own_entry_never_blocks_its_move(schedule: Schedule, main: Calendar) -> None:
    booking = factories.booking(schedule=schedule, starts_at=OPENS)
    entry_of(booking, "ours")
    busy(main, OPENS, entry_id="ours")
    busy(main, OPENS + HALF, entry_id="else")
    assert offered(schedule, moving=booking) == [FREE[0], *FREE[2:]]
    moved = bookings.reschedule(booking, OPENS + 2 * HALF, by=Actor.BOOKER, now=NOW)
    assert moved.starts_at == OPENS + 2 * HALF


def test_a_reading_from_before_a_removal_blocks_nothing(schedule: Schedule, main: Calendar) -> None:
    booking = factories.booking(schedule=schedule, starts_at=OPENS)
    entry_of(booking, "ours")
    busy(main, OPENS, entry_id="ours")
    bookings.cancel(booking, by=Actor.HOST, now=NOW)
    assert booking.entry is not None
    booking.entry.made_at = None  # as its removal leaves it
    db.session.commit()
    assert offered(schedule) == FREE


@pytest.mark.parametrize("whose", ["another host's", "another provider's"])
def test_an_entry_of_the_same_id_elsewhere_is_not_ours(
    schedule: Schedule, main: Calendar, whose: str
) -> None:
    host = schedule.host if whose == "another provider's" else factories.host(another=True)
    other = factories.schedule(host=host, slug="other")
    booking = factories.booking(schedule=other, starts_at=OPENS + timedelta(days=1))
    entry_of(booking, "same", "microsoft" if whose == "another provider's" else "google")
    busy(main, OPENS, entry_id="same")
    assert offered(schedule) == FREE[1:]


def test_what_was_not_read_is_not_offered(schedule: Schedule, main: Calendar) -> None:
    main.read_until = OPENS + 3 * HALF
    db.session.commit()
    assert offered(schedule) == FREE[:3]
    assert bookings.refusal(schedule, OPENS + 3 * HALF, now=NOW) == "taken"


@pytest.mark.parametrize(
    ("failing", "minutes", "is_offered"),
    [
        ({"failing_since": NOW}, 59, True),
        ({"failing_since": NOW}, 60, False),
        ({"failing_since": None}, 60 * 24, True),
        ({"failing_since": NOW, "is_checked": False}, 600, True),
    ],
    ids=["not yet", "an hour later", "works", "not checked"],
)
def test_an_hour_of_failures_closes(
    schedule: Schedule, main: Calendar, failing: dict[str, Any], minutes: int, is_offered: bool
) -> None:
    for name, value in failing.items():
        setattr(main, name, value)
    db.session.commit()
    now = NOW + timedelta(minutes=minutes)
    begin = now + timedelta(days=1)
    shown = bookings.open_slots(schedule, begin, begin + timedelta(days=7), now=now)
    assert bool(shown) is is_offered
    asked = shown[0] if shown else OPENS + timedelta(days=1)
    assert bookings.refusal(schedule, asked, now=now) == (None if is_offered else BLIND)
    assert (bookings.next_slot(schedule, now=now) is not None) is is_offered


@pytest.mark.parametrize(
    ("status", "minutes", "is_offered"),
    [
        (ConnectionStatus.NEEDS_RECONNECT, 59, True),
        (ConnectionStatus.NEEDS_RECONNECT, 60, False),
        (ConnectionStatus.ACTIVE, 60, True),
    ],
)
def test_an_hour_without_a_connection_closes(
    schedule: Schedule, main: Calendar, status: ConnectionStatus, minutes: int, is_offered: bool
) -> None:
    connection = db.session.get_one(Connection, main.connection_id)
    connection.status, connection.problem_at = status, OPENS - HOUR
    db.session.commit()
    now = OPENS - HOUR + timedelta(minutes=minutes)
    assert bool(offered(schedule, now=now)) is is_offered


def test_a_closed_host_takes_no_booking(schedule: Schedule, main: Calendar) -> None:
    main.failing_since = NOW - HOUR
    db.session.commit()
    booker = Booker(name="Ana Costa", email="ana@example.com", zone="UTC")
    with pytest.raises(SlotTaken) as caught:
        bookings.book(schedule, OPENS, booker, form_key="k" * 32, now=NOW)
    assert caught.value.reason == BLIND


def test_the_pages_say_that_there_are_no_times_at_the_moment(
    schedule: Schedule, main: Calendar, client: FlaskClient
) -> None:
    main.failing_since = NOW - HOUR
    db.session.commit()
    page = client.get("/mara/intro").text
    assert "no times at the moment" in page
    assert "/book?" not in page
    answer = client.get("/mara/intro/book?at=2027-03-02T09:00:00Z")
    assert "There are no times at the moment." in answer.text


def test_pages_hurry_a_reading_once_in_a_while(
    schedule: Schedule, main: Calendar, client: FlaskClient, hints: list[Any]
) -> None:
    hurried = ("calendars.reading.hurry", (schedule.host_id,))
    assert client.get("/mara/intro").status_code == 200
    assert client.get("/mara/intro/book?at=2027-03-02T09:00:00Z").status_code == 200
    assert hints == [hurried, hurried], "the job has not come to it yet"
    db.session.execute(sa.update(Calendar).values(visited_at=NOW))
    db.session.commit()
    assert client.get("/mara/intro/book?at=2027-03-02T09:00:00Z").status_code == 200
    assert hints == [hurried, hurried]


def test_without_checked_calendars_nothing_is_hurried(
    schedule: Schedule, main: Calendar, client: FlaskClient, hints: list[Any]
) -> None:
    main.is_checked = False
    db.session.commit()
    client.get("/mara/intro/book?at=2027-03-02T09:00:00Z")
    assert hints == []
