"""What of a host hangs on a connection."""

from datetime import timedelta
from typing import Any

import pytest

from bookme.connections import service
from bookme.extensions import db
from bookme.models import (
    Booking,
    BookingStatus,
    CalendarEntry,
    ConnectionStatus,
    LocationKind,
    MeetingState,
    Problem,
    Trouble,
    User,
)
from tests import factories
from tests.conftest import NOW
from tests.connections.making import connect, connection
from tests.fake_zoom import FakeZoom


def booked(host: User, number: int = 0, **columns: Any) -> Booking:
    """A Zoom booking of a host; ``meeting`` changes its meeting."""
    meeting = columns.pop("meeting", {})
    schedule = factories.schedule(host=host, slug=f"s{number}")
    columns.setdefault("starts_at", NOW + timedelta(days=1, hours=number))
    made: Booking = factories.booking(schedule=schedule, video_provider="zoom", **columns)
    assert made.meeting is not None
    for name, value in meeting.items():
        setattr(made.meeting, name, value)
    db.session.commit()
    return made


@pytest.mark.parametrize(
    ("meeting", "booking", "due"),
    [
        ({}, {}, True),
        ({"trouble": Trouble.NOT_CONNECTED}, {}, True),
        ({"state": MeetingState.FAILED, "trouble": Trouble.NEEDS_RECONNECT}, {}, True),
        ({"state": MeetingState.FAILED, "trouble": Trouble.NOT_ALLOWED}, {}, True),
        ({"state": MeetingState.FAILED, "trouble": Trouble.STARTED}, {}, False),
        ({"state": MeetingState.LEFT, "revision": 1}, {}, False),
        ({"state": MeetingState.LEFT, "revision": 1}, {"revision": 2}, True),
        ({"state": MeetingState.READY, "revision": 1}, {"revision": 2}, True),
        ({"state": MeetingState.READY, "revision": 1}, {}, False),
        ({"state": MeetingState.REMOVED}, {"revision": 2}, False),
        (
            {"state": MeetingState.LEFT, "revision": 1},
            {"revision": 2, "status": BookingStatus.CANCELLED},
            True,
        ),
        ({"provider": "meet"}, {}, False),
        ({}, {"starts_at": NOW - timedelta(minutes=30)}, False),
        ({}, {"starts_at": NOW - timedelta(minutes=29)}, True),
    ],
    ids=[
        *(
            "waiting",
            "told",
            "for the host",
            "refused",
            "begun",
            "left",
            "left and moved",
            "behind",
            "ready",
        ),
        *("removed", "left and cancelled", "another provider", "over", "running"),
    ],
)
def test_connecting_makes_due_what_waited(
    host: User, meeting: dict[str, Any], booking: dict[str, Any], due: bool
) -> None:
    made = booked(host, meeting={**meeting, "next_attempt_at": NOW + timedelta(days=9)}, **booking)
    found = service.make_due(host.id, "zoom", now=NOW)
    db.session.commit()
    db.session.refresh(made)
    assert found == ([made.id] if due else [])
    assert made.due_at == (NOW if due else None)
    assert made.meeting is not None
    assert (made.meeting.next_attempt_at is None) == due
    if due:
        assert made.meeting.trouble is None
        assert made.meeting.state is not MeetingState.FAILED


@pytest.mark.parametrize(("kind", "provider"), [("meeting", "zoom"), ("entry", "google")])
def test_a_refused_change_leaves_what_was_made(host: User, kind: str, provider: str) -> None:
    made = booked(host)
    made.entry = CalendarEntry(provider="google")
    refused = getattr(made, kind)
    refused.state, refused.trouble = MeetingState.FAILED, Trouble.NOT_ALLOWED
    refused.made_at = NOW
    db.session.commit()
    assert service.make_due(host.id, provider, now=NOW) == [made.id]
    assert refused.state is MeetingState.READY


@pytest.mark.parametrize(
    ("entry", "due"),
    [
        ({"state": MeetingState.READY}, False),
        ({"state": MeetingState.READY, "trouble": Trouble.NEEDS_RECONNECT}, True),
        ({"state": MeetingState.LEFT, "trouble": Trouble.NOT_CONNECTED}, True),
        ({"state": MeetingState.READY, "trouble": Trouble.UNAVAILABLE}, False),
    ],
    ids=["ready", "for the host", "left", "put off"],
)
def test_an_entry_out_of_reach_is_looked_at_when_another_calendar_is_connected(
    host: User, entry: dict[str, Any], due: bool
) -> None:
    made = booked(host, meeting={"state": MeetingState.READY})
    made.entry = CalendarEntry(provider="google", **entry)
    db.session.commit()
    assert service.make_due(host.id, "icloud", now=NOW) == [made.id] * due


def test_another_hosts_bookings_are_left_alone(host: User) -> None:
    booked(factories.host(another=True))
    assert service.make_due(host.id, "zoom", now=NOW) == []


def test_all_are_made_due_and_the_first_are_hurried(host: User) -> None:
    made = [booked(host, number, queued_at=NOW) for number in range(60)]
    hurried = service.make_due(host.id, "zoom", now=NOW)
    db.session.commit()
    assert hurried == [booking.id for booking in made[:50]]
    db.session.expire_all()
    assert {booking.due_at for booking in made} == {NOW}
    assert {booking.queued_at for booking in made} == {None}


def test_nothing_needs_attention_while_all_is_well(host: User, zoom: FakeZoom) -> None:
    connection(host, zoom)
    host.default_video_provider = "zoom"
    factories.schedule(host=host, location_kind=LocationKind.VIDEO)
    assert service.needing_attention(host) == []


def test_a_newcomer_without_video_is_not_bothered(host: User) -> None:
    factories.schedule(host=host)
    assert service.needing_attention(host) == []


def test_a_broken_connection_needs_attention(host: User, zoom: FakeZoom) -> None:
    problem = {"problem": Problem.GRANT_ENDED, "status": ConnectionStatus.NEEDS_RECONNECT}
    made = connection(host, zoom, **problem)
    schedule = factories.schedule(
        host=host, location_kind=LocationKind.VIDEO, video_provider="zoom"
    )
    (found,) = service.needing_attention(host)
    assert (found.connection, found.problem) == (made, Problem.GRANT_ENDED)
    assert found.schedules == [schedule]


def test_schedules_without_their_provider_need_attention(host: User, zoom: FakeZoom) -> None:
    connection(host, zoom, status=ConnectionStatus.INACTIVE, problem=Problem.REMOVED)
    columns = {"location_kind": LocationKind.VIDEO, "video_provider": "zoom"}
    factories.schedule(host=host, active=False, slug="off", **columns)
    assert service.needing_attention(host) == []
    schedule = factories.schedule(host=host, **columns)
    (found,) = service.needing_attention(host)
    assert (found.connection, found.problem) == (None, Problem.REMOVED)
    assert found.schedules == [schedule]


def test_connecting_again_leads_waiting_bookings_to_their_meetings(
    host: User, as_host: Any, zoom: FakeZoom, hints: list[tuple[str, tuple[int, ...]]]
) -> None:
    waiting = booked(host, meeting={"trouble": Trouble.NOT_CONNECTED})
    connect(as_host(host), zoom)
    db.session.refresh(waiting)
    assert waiting.due_at == NOW
    assert hints == [("sync.sync_booking", (waiting.id,))]
