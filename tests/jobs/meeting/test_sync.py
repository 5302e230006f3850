"""What a sync does about the meeting, at the wire: the rows of docs/architecture.md."""

from datetime import timedelta

import pytest
from flask import Flask

from bookme import waits
from bookme.bookings.messages.outbox import MessageKind
from bookme.connections import service as connections
from bookme.extensions import db
from bookme.jobs.sync import sync_booking
from bookme.models import (
    Booking,
    BookingStatus,
    ConnectionStatus,
    EventKind,
    Meeting,
    MeetingState,
    Trouble,
)
from tests import contracts
from tests.answers import Fault, says
from tests.conftest import NOW
from tests.fake_zoom import JILL, FakeZoom, code, starts_at
from tests.fake_zoom.accounts import Grant
from tests.jobs.conftest import (
    After,
    change,
    connected,
    disconnect,
    lose_grant,
    move,
    reconnect,
    video_booking,
)


def row(booking: Booking) -> Meeting:
    db.session.expire_all()
    assert booking.meeting is not None
    return booking.meeting


def events(booking: Booking) -> list[EventKind]:
    kinds = [event.kind for event in booking.events]
    return [kind for kind in kinds if not kind.startswith("email")]


def state(booking: Booking) -> tuple[MeetingState, Trouble | None]:
    return row(booking).state, row(booking).trouble


def cancel(booking: Booking) -> None:
    change(booking, MessageKind.CANCELLED, status=BookingStatus.CANCELLED)


def test_a_booking_gets_its_meeting(booking: Booking, zoom: FakeZoom) -> None:
    sync_booking(booking.id)
    assert zoom.calls == ["POST"]
    meeting, made = row(booking), zoom.only()
    assert (meeting.external_id, meeting.join_url) == (str(made["id"]), made["join_url"])
    assert (meeting.passcode, meeting.made_at, meeting.revision) == ("pw1", NOW, 1)
    assert state(booking) == (MeetingState.READY, None)
    assert (meeting.attempted_at, booking.due_at, booking.lease_holder) == (None, None, None)
    assert events(booking) == [EventKind.MEETING_CREATED]


def test_the_meeting_says_whose_it_is(booking: Booking, zoom: FakeZoom) -> None:
    assert booking.booker is not None
    booking.booker.notes = "About the roof."
    db.session.commit()
    sync_booking(booking.id)
    asked = zoom.body()
    assert asked["topic"] == "Intro call: Ana Costa"
    assert asked["agenda"].splitlines() == [
        f"BookMe reference {booking.reference}",
        "Ana Costa booked this with BookMe.",
        f"http://localhost/dashboard/bookings/{booking.reference}",
        "",
        "About the roof.",
    ]
    assert (asked["start_time"], asked["duration"]) == ("2027-03-02T09:00:00Z", 30)
    assert asked["timezone"] == booking.zone
    assert booking.token not in str(zoom.bodies)


def test_what_the_schedule_chose_is_asked_for(app: Flask, zoom: FakeZoom) -> None:
    booking = video_booking(meeting_options={"waiting_room": True, "passcode": True})
    connected(booking)
    sync_booking(booking.id)
    assert zoom.body()["settings"]["waiting_room"] is True
    assert "join_before_host" not in zoom.body()["settings"]
    assert zoom.body()["default_password"] is True


def test_the_link_that_makes_whoever_has_it_the_host_is_not_kept(
    booking: Booking, zoom: FakeZoom
) -> None:
    answer = says(201, contracts.answer("meeting_created")["json"])
    assert "start_url" in answer[2]
    zoom.fails("POST", Fault(answer))
    sync_booking(booking.id)
    columns = [getattr(row(booking), column.name) for column in Meeting.__table__.columns]
    assert "zak=" not in str(columns)


def test_a_second_sync_does_nothing(booking: Booking, zoom: FakeZoom) -> None:
    sync_booking(booking.id)
    booking.due_at = NOW
    db.session.commit()
    sync_booking(booking.id)
    sync_booking(booking.id)
    assert zoom.calls == ["POST"]
    assert booking.due_at is None


def test_no_booking_and_no_video_is_no_matter(app: Flask, zoom: FakeZoom) -> None:
    booking = video_booking()
    booking.meeting = None
    db.session.commit()
    sync_booking(booking.id)
    sync_booking(booking.id + 1)
    assert zoom.calls == []


def test_a_moved_booking_moves_its_meeting_and_sends_only_that(
    booking: Booking, zoom: FakeZoom
) -> None:
    sync_booking(booking.id)
    move(booking, hours=1)
    sync_booking(booking.id)
    assert zoom.calls == ["POST", "PATCH"]
    assert zoom.body() == {"start_time": "2027-03-02T10:00:00Z"}
    assert row(booking).revision == 2
    assert events(booking) == [EventKind.MEETING_CREATED, EventKind.MEETING_UPDATED]


