"""What is owed after a host has removed BookMe at Zoom's side."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sa
import time_machine
from flask import Flask

from bookme import waits
from bookme.clock import utcnow
from bookme.connections import seals, tokens
from bookme.crypto import KeyRing
from bookme.errors import ConnectionRevoked
from bookme.extensions import db
from bookme.jobs import deauthorization
from bookme.jobs.deauthorization import GIVEN_UP, settle_deauthorization
from bookme.models import (
    Alarm,
    Booking,
    Connection,
    ConnectionStatus,
    Deauthorization,
    Email,
    MeetingState,
    Problem,
    User,
)
from bookme.webhooks import events, inbox
from tests import factories
from tests.conftest import NOW
from tests.connections.making import connection, expired, rows
from tests.connections.zoom import JACK, JILL, FakeZoom, at_the_wire, says, user_id
from tests.webhooks.sending import removal


@pytest.fixture
def zoom(app: Flask) -> Iterator[FakeZoom]:
    with at_the_wire() as fake:
        yield fake


@pytest.fixture
def host(app: Flask) -> User:
    made: User = factories.host()
    return made


def received(person: str = JILL, **changed: Any) -> int:
    """Zoom has told us of a removal; its id."""
    event = removal(person, **changed)
    told = events.removal(event, "zoom-client", now=utcnow())
    assert told is not None
    made = inbox.receive(told, now=utcnow())
    db.session.commit()
    assert made is not None
    return made


def row() -> Deauthorization:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(sa.select(Deauthorization)).one()


def letters() -> list[tuple[str, int | None]]:
    found = db.session.execute(sa.select(Email.kind, Email.user_id).order_by(Email.id))
    return [(kind, user) for kind, user in found]


def test_it_revokes_deletes_tells_and_confirms_in_this_order(host: User, zoom: FakeZoom) -> None:
    made = connection(host, zoom)
    made_id, state_at = made.id, {}
    zoom.removes_app(JILL)

    def look(call: str) -> None:
        with engine.connect() as other:
            found = other.execute(sa.select(Connection.access_token_sealed, Connection.status))
            state_at[call] = [(token is not None, str(status)) for token, status in found]
            state_at[call] += [other.scalar(sa.select(sa.func.count(Email.id)))]

    engine, zoom.meanwhile = db.engine, look
    settle_deauthorization(received())
    assert zoom.calls == ["revoke", "confirm"]
    assert state_at == {"revoke": [(True, "inactive"), 0], "confirm": [(False, "inactive"), 1]}
    assert db.session.get_one(Connection, made_id).problem is Problem.REMOVED
    for column, value in seals.NOTHING.items():
        assert getattr(rows(host)[0], column) == value, column
    assert letters() == [("connection_removed", host.id)]


def test_the_confirmation_quotes_the_event(host: User, zoom: FakeZoom) -> None:
    connection(host, zoom)
    settle_deauthorization(received())
    (sent,) = zoom.confirmations
    event = removal(JILL)["payload"]
    assert sent == {
        "client_id": "zoom-client",
        "user_id": user_id(JILL),
        "account_id": f"account-of-{JILL}",
        "deauthorization_event_received": event,
        "compliance_completed": True,
    }


def test_once_told_nothing_of_the_user_is_kept_but_a_hash_for_a_day(
    host: User, zoom: FakeZoom, tmp_path: Path
) -> None:
    connection(host, zoom)
    removal_id = received()
    payload = row().payload_sealed
    assert payload is not None
    settle_deauthorization(removal_id)
    kept = row()
    assert (kept.payload_sealed, kept.finished_at) == (None, NOW)
    db.session.commit()
    if db.engine.dialect.name == "sqlite":
        assert not any(payload in path.read_bytes() for path in tmp_path.glob("bookme.sqlite*"))
    assert deauthorization.due(NOW + timedelta(hours=23), 10) == []
    assert row().finished_at == NOW
    deauthorization.due(NOW + waits.DEAUTHORIZATION_MEMORY, 10)
    assert db.session.scalar(sa.select(sa.func.count(Deauthorization.id))) == 0


def test_a_user_that_nobody_knows_still_gets_the_confirmation(zoom: FakeZoom) -> None:
    settle_deauthorization(received(JACK))
    assert zoom.calls == ["confirm"]
    assert row().finished_at == NOW
    assert letters() == []


def test_two_hosts_with_the_same_zoom_user_are_both_dealt_with(host: User, zoom: FakeZoom) -> None:
    other = factories.host(another=True)
    replaced = {"status": ConnectionStatus.NEEDS_RECONNECT, "problem": Problem.REPLACED}
    connection(other, zoom, connected_at=NOW - timedelta(days=3), **replaced, **seals.NO_PAIR)
    connection(host, zoom)
    bystander = connection(factories.host(another=True), zoom, JACK)
    zoom.removes_app(JILL)
    settle_deauthorization(received())
    for row_ in (*rows(host), *rows(other)):
        assert (row_.status, row_.user_digest, row_.label_sealed) == ("inactive", None, None)
    assert sorted(letters()) == sorted(
        [("connection_removed", host.id), ("connection_removed", other.id)]
    )
    assert bystander.is_active
    assert zoom.calls == ["revoke", "confirm"]


@pytest.mark.parametrize("fault", [says(500, {}), requests.ReadTimeout("slow"), (400, {}, "no")])
def test_revoking_is_only_tried(host: User, zoom: FakeZoom, fault: Any) -> None:
    connection(host, zoom)
    zoom.fails("revoke", fault)
    settle_deauthorization(received())
    assert rows(host)[0].access_token_sealed is None
    assert row().finished_at == NOW


def test_a_late_event_of_the_first_grant_leaves_the_new_connection_alone(
    host: User, zoom: FakeZoom
) -> None:
    # Disconnected and connected again; only then comes the event of the disconnect.
    made = connection(host, zoom, connected_at=NOW)
    settle_deauthorization(received())
    db.session.refresh(made)
    assert made.is_active
    assert tokens.access_token(made.id, now=NOW) == zoom.grants[0].access
    assert zoom.calls == ["me", "confirm"]
    assert letters() == []


def test_zoom_is_asked_with_a_fresh_token_if_the_old_one_has_run_out(
    host: User, zoom: FakeZoom
) -> None:
    expired(connection(host, zoom, connected_at=NOW), zoom)
    settle_deauthorization(received())
    assert zoom.calls == ["refresh", "me", "confirm"]
    assert rows(host)[0].is_active


@pytest.mark.parametrize("run_out", [True, False])
def test_a_young_connection_whose_grant_is_dead_is_ended_as_the_others(
    host: User, zoom: FakeZoom, run_out: bool
) -> None:
    made = connection(host, zoom, connected_at=NOW - timedelta(minutes=3))
    if run_out:
        expired(made, zoom)
    zoom.removes_app(JILL)
    settle_deauthorization(received())
    (ended,) = rows(host)
    assert (ended.status, ended.problem) == ("inactive", Problem.REMOVED)
    assert (ended.user_digest, ended.access_token_sealed) == (None, None)
    assert letters() == [("connection_removed", host.id)]
    assert zoom.calls == [*([] if run_out else ["me"]), "refresh", "revoke", "confirm"]


@pytest.mark.parametrize("fault", [says(500, {}), "api_429_qps", requests.ReadTimeout("slow")])
def test_while_zoom_does_not_say_whether_it_lives_nothing_is_ended_or_confirmed(
    host: User, zoom: FakeZoom, fault: Any
) -> None:
    connection(host, zoom, connected_at=NOW)
    zoom.fails("me", fault)
    removal_id = received()
    settle_deauthorization(removal_id)
    waiting = row()
    assert rows(host)[0].is_active
    assert zoom.calls == ["me"]
    assert (waiting.settled_at, waiting.attempts, waiting.lease_until) == (None, 1, None)
    assert waiting.next_attempt_at is not None
    with time_machine.travel(waiting.next_attempt_at, tick=False):
        settle_deauthorization(removal_id)
    assert zoom.calls == ["me", "me", "confirm"]


def test_a_refresh_that_ends_after_the_removal_resurrects_nothing(
    app: Flask, host: User, zoom: FakeZoom
) -> None:
    made = expired(connection(host, zoom), zoom)
    made_id = made.id

    def removed_meanwhile() -> None:
        with app.app_context():
            settle_deauthorization(received())

    zoom.run_during("refresh", removed_meanwhile)
    with pytest.raises(ConnectionRevoked):
        tokens.access_token(made_id, now=NOW)
    (ended,) = rows(host)
    assert (ended.status, ended.access_token_sealed) == ("inactive", None)
    assert zoom.living(JILL) == []


def test_bookings_and_their_meetings_stay(host: User, zoom: FakeZoom) -> None:
    connection(host, zoom)
    booking = factories.booking(schedule=factories.schedule(host=host), video_provider="zoom")
    booking.meeting.state, booking.meeting.external_id = MeetingState.READY, "85746065"
    db.session.commit()
    settle_deauthorization(received())
    kept = db.session.get_one(Booking, booking.id)
    assert kept.meeting is not None
    assert (kept.status, kept.meeting.external_id) == ("confirmed", "85746065")


@pytest.mark.parametrize(
    "fault", [says(500, {}), says(429, {}), says(400, {}), says(403, {}), requests.ReadTimeout("x")]
)
def test_the_confirmation_is_tried_again_and_the_rest_not_repeated(
    host: User, zoom: FakeZoom, fault: Any
) -> None:
    connection(host, zoom)
    zoom.fails("confirm", fault)
    removal_id = received()
    settle_deauthorization(removal_id)
    waiting = row()
    assert (waiting.settled_at, waiting.finished_at, waiting.attempts) == (NOW, None, 1)
    assert waiting.payload_sealed is not None
    assert waiting.next_attempt_at is not None
    db.session.commit()
    settle_deauthorization(removal_id)  # too early
    assert zoom.calls == ["revoke", "confirm"]
    later = waiting.next_attempt_at
    assert deauthorization.due(later, 10) == [removal_id]
    with time_machine.travel(later, tick=False):
        settle_deauthorization(removal_id)
    assert zoom.calls == ["revoke", "confirm", "confirm"]
    assert row().finished_at == later
    assert len(letters()) == 1


def test_our_credentials_refused_alarm_the_operator(zoom: FakeZoom) -> None:
    zoom.fails("confirm", says(401, {}))
    settle_deauthorization(received())
    assert db.session.get(Alarm, "zoom_client_refused") is not None
    assert row().finished_at is None


@pytest.mark.parametrize("status", [404, 410])
def test_an_endpoint_that_zoom_has_withdrawn_is_noted_and_that_is_all(
    zoom: FakeZoom, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    zoom.fails("confirm", (status, {}, ""))
    settle_deauthorization(received())
    assert (row().finished_at, row().payload_sealed) == (NOW, None)
    assert "takes no confirmations" in caplog.text


def test_after_ten_days_it_is_given_up_loudly_and_emptied(zoom: FakeZoom) -> None:
    removal_id = received()
    for days in (1, 9, 10):
        zoom.fails("confirm", says(500, {}))
        with time_machine.travel(NOW + timedelta(days=days), tick=False):
            settle_deauthorization(removal_id)
    given_up = row()
    assert (given_up.attempts, given_up.payload_sealed) == (2, None)
    assert given_up.finished_at == NOW + waits.COMPLIANCE_PATIENCE
    assert db.session.get(Alarm, GIVEN_UP) is not None


def test_however_long_zoom_says_to_wait_it_is_tried_within_half_a_day(zoom: FakeZoom) -> None:
    zoom.fails("me")
    zoom.fails("confirm", says(429, {}, **{"Retry-After": "2099-01-01T00:00:00Z"}))
    settle_deauthorization(received())
    next_at = row().next_attempt_at
    assert next_at is not None
    assert next_at <= NOW + timedelta(hours=12)


def test_one_that_another_worker_has_is_left_to_it_until_its_lease_ends(zoom: FakeZoom) -> None:
    removal_id = received()
    assert inbox.take(removal_id, now=NOW) is not None  # and is killed
    settle_deauthorization(removal_id)
    assert deauthorization.due(NOW, 10) == []
    assert zoom.calls == []
    later = NOW + waits.BOOKING_LEASE
    assert deauthorization.due(later, 10) == [removal_id]
    with time_machine.travel(later, tick=False):
        settle_deauthorization(removal_id)
    assert zoom.calls == ["confirm"]


def test_a_finished_one_is_not_done_again(zoom: FakeZoom) -> None:
    removal_id = received()
    settle_deauthorization(removal_id)
    settle_deauthorization(removal_id)
    settle_deauthorization(removal_id + 1)
    assert zoom.calls == ["confirm"]


def test_due_ones_are_bounded_and_not_queued_again_at_once(zoom: FakeZoom) -> None:
    ids = [received(f"{number}@zoom.example") for number in range(3)]
    assert deauthorization.due(NOW, 2) == ids[:2]
    assert deauthorization.due(NOW, 10) == ids[2:]
    assert deauthorization.due(NOW, 10) == []
    assert deauthorization.due(NOW + waits.QUEUED_FOR, 10) == ids


def test_a_missing_key_is_the_operators_matter_and_it_goes_on_later(
    app: Flask, zoom: FakeZoom
) -> None:
    removal_id, ring = received(), app.extensions["keys"]
    app.extensions["keys"] = KeyRing([b"x" * 32])
    settle_deauthorization(removal_id)
    assert db.session.get(Alarm, "token_keys") is not None
    app.extensions["keys"] = ring
    later = row().next_attempt_at
    assert later is not None
    with time_machine.travel(later, tick=False):
        settle_deauthorization(removal_id)
    assert zoom.calls == ["confirm"]
