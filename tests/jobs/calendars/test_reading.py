"""Readings of busy times: what is asked, what is kept, and who may."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from bookme import waits
from bookme.bookings.messages.outbox import MessageKind
from bookme.connections.calendars import changes
from bookme.extensions import db
from bookme.jobs.calendars import reading
from bookme.jobs.calendars.reading import read_busy
from bookme.jobs.sync import sync_booking
from bookme.models import (
    BookingStatus,
    BusyTime,
    Calendar,
    Connection,
    ConnectionStatus,
    Trouble,
    User,
)
from tests import factories
from tests.answers import Fault, Killed, says
from tests.conftest import NOW
from tests.jobs.calendars.cloud_calendars import busy as says_busy
from tests.jobs.calendars.cloud_calendars import calendar, connected, host_with_calendar
from tests.jobs.conftest import After, change
from tests.jobs.google import FakeGoogle, event, reason

READ = "calendars.reading.read_busy"

MINUTE = timedelta(minutes=1)
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def read(google: FakeGoogle) -> Calendar:
    """A calendar that is due to be read."""
    return host_with_calendar()


def found() -> set[tuple[str, datetime, datetime]]:
    rows = db.session.scalars(sa.select(BusyTime)).all()
    return {(row.entry_id, row.starts_at, row.ends_at) for row in rows}


def again(of: Calendar) -> Calendar:
    db.session.expire_all()
    return of


def test_a_reading_keeps_what_takes_time(read: Calendar, google: FakeGoogle) -> None:
    google.has(event("e1", "2027-03-02T09:00Z", "2027-03-02T10:00Z"))
    google.has(event("e2", "2027-03-03T09:00Z", "2027-03-03T10:00Z", transparency="transparent"))
    read_busy(read.id)
    assert found() == {("e1", TOMORROW + 60 * MINUTE, TOMORROW + 120 * MINUTE)}
    assert again(read).read_at == NOW
    assert (read.failing_since, read.trouble, read.lease_holder) == (None, None, None)


def test_a_reading_replaces_the_one_before_as_a_whole(read: Calendar, google: FakeGoogle) -> None:
    says_busy(read, TOMORROW, entry_id="gone")
    stays = says_busy(read, TOMORROW + 60 * MINUTE, 60, entry_id="e1").id
    google.has(event("e1", "2027-03-02T09:00Z", "2027-03-02T10:00Z"))
    google.has(event("new", "2027-03-02T11:00Z", "2027-03-02T12:00Z"))
    read_busy(read.id)
    assert {entry for entry, _, _ in found()} == {"e1", "new"}
    assert db.session.get(BusyTime, stays) is not None, "what is the same is not written again"


def test_it_reaches_to_the_furthest_horizon(read: Calendar, google: FakeGoogle) -> None:
    host = read.host
    factories.schedule(host=host, horizon_days=10)
    factories.schedule(host=host, slug="far", horizon_days=300, active=False)
    factories.schedule(host=host, slug="gone", horizon_days=700, deleted_at=NOW)
    read_busy(read.id)
    assert again(read).read_until == NOW + timedelta(days=303)
    (call,) = google.mock.calls
    assert call.request.params["timeMin"] == "2027-02-28T08:00:00Z"
    assert call.request.params["timeMax"] == "2027-12-29T08:00:00Z"


@pytest.mark.parametrize(
    ("visited", "expected"),
    [(None, 20), (timedelta(minutes=30), 5), (timedelta(hours=2), 20)],
    ids=["never", "lately", "long ago"],
)
def test_visited_hosts_are_read_more_often(
    read: Calendar, google: FakeGoogle, visited: timedelta | None, expected: int
) -> None:
    read.visited_at = NOW - visited if visited else None
    db.session.commit()
    read_busy(read.id)
    assert again(read).read_after == NOW + expected * MINUTE


@pytest.mark.parametrize(
    "columns",
    [
        {"is_checked": False},
        {"read_after": NOW + MINUTE, "read_at": NOW - MINUTE / 2},
        {"read_after": NOW + MINUTE, "failing_since": NOW - 5 * MINUTE},
        {"lease_until": NOW + MINUTE, "lease_holder": "other"},
    ],
    ids=["not checked", "read just now", "fails and waits", "somebody reads it"],
)
def test_a_calendar_that_is_not_to_be_read_is_not(
    google: FakeGoogle, app: Flask, columns: dict[str, Any]
) -> None:
    read_busy(host_with_calendar(**columns).id)
    assert google.calls == []


def test_a_hint_comes_before_its_time(google: FakeGoogle, app: Flask) -> None:
    read_busy(host_with_calendar(read_after=NOW + 9 * MINUTE, read_at=NOW - 5 * MINUTE).id)
    assert google.methods == ["LIST"]


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        (Fault(says(503)), Trouble.UNAVAILABLE),
        (Fault(TimeoutError()), Trouble.UNAVAILABLE),
        (reason(404, "notFound"), Trouble.CALENDAR_GONE),
        (reason(403, "forbidden"), Trouble.NOT_ALLOWED),
        (reason(403, "rateLimitExceeded"), Trouble.UNAVAILABLE),
        (reason(403, "accessNotConfigured"), Trouble.CLIENT_REFUSED),
        (reason(403, "insufficientPermissions"), Trouble.NEEDS_RECONNECT),
        (reason(400, "badRequest"), Trouble.REJECTED),
    ],
)
def test_a_failure_leaves_what_is_known(
    read: Calendar, google: FakeGoogle, fault: Fault, trouble: Trouble
) -> None:
    says_busy(read, TOMORROW)
    google.fails("LIST", fault)
    read_busy(read.id)
    assert again(read).trouble is trouble
    assert (read.failing_since, read.read_at, read.attempts) == (NOW, None, 1)
    assert read.read_after is not None
    assert NOW < read.read_after <= NOW + waits.FIRST_RETRY
    assert len(found()) == 1


def test_a_half_read_list_is_no_reading(read: Calendar, google: FakeGoogle) -> None:
    says_busy(read, TOMORROW)
    google.fails("LIST", Fault(says(200, {"items": [], "nextPageToken": "2"})), Fault(says(500)))
    read_busy(read.id)
    assert again(read).failing_since == NOW
    assert len(found()) == 1


def test_it_tries_again_later_and_later_but_at_the_hour_s_end(
    read: Calendar, google: FakeGoogle, after: After
) -> None:
    read.failing_since, read.attempts = NOW, 9
    db.session.commit()
    google.fails("LIST", *(Fault(says(500)) for _ in range(2)))
    with after(minutes=55):
        read_busy(read.id)
        assert again(read).read_after == NOW + 60 * MINUTE
    with after(minutes=60):
        read_busy(read.id)
        assert again(read).read_after is not None
        assert read.read_after > NOW + 74 * MINUTE
        assert read.read_after <= NOW + 80 * MINUTE


def test_the_time_that_a_provider_names_is_waited_for(read: Calendar, google: FakeGoogle) -> None:
    google.fails("LIST", Fault(says(503, {}, **{"Retry-After": "300"})))
    read_busy(read.id)
    assert again(read).read_after == NOW + 5 * MINUTE


def test_a_wait_of_years_is_cut_to_the_usual_pace(read: Calendar, google: FakeGoogle) -> None:
    google.fails("LIST", Fault(says(503, {}, **{"Retry-After": "31536000"})))
    read_busy(read.id)
    assert again(read).read_after == NOW + 20 * MINUTE


def test_a_success_ends_the_failure(read: Calendar, google: FakeGoogle) -> None:
    read.failing_since, read.trouble, read.attempts = NOW, Trouble.UNAVAILABLE, 4
    read.told_failing_at = read.told_closed_at = NOW
    db.session.commit()
    read_busy(read.id)
    assert (again(read).failing_since, read.trouble, read.attempts) == (None, None, 0)
    assert (read.told_failing_at, read.told_closed_at) == (None, None)


def test_a_reading_that_was_killed_counts_as_failed(
    read: Calendar, google: FakeGoogle, after: After
) -> None:
    google.fails("LIST", Fault(Killed()), Fault(says(500)))
    with pytest.raises(Killed):
        read_busy(read.id)
    db.session.rollback()
    with after(seconds=60):
        read_busy(read.id)
        assert google.methods == ["LIST"], "its lease holds"
    with after(seconds=121):
        read_busy(read.id)
        assert again(read).failing_since == NOW + timedelta(seconds=121)


def test_a_host_is_told_of_readings_that_are_killed_again_and_again(
    read: Calendar, google: FakeGoogle, after: After
) -> None:
    google.fails("LIST", *[Fault(Killed())] * 60)
    for minute in range(0, 120, 2):
        with after(minutes=minute), suppress(Killed):
            read_busy(read.id)
        db.session.rollback()
    assert again(read).told_failing_at is not None
    assert read.told_closed_at is not None
    assert len(google.methods) < 30, "it is tried less and less often"


def test_connected_anew_in_the_middle_of_a_reading_it_is_read_at_once(
    app: Flask, read: Calendar, google: FakeGoogle
) -> None:
    old_id, host_id = read.connection_id, read.host_id

    def reconnect(_method: str) -> None:
        google.meanwhile = None
        with app.app_context():
            db.session.get_one(Connection, old_id).status = ConnectionStatus.INACTIVE
            anew = connected(db.session.get_one(User, host_id), again="again", connected_at=NOW)
            changes.move(old_id, anew.id, now=NOW)
            db.session.commit()

    google.meanwhile = reconnect
    read_busy(read.id)
    assert again(read).read_at is None, "what was under way does not count"
    read_busy(read.id)
    assert again(read).read_at == NOW
    assert read.failing_since is None


@pytest.mark.parametrize("what", ["unchecked", "moved", "gone", "taken over"])
def test_what_comes_too_late_is_dropped(
    app: Flask, read: Calendar, google: FakeGoogle, what: str
) -> None:
    other = connected(factories.host(another=True))
    values: dict[str, Any] = {
        "unchecked": {"is_checked": False},
        "moved": {"connection_id": other.id},
        "taken over": {"lease_holder": "other"},
    }
    change = sa.update(Calendar).values(**values[what]) if what in values else sa.delete(Calendar)

    def meanwhile(_method: str) -> None:
        with app.app_context():  # a session and a connection of its own
            db.session.execute(change)
            db.session.commit()

    google.has(event("e1", "2027-03-02T09:00Z", "2027-03-02T10:00Z"))
    google.meanwhile = meanwhile
    read_busy(read.id)
    assert google.methods == ["LIST"]
    assert found() == set()


def test_calendars_of_a_connection_are_read_one_after_another(
    app: Flask, read: Calendar, google: FakeGoogle, hints: list[Any]
) -> None:
    second = calendar(read.connection, external_id="second", takes_bookings=False)
    third = calendar(read.connection, external_id="third", takes_bookings=False)
    others = calendar(connected(factories.host(another=True)), external_id="others")
    ids = [one.id for one in (read, second, third, others)]
    db.session.commit()

    def meanwhile(_method: str) -> None:
        google.meanwhile = None
        with app.app_context():  # as another worker
            read_busy(ids[1])
            read_busy(ids[3])

    google.meanwhile = meanwhile
    hints.clear()
    read_busy(ids[0])
    assert [path for _, path, _ in google.calls] == [
        "/calendars/primary/events",
        "/calendars/others/events",
    ]
    assert hints == [(READ, (ids[1],))]
    read_busy(ids[1])
    read_busy(ids[2])
    assert hints == [
        (READ, (ids[1],)),
        (READ, (ids[2],)),
    ]


def test_calendars_due_are_found_once(app: Flask) -> None:
    google = connected(factories.host())
    lost = connected(
        factories.host(another=True), status=ConnectionStatus.NEEDS_RECONNECT, again="2"
    )
    ended = connected(factories.host(another=True), status=ConnectionStatus.INACTIVE, again="3")
    first = calendar(google, read_after=NOW - MINUTE)
    calendar(google, external_id="later", takes_bookings=False, read_after=NOW + MINUTE)
    calendar(google, external_id="off", takes_bookings=False, is_checked=False)
    told = calendar(lost)
    calendar(ended)
    assert reading.due_readings(NOW, 10) == [first.id, told.id]
    assert reading.due_readings(NOW, 10) == []
    assert reading.due_readings(NOW + waits.QUEUED_FOR, 1) == [first.id], (
        "the longest waiting first"
    )


def test_a_visit_hurries_the_host_s_calendars(app: Flask, hints: list[Any]) -> None:
    read = host_with_calendar(read_at=NOW - 9 * MINUTE, read_after=NOW + 9 * MINUTE)
    failing = calendar(
        read.connection,
        external_id="bad",
        takes_bookings=False,
        failing_since=NOW - MINUTE,
        read_after=NOW + 9 * MINUTE,
    )
    reading.hurry(read.host_id)
    assert hints == [
        (READ, (read.id,)),
        (READ, (failing.id,)),
    ]
    assert again(read).read_after == NOW
    assert failing.read_after == NOW + 9 * MINUTE
    reading.hurry(read.host_id)
    assert len(hints) == 2, "once in a while"


def test_a_reading_tells_how_many_entries_it_did_not_understand(
    read: Calendar, google: FakeGoogle, caplog: pytest.LogCaptureFixture
) -> None:
    google.has(event("SECRET", "2027-03-02T09:00Z", "2027-03-02T08:00Z"))
    google.has(event("e2", "2027-03-02T09:00Z", "2027-03-02T10:00Z"))
    read_busy(read.id)
    assert {entry for entry, _, _ in found()} == {"e2"}
    assert again(read).unclear_count == 1
    assert "1 entries not understood" in caplog.text
    assert "SECRET" not in caplog.text


def test_a_wait_that_is_asked_for_holds_for_the_whole_account(
    read: Calendar, google: FakeGoogle, after: After
) -> None:
    other = calendar(read.connection, external_id="team", is_primary=False, takes_bookings=False)
    made = factories.booking(schedule=factories.schedule(host=read.host), due_at=NOW)
    sync_booking(made.id)
    google.calls.clear()
    google.fails("LIST", Fault(says(429, {}, **{"Retry-After": "600"})))
    read_busy(read.id)
    read_busy(other.id)
    change(made, MessageKind.CANCELLED, status=BookingStatus.CANCELLED)
    sync_booking(made.id)
    assert google.methods == ["LIST"], "neither the other calendar nor an entry is asked about"
    assert again(other).read_after == NOW + timedelta(minutes=10)
    assert made.entry is not None
    assert made.entry.next_attempt_at == NOW + timedelta(minutes=10)
    with after(minutes=10):
        read_busy(read.id)
        read_busy(other.id)
        sync_booking(made.id)
    assert google.methods == ["LIST", "LIST", "LIST", "DELETE"]
    assert again(other).failing_since is None


def test_no_wait_is_longer_than_a_day(read: Calendar, google: FakeGoogle) -> None:
    google.fails("LIST", Fault(says(429, {}, **{"Retry-After": "99999999"})))
    read_busy(read.id)
    assert again(read).connection.calls_after == NOW + timedelta(hours=25)


def test_a_wait_is_not_shortened_by_an_earlier_call_that_ends_later(
    app: Flask, read: Calendar, google: FakeGoogle
) -> None:
    google.fails("LIST", Fault(says(429, {}, **{"Retry-After": "5"})))
    connection_id = read.connection_id
    db.session.commit()

    def meanwhile(_method: str) -> None:
        with app.app_context():  # a session and a connection of its own
            row = db.session.get_one(Connection, connection_id)
            row.calls_after = NOW + timedelta(minutes=10)
            db.session.commit()

    google.meanwhile = meanwhile
    read_busy(read.id)
    assert again(read).connection.calls_after == NOW + timedelta(minutes=10)