def test_a_change_that_the_meeting_does_not_show_sends_nothing(
    booking: Booking, zoom: FakeZoom
) -> None:
    sync_booking(booking.id)
    booking.change(NOW)
    db.session.commit()
    sync_booking(booking.id)
    assert zoom.calls == ["POST"]
    assert row(booking).revision == 2


def test_moved_there_and_back_sends_nothing(booking: Booking, zoom: FakeZoom) -> None:
    sync_booking(booking.id)
    move(booking, hours=1)
    move(booking, hours=-1)
    sync_booking(booking.id)
    assert zoom.calls == ["POST"]


def test_a_lost_meeting_is_made_again(booking: Booking, zoom: FakeZoom) -> None:
    sync_booking(booking.id)
    zoom.lose()
    move(booking, hours=1)
    sync_booking(booking.id)
    assert zoom.calls == ["POST", "PATCH", "POST"]
    assert starts_at(zoom.only()) == booking.starts_at
    assert row(booking).join_url == zoom.only()["join_url"]
    assert events(booking)[-1] is EventKind.MEETING_RECREATED


def test_a_cancelled_booking_takes_its_meeting_with_it(booking: Booking, zoom: FakeZoom) -> None:
    sync_booking(booking.id)
    cancel(booking)
    sync_booking(booking.id)
    assert zoom.calls == ["POST", "GET", "DELETE"]
    assert zoom.meetings == {}
    assert state(booking) == (MeetingState.REMOVED, None)
    assert (row(booking).external_id, row(booking).join_url) == (None, None)
    assert (row(booking).passcode, row(booking).sent) == (None, None)
    assert events(booking)[-1] is EventKind.MEETING_DELETED


def test_a_meeting_that_is_gone_already_counts_as_deleted(booking: Booking, zoom: FakeZoom) -> None:
    sync_booking(booking.id)
    zoom.lose()
    cancel(booking)
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.REMOVED, None)


def test_cancelled_before_anything_was_made_asks_nothing(booking: Booking, zoom: FakeZoom) -> None:
    cancel(booking)
    sync_booking(booking.id)
    assert zoom.calls == []
    assert (state(booking), booking.due_at) == ((MeetingState.REMOVED, None), None)


def test_a_dead_grant_makes_the_booking_wait_until_reconnecting(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    lose_grant(booking)
    sync_booking(booking.id)
    assert zoom.calls == []
    assert state(booking) == (MeetingState.WAITING, Trouble.NEEDS_RECONNECT)
    assert booking.due_at is None
    assert events(booking) == [EventKind.MEETING_WAITS]
    with after(hours=3):
        lose_grant(booking).status = ConnectionStatus.INACTIVE
        reconnect(booking)
        sync_booking(booking.id)
    assert state(booking) == (MeetingState.READY, None)
    assert starts_at(zoom.only()) == booking.starts_at


def test_a_grant_found_dead_by_the_call_is_marked_and_waited_for(
    booking: Booking, zoom: FakeZoom
) -> None:
    zoom.fails("POST", code(4741, 401))
    sync_booking(booking.id)
    connection = connections.live(booking.host_id, "zoom")
    assert connection is not None
    assert connection.needs_reconnect
    assert state(booking) == (MeetingState.WAITING, Trouble.NEEDS_RECONNECT)
    assert row(booking).attempted_at is None
    assert zoom.calls == ["POST"]
    assert events(booking) == [EventKind.MEETING_WAITS]


def test_without_a_connection_the_booking_waits_for_one(app: Flask, zoom: FakeZoom) -> None:
    booking = video_booking()
    sync_booking(booking.id)
    assert (zoom.calls, booking.due_at) == ([], None)
    assert state(booking) == (MeetingState.WAITING, Trouble.NOT_CONNECTED)
    reconnect(booking)
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.READY, None)


def test_a_meeting_of_a_removed_connection_is_left(booking: Booking, zoom: FakeZoom) -> None:
    sync_booking(booking.id)
    disconnect(booking)
    move(booking, hours=1)
    sync_booking(booking.id)
    assert zoom.calls == ["POST"]
    assert state(booking) == (MeetingState.LEFT, Trouble.NOT_CONNECTED)
    assert row(booking).join_url is not None
    assert events(booking)[-1] is EventKind.MEETING_LEFT


def test_a_meeting_that_waited_for_a_grant_is_left_when_that_is_given_up(
    booking: Booking, zoom: FakeZoom
) -> None:
    sync_booking(booking.id)
    broken = lose_grant(booking)
    change(booking, MessageKind.CANCELLED, status=BookingStatus.CANCELLED)
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.READY, Trouble.NEEDS_RECONNECT)
    connections.disconnect(broken, now=NOW)
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.LEFT, Trouble.NOT_CONNECTED)
    assert EventKind.MEETING_LEFT in events(booking)


