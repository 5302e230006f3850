"""When work has come due, also by a clock that was wrong for a while."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from bookme import moments, waits
from bookme.accounts import closing as accounts
from bookme.accounts.owed import Letter, owe
from bookme.connections.grants import lease as refresh_lease
from bookme.extensions import db
from bookme.jobs import claim, closing, lease, refresh, removals
from bookme.jobs.calendars import lease as calendar_lease
from bookme.jobs.calendars import reading
from bookme.jobs.messages import account
from bookme.jobs.processes import sweep
from bookme.jobs.sync import sync_booking
from bookme.models import Booking, Email, Heartbeat, LocationKind, MeetingState, Schedule
from bookme.providers.http.remote import DEADLINE
from tests import factories
from tests.answers import Fault, says
from tests.conftest import NOW
from tests.fake_zoom import FakeZoom
from tests.jobs.calendars.cloud_calendars import host_with_calendar
from tests.jobs.conftest import connected, video_booking
from tests.webhooks.sending import kept, received

#: What a clock that jumped has written, seen after it jumped back.
JUMPS = [timedelta(days=1), timedelta(days=45)]
#: Columns of times that make work wait, in whatever table.
WAITING = {
    "blocked_until",
    "calls_after",
    "due_at",
    "lease_until",
    "link_after",
    "look_again_at",
    "next_attempt_at",
    "not_before",
    "read_after",
    "send_at",
}


def jumped(jump: timedelta) -> Any:
    return time_machine.travel(NOW + jump, tick=False)


def test_every_column_that_makes_work_wait_has_its_longest_wait() -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in db.metadata.tables.values()
        for column in table.columns
        if column.name in WAITING
    }
    # A chore is owed, whatever its time; a reminder's is a fact and no wait.
    assert found - {"chore.due_at", "reminder.send_at"} == set(moments.LONGEST)


def test_an_earlier_now_takes_no_refresh_over(app: Flask) -> None:
    made = connected(video_booking())
    seen = refresh_lease.read(made.id)
    assert seen is not None
    assert refresh_lease.take(seen, "me", now=NOW)
    for earlier in (timedelta(milliseconds=1), waits.CLOCKS_DIFFER):
        assert not refresh_lease.take(seen, "another", now=NOW - earlier)


def test_a_refresh_is_not_taken_over_while_its_call_may_last() -> None:
    assert waits.REFRESH_LEASE.total_seconds() >= 1.5 * DEADLINE


@pytest.mark.parametrize("jump", JUMPS)
def test_bookings_made_while_the_clock_was_ahead_get_their_meetings(
    app: Flask,
    zoom: FakeZoom,
    jump: timedelta,
) -> None:
    made = video_booking(due_at=NOW + jump, created_at=NOW + jump)
    connected(made)
    assert sweep.due_bookings(NOW, 10) == [made.id]
    sync_booking(made.id)
    assert made.meeting is not None
    assert made.meeting.state is MeetingState.READY
    assert made.due_at is None


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize(
    "fault",
    [says(503), says(429, {}, **{"Retry-After": "600"})],
    ids=["failed", "told to wait"],
)
def test_what_failed_while_the_clock_was_ahead_is_tried_again(
    app: Flask,
    zoom: FakeZoom,
    jump: timedelta,
    fault: Any,
) -> None:
    days = timedelta(days=500)
    schedule: Schedule = factories.schedule()
    made = video_booking(schedule=schedule, starts_at=NOW + days)
    connected(made)
    zoom.fails("POST", Fault(fault))
    with jumped(jump):
        sync_booking(made.id)
    assert made.due_at > NOW + jump
    assert sweep.due_bookings(NOW, 10) == [made.id]
    sync_booking(made.id)
    if made.due_at is not None and made.meeting.attempted_at is not None:  # its outcome is unknown
        with time_machine.travel(made.due_at, tick=False):
            sync_booking(made.id)
    assert made.meeting.state is MeetingState.READY


@pytest.mark.parametrize("jump", JUMPS)
def test_a_worker_that_died_while_the_clock_was_ahead_holds_no_booking(
    app: Flask, jump: timedelta
) -> None:
    made: Booking = factories.booking(due_at=NOW)
    with jumped(jump):
        assert lease.take(made.id, now=NOW + jump) is not None
    assert sweep.due_bookings(NOW, 10) == [made.id]
    assert lease.take(made.id, now=NOW) is not None


def test_a_booking_is_looked_at_within_an_hour_however_far_the_next_thing_is(app: Flask) -> None:
    made: Booking = factories.booking(due_at=NOW)
    taken = lease.take(made.id, now=NOW)
    assert taken is not None
    assert not lease.give_back(taken, due_at=NOW + timedelta(days=1), now=NOW)
    db.session.expire_all()
    assert made.due_at == NOW + waits.LAST_RETRY


@pytest.mark.parametrize("jump", JUMPS)
def test_messages_of_accounts_go_out(app: Flask, jump: timedelta) -> None:
    owe(factories.host(), Letter.PASSWORD_CHANGED, now=NOW + jump)
    db.session.commit()
    (email,) = db.session.scalars(sa.select(Email))
    email.lease_until, email.lease_holder = NOW + jump, "killed"
    email.queued_at = NOW + jump
    db.session.commit()
    assert account.due(NOW, 10) == [email.id]
    account.send_email(email.id)
    db.session.expire_all()
    assert email.sent_at == NOW


@pytest.mark.parametrize("jump", JUMPS)
def test_calendars_are_read(app: Flask, jump: timedelta) -> None:
    ahead = NOW + jump
    of = host_with_calendar(read_after=ahead, read_at=ahead, lease_until=ahead, queued_at=ahead)
    other = host_sibling(of, lease_until=ahead)
    assert reading.due_readings(NOW, 10) == [of.id, other.id]
    assert calendar_lease.take(of.id, now=NOW) is not None


def host_sibling(of: Any, **columns: Any) -> Any:
    from tests.jobs.calendars.cloud_calendars import calendar

    named = {"external_id": "team", "takes_bookings": False, "is_primary": False}
    return calendar(of.connection, **named, **columns)


@pytest.mark.parametrize("jump", JUMPS)
def test_removals_are_settled(app: Flask, jump: timedelta) -> None:
    removal_id = received("jill")
    (row,) = kept()
    row.next_attempt_at = row.lease_until = row.queued_at = NOW + jump
    db.session.commit()
    if jump > waits.CONFIRM_AGAIN:
        assert removals.due(NOW, 10) == [removal_id]
        assert removals.take(removal_id, now=NOW) is not None


@pytest.mark.parametrize("jump", JUMPS)
def test_connections_are_checked_refreshed_and_free(app: Flask, jump: timedelta) -> None:
    ahead = NOW + jump
    schedule = factories.schedule(location_kind=LocationKind.VIDEO, video_provider="zoom")
    booking = video_booking(schedule=schedule)
    made = connected(booking, checked_at=ahead, refreshed_at=ahead, lease_until=ahead)
    if jump > waits.CHECK_EVERY:
        assert refresh.due_checks(NOW, 10) == [made.id]
    made.queued_at = ahead
    db.session.commit()
    if jump > waits.IDLE_GRANT:
        assert refresh.due_refreshes(NOW, 10) == [made.id]
    seen = refresh_lease.read(made.id)
    assert seen is not None
    assert not seen.rests_at(NOW)
    assert refresh_lease.take(seen, "me", now=NOW)


@pytest.mark.parametrize("jump", JUMPS)
def test_an_account_that_is_to_end_ends(app: Flask, jump: timedelta) -> None:
    booking: Booking = factories.booking()
    accounts.begin(booking.host, now=NOW + jump)
    booking.host.queued_at = NOW + jump
    db.session.commit()
    host_id, booking_id = booking.host_id, booking.id
    assert closing.due(NOW, 10) == [host_id]
    closing.close_account(host_id)  # cancels, and waits for the messages
    with time_machine.travel(NOW + waits.CLOSING_PATIENCE, tick=False):
        closing.close_account(host_id)
    assert db.session.get(Booking, booking_id) is None


@pytest.mark.parametrize("ahead", [timedelta(seconds=90), timedelta(days=1)])
def test_a_mark_from_the_future_is_none(app: Flask, ahead: timedelta) -> None:
    made: Booking = factories.booking(due_at=NOW, queued_at=NOW + ahead)
    waiting = sa.select(Booking.id).where(Booking.due_at <= NOW)
    assert claim.due(Booking, waiting, now=NOW, limit=5) == [made.id]


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda at: factories.booking(due_at=at), "booking.due_at"),
        (lambda at: host_with_calendar(read_after=at), "calendar.read_after"),
        (lambda at: connected(video_booking(due_at=None), blocked_until=at), "blocked_until"),
    ],
    ids=["booking", "calendar", "limit"],
)
def test_readyz_says_that_times_are_further_ahead_than_anything_waits(
    app: Flask, client: FlaskClient, make: Callable[[datetime], object], what: str
) -> None:
    make(NOW + timedelta(days=2))
    (said,) = [one for one in client.get("/readyz").json["degraded"] if one.startswith("clock")]
    assert what in said


def test_readyz_says_that_a_sign_of_life_comes_from_the_future(
    app: Flask, client: FlaskClient
) -> None:
    db.session.add(Heartbeat(name="worker-1", kind="worker", at=NOW + timedelta(hours=2)))
    db.session.commit()
    found = client.get("/readyz").json
    assert found["workers"] == 0
    assert any(one.startswith("clock") for one in found["degraded"])


def test_readyz_says_nothing_of_clocks_that_are_right(app: Flask, client: FlaskClient) -> None:
    factories.booking(due_at=NOW + waits.LAST_RETRY)
    assert not any(one.startswith("clock") for one in client.get("/readyz").json["degraded"])
