"""What is owed after a host has removed BookMe at Zoom's side."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sa
import time_machine
from flask import Flask

from bookme import waits
from bookme.connections.grants import seals, tokens
from bookme.errors import ConnectionRevoked
from bookme.extensions import db
from bookme.jobs import removals
from bookme.jobs.deauthorization import settle_deauthorization
from bookme.models import (
    Booking,
    Connection,
    ConnectionStatus,
    Deauthorization,
    Email,
    MeetingState,
    Problem,
    User,
)
from tests import factories
from tests.answers import says
from tests.conftest import NOW
from tests.connections.making import connection, expired, letters, rows
from tests.fake_zoom import JACK, JILL, FakeZoom, user_id
from tests.webhooks.sending import kept, received, removal


@pytest.fixture
def host(app: Flask) -> User:
    made: User = factories.host()
    return made


def row() -> Deauthorization:
    (only,) = kept()
    return only


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
    settle_deauthorization(received(JILL))
    assert zoom.calls == ["revoke", "confirm"]
    assert state_at == {"revoke": [(True, "inactive"), 0], "confirm": [(False, "inactive"), 1]}
    assert db.session.get_one(Connection, made_id).problem is Problem.REMOVED
    for column, value in seals.NOTHING.items():
        assert getattr(rows(host)[0], column) == value, column
    assert letters() == [("connection_removed", host.id)]


def test_the_confirmation_quotes_the_event(host: User, zoom: FakeZoom) -> None:
    connection(host, zoom)
    settle_deauthorization(received(JILL))
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
    removal_id = received(JILL)
    payload = row().payload_sealed
    assert payload is not None
    settle_deauthorization(removal_id)
    left = row()
    assert (left.payload_sealed, left.finished_at) == (None, NOW)
    db.session.commit()
    if db.engine.dialect.name == "sqlite":
        assert not any(payload in path.read_bytes() for path in tmp_path.glob("bookme.sqlite*"))
    assert removals.due(NOW + timedelta(hours=23), 10) == []
    assert row().finished_at == NOW
    removals.due(NOW + waits.DEAUTHORIZATION_MEMORY, 10)
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
    settle_deauthorization(received(JILL))
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
    settle_deauthorization(received(JILL))
    assert rows(host)[0].access_token_sealed is None
    assert row().finished_at == NOW


def test_a_late_event_of_the_first_grant_leaves_the_new_connection_alone(
    host: User, zoom: FakeZoom
) -> None:
    # Disconnected and connected again; only then comes the event of the disconnect.
    made = connection(host, zoom, connected_at=NOW)
    settle_deauthorization(received(JILL))
    db.session.refresh(made)
    assert made.is_active
    assert tokens.access_token(made.id, now=NOW) == zoom.grants[0].access
    assert zoom.calls == ["me", "confirm"]
    assert letters() == []


def test_zoom_is_asked_with_a_fresh_token_if_the_old_one_has_run_out(
    host: User, zoom: FakeZoom
) -> None:
    expired(connection(host, zoom, connected_at=NOW), zoom)
    settle_deauthorization(received(JILL))
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
    settle_deauthorization(received(JILL))
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
    removal_id = received(JILL)
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
            settle_deauthorization(received(JILL))

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
    settle_deauthorization(received(JILL))
    stays = db.session.get_one(Booking, booking.id)
    assert stays.meeting is not None
    assert (stays.status, stays.meeting.external_id) == ("confirmed", "85746065")