def test_connected_again_a_left_meeting_is_moved(booking: Booking, zoom: FakeZoom) -> None:
    sync_booking(booking.id)
    disconnect(booking)
    move(booking, hours=1)
    sync_booking(booking.id)
    reconnect(booking)
    sync_booking(booking.id)
    assert zoom.calls == ["POST", "PATCH"]
    assert starts_at(zoom.only()) == booking.starts_at
    assert state(booking) == (MeetingState.READY, None)


def test_connected_again_a_left_meeting_of_a_cancelled_booking_is_deleted(
    booking: Booking, zoom: FakeZoom
) -> None:
    sync_booking(booking.id)
    disconnect(booking)
    cancel(booking)
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.LEFT, Trouble.NOT_CONNECTED)
    reconnect(booking)
    sync_booking(booking.id)
    assert zoom.meetings == {}
    assert state(booking) == (MeetingState.REMOVED, None)


@pytest.mark.parametrize("number", [1001, 1010, 3001, 3003])
def test_a_meeting_out_of_reach_of_a_newer_connection_is_made_again(
    booking: Booking, zoom: FakeZoom, number: int, after: After
) -> None:
    sync_booking(booking.id)
    disconnect(booking)
    move(booking, hours=1)
    sync_booking(booking.id)
    with after(minutes=1):
        reconnect(booking, NOW + timedelta(minutes=1))
        zoom.fails("PATCH", code(number))
        sync_booking(booking.id)
    assert zoom.calls == ["POST", "PATCH", "POST"]
    assert state(booking) == (MeetingState.READY, None)
    connection = connections.live(booking.host_id, "zoom")
    assert connection is not None
    assert connection.is_active


@pytest.mark.parametrize("number", [1001, 1010, 3001, 3003])
def test_a_meeting_out_of_reach_of_a_newer_connection_counts_as_deleted(
    booking: Booking, zoom: FakeZoom, number: int, after: After
) -> None:
    sync_booking(booking.id)
    disconnect(booking)
    cancel(booking)
    sync_booking(booking.id)
    with after(minutes=1):
        reconnect(booking, NOW + timedelta(minutes=1))
        zoom.fails("DELETE", code(number))
        sync_booking(booking.id)
    assert state(booking) == (MeetingState.REMOVED, None)
    connection = connections.live(booking.host_id, "zoom")
    assert connection is not None
    assert connection.is_active


@pytest.mark.parametrize("number", [1001, 1010, 3003])
def test_out_of_reach_of_its_own_connection_it_is_the_connection_that_is_broken(
    booking: Booking, zoom: FakeZoom, number: int
) -> None:
    sync_booking(booking.id)
    move(booking, hours=1)
    zoom.fails("PATCH", code(number))
    sync_booking(booking.id)
    connection = connections.live(booking.host_id, "zoom")
    assert connection is not None
    assert connection.needs_reconnect
    assert state(booking) == (MeetingState.READY, Trouble.NEEDS_RECONNECT)


def test_over_is_over(booking: Booking, zoom: FakeZoom, after: After) -> None:
    with after(days=2):
        sync_booking(booking.id)
    assert (zoom.calls, booking.due_at) == ([], None)


@pytest.mark.parametrize("failing", ["POST", "PATCH", "DELETE"])
def test_a_failure_that_may_pass_is_tried_again_until_it_works(
    booking: Booking, zoom: FakeZoom, after: After, failing: str
) -> None:
    if failing != "POST":
        sync_booking(booking.id)
        move(booking, hours=1)
    if failing == "DELETE":
        cancel(booking)
    before = len(zoom.calls)
    zoom.fails(failing, *["api_429_qps"] * 3)
    moment = NOW
    for attempts in (1, 2, 3):
        with after(seconds=(moment - NOW).total_seconds()):
            sync_booking(booking.id)
        assert row(booking).attempts == attempts
        assert row(booking).trouble is Trouble.UNAVAILABLE
        assert booking.due_at is not None
        assert moment < booking.due_at <= moment + waits.backoff(attempts) * 2
        moment = booking.due_at
    with after(seconds=(moment - NOW).total_seconds()):
        sync_booking(booking.id)
    assert [one for one in zoom.calls[before:] if one != "GET"] == [failing] * 4
    assert (row(booking).trouble, row(booking).attempts) == (None, 0)
    assert EventKind.MEETING_FAILED in events(booking)
    assert events(booking).count(EventKind.MEETING_FAILED) == 1


