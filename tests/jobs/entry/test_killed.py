"""A sync that is killed anywhere leaves one entry for a confirmed booking, none for others. No
messages are owed: what becomes of those is tried beside the meeting.
"""

from contextlib import suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from bookme.extensions import db
from bookme.jobs.sync import sync_booking
from bookme.models import Booking, BookingStatus, CalendarEntry, MeetingState
from tests import factories
from tests.answers import Fault, Killed
from tests.conftest import NOW
from tests.jobs.calendars.cloud_calendars import host_with_calendar
from tests.jobs.conftest import After
from tests.jobs.google import FakeGoogle, time_of
from tests.jobs.meeting.test_killed import booking_of, converge, killed_at
from tests.kept import Moment

#: More commits than any sync makes.
MOST = 30

#: `make check` kills the first kind only, at every commit.
WHOLE = pytest.mark.whole
KINDS = ["book", "meet", "move", "lost", "cancel"]


def prepare(kind: str, google: FakeGoogle) -> Booking:
    main = host_with_calendar(is_checked=False)
    made: Booking = factories.booking(
        schedule=factories.schedule(host=main.host),
        video_provider="google_meet" if kind == "meet" else None,
        due_at=NOW,
    )
    made.entry = CalendarEntry(provider="google")
    db.session.commit()
    if kind in ("book", "meet"):
        return made
    sync_booking(made.id)
    if kind == "lost":
        google.lose()
    if kind == "cancel":
        cancel(made)
    else:
        move(made, hours=1)
    return made


def cancel(booking: Booking) -> None:
    booking.status = BookingStatus.CANCELLED
    booking.change(NOW)
    db.session.commit()


def move(booking: Booking, **length: float) -> None:
    booking.starts_at += timedelta(**length)
    booking.ends_at += timedelta(**length)
    booking.change(NOW)
    db.session.commit()


def assert_right(booking: Booking, google: FakeGoogle) -> None:
    db.session.expire_all()
    entry = booking.entry
    assert entry is not None
    assert booking.lease_holder is None
    if not booking.is_confirmed:
        assert (google.alive, entry.state) == ([], MeetingState.REMOVED)
        return
    assert entry.external_id == google.only()["id"]
    assert time_of(google.only()) == booking.starts_at
    assert entry.state is MeetingState.READY
    if booking.meeting is not None:
        assert booking.meeting.join_url == google.only()["hangoutLink"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("when", ["before_commit", "after_begin"])
@pytest.mark.parametrize("kind", [KINDS[0], *(pytest.param(k, marks=WHOLE) for k in KINDS[1:])])
def test_killed_between_any_two_calls(
    app: Flask, google: FakeGoogle, after: After, kind: str, when: str
) -> None:
    booking_id = prepare(kind, google).id
    moment = Moment(google.events, google.heard)
    for number in range(1, MOST):
        moment.back()
        with killed_at(number, when) as seen, suppress(Killed):
            sync_booking(booking_id)
        converge(booking_id, after)
        assert_right(booking_of(booking_id), google)
        if len(seen) < number:
            return
    pytest.fail("a sync takes more transactions than thought")


@pytest.mark.parametrize("done", [True, False], ids=["after its effect", "before its effect"])
@pytest.mark.parametrize("cancelled", [False, True], ids=["confirmed", "cancelled"])
@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("book", "POST"),
        ("meet", "POST"),
        ("move", "PATCH"),
        ("lost", "POST"),
        ("cancel", "DELETE"),
    ],
)
def test_killed_at_any_call(
    app: Flask,
    google: FakeGoogle,
    after: After,
    kind: str,
    method: str,
    cancelled: bool,
    done: bool,
) -> None:
    booking = prepare(kind, google)
    google.fails(method, Fault(Killed(), done=done))
    with pytest.raises(Killed):
        sync_booking(booking.id)
    db.session.rollback()
    if cancelled and kind != "cancel":
        cancel(booking)
    db.session.execute(sa.update(Booking).values(due_at=NOW + timedelta(seconds=120)))
    db.session.commit()
    converge(booking.id, after)
    assert_right(booking, google)