@pytest.mark.parametrize("named", ["31536000", "2099-01-01T00:00:00Z"], ids=["a year", "a date"])
def test_a_wait_of_years_is_cut_to_a_day(booking: Booking, zoom: FakeZoom, named: str) -> None:
    zoom.fails("POST", Fault(says(429, {"code": 429}, **{"Retry-After": named})))
    sync_booking(booking.id)
    within = NOW + timedelta(hours=25)
    assert row(booking).next_attempt_at is not None
    assert row(booking).next_attempt_at <= within  # type: ignore[operator]
    assert booking.due_at is not None
    assert booking.due_at <= within


def test_a_spent_limit_stops_creates_and_updates_but_no_deletes(
    booking: Booking, zoom: FakeZoom, after: After
) -> None:
    zoom.fails("POST", "api_429_user_daily")
    sync_booking(booking.id)
    midnight = NOW.replace(day=2, hour=0)
    connection = connections.live(booking.host_id, "zoom")
    assert connection is not None
    assert connection.blocked_until == midnight
    assert row(booking).trouble is Trouble.DAILY_LIMIT
    assert booking.due_at is not None
    assert booking.due_at <= NOW + waits.LAST_RETRY, "looked at in between, without a call"
    with after(hours=1):
        sync_booking(booking.id)
    assert zoom.calls == ["POST"]
    other = video_booking(schedule=booking.schedule, starts_at=NOW + timedelta(days=2))
    sync_booking(other.id)
    assert zoom.calls == ["POST"]
    assert (row(other).trouble, other.due_at is not None) == (Trouble.DAILY_LIMIT, True)
    zoom.holds("1", agenda=f"BookMe reference {other.reference}")
    other.meeting.external_id = "1"  # type: ignore[union-attr]
    cancel(other)
    sync_booking(other.id)
    assert (zoom.calls, zoom.meetings) == (["POST", "GET", "DELETE"], {})
    with after(hours=17):
        sync_booking(booking.id)
    assert state(booking) == (MeetingState.READY, None)


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        (code(3161), Trouble.NOT_ALLOWED),
        (code(200), Trouble.NOT_ALLOWED),
        (code(300), Trouble.REJECTED),
    ],
    ids=["may not host", "no permission", "our mistake"],
)
def test_a_refusal_is_final_until_the_booking_changes(
    booking: Booking, zoom: FakeZoom, fault: Fault, trouble: Trouble
) -> None:
    zoom.fails("POST", fault)
    sync_booking(booking.id)
    assert (state(booking), booking.due_at) == ((MeetingState.FAILED, trouble), None)
    assert row(booking).attempted_at is None
    booking.due_at = NOW
    db.session.commit()
    sync_booking(booking.id)
    assert zoom.calls == ["POST"]
    move(booking, hours=1)
    sync_booking(booking.id)
    assert zoom.calls == ["POST", "POST"]
    assert state(booking) == (MeetingState.READY, None)


def test_connected_again_what_was_refused_is_made(booking: Booking, zoom: FakeZoom) -> None:
    zoom.fails("POST", code(3161))
    sync_booking(booking.id)
    lose_grant(booking).status = ConnectionStatus.INACTIVE
    reconnect(booking)
    assert booking.due_at == NOW
    sync_booking(booking.id)
    assert zoom.calls == ["POST", "POST"]
    assert state(booking) == (MeetingState.READY, None)


def test_a_meeting_that_has_begun_stays_as_it_is(booking: Booking, zoom: FakeZoom) -> None:
    sync_booking(booking.id)
    move(booking, hours=1)
    zoom.fails("PATCH", "api_update_started")
    sync_booking(booking.id)
    assert state(booking) == (MeetingState.FAILED, Trouble.STARTED)
    assert row(booking).join_url is not None
    assert booking.due_at is None


def test_a_refused_client_ends_no_grant_and_is_tried_again(
    booking: Booking, zoom: FakeZoom
) -> None:
    zoom.fails("POST", code(4717))
    sync_booking(booking.id)
    connection = connections.live(booking.host_id, "zoom")
    assert connection is not None
    assert connection.is_active
    assert state(booking) == (MeetingState.WAITING, Trouble.CLIENT_REFUSED)
    assert booking.due_at is not None


def test_an_expired_token_is_renewed_and_the_call_made_once_more(
    booking: Booking, zoom: FakeZoom
) -> None:
    zoom.fails("POST", "api_token_expired")
    zoom.grants.append(Grant(JILL, 0, "access", "refresh"))
    sync_booking(booking.id)
    assert zoom.calls == ["POST", "refresh", "POST"]
    assert len(zoom.meetings) == 1


def test_no_token_to_be_had_means_that_nothing_was_sent(booking: Booking, zoom: FakeZoom) -> None:
    connection = connections.live(booking.host_id, "zoom")
    assert connection is not None
    connection.expires_at = NOW
    db.session.commit()
    zoom.fails("refresh", says(503))
    sync_booking(booking.id)
    assert zoom.calls == ["refresh"]
    assert (row(booking).attempted_at, row(booking).trouble) == (None, Trouble.UNAVAILABLE)
